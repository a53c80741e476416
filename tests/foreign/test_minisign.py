"""Debian's ``minisign`` verifies what ``keys issue`` signed, and signs what ``tipline manifest`` takes."""

from pathlib import Path

from tests.foreign.conftest import Founded
from tests.foreign.programs import minisign, tipline


def copied(founded: Founded, folder: Path) -> Path:
    """The manifest and its signature, in a folder of their own."""
    for name in ("manifest.json", "manifest.json.minisig"):
        (folder / name).write_bytes(founded.manifest.with_name(name).read_bytes())
    (folder / "root.pub").write_bytes((founded.root / "root.pub").read_bytes())
    return folder / "manifest.json"


def test_it_verifies_a_manifest(founded: Founded, tmp_path: Path) -> None:
    copied(founded, tmp_path)
    verified = minisign("-V", "-p", "root.pub", "-m", "manifest.json", folder=tmp_path)
    assert verified.code == 0, verified.err
    assert b"Signature and comment signature verified" in verified.out
    assert b"Trusted comment: " in verified.out


def test_it_and_we_refuse_a_manifest_with_a_changed_byte(founded: Founded, tmp_path: Path) -> None:
    manifest = copied(founded, tmp_path)
    manifest.write_bytes(manifest.read_bytes().replace(b"Example", b"Exemple"))
    assert minisign("-V", "-p", "root.pub", "-m", "manifest.json", folder=tmp_path).code != 0
    tipline("init", tmp_path / "site", "--root-key", tmp_path / "root.pub").whole()
    refused = tipline("manifest", tmp_path / "site", manifest)
    assert refused.code == 1
    assert "not signed by the root key" in refused.err


def test_a_server_takes_a_manifest_that_it_signed(founded: Founded, tmp_path: Path) -> None:
    """The root medium holds a minisign key: the signature can be made without any program of ours."""
    manifest = copied(founded, tmp_path)
    ours = (tmp_path / "manifest.json.minisig").read_bytes()
    (tmp_path / "manifest.json.minisig").unlink()
    signed = minisign(
        *("-S", "-s", founded.root / "root.key", "-m", "manifest.json", "-t", "by hand"), folder=tmp_path
    )
    assert signed.code == 0, signed.err
    assert (tmp_path / "manifest.json.minisig").read_bytes() != ours
    tipline("manifest", founded.site, manifest).whole()


def test_a_server_refuses_a_manifest_that_another_key_signed(founded: Founded, tmp_path: Path) -> None:
    manifest = copied(founded, tmp_path)
    assert minisign("-G", "-W", "-p", "other.pub", "-s", "other.key", folder=tmp_path).code == 0
    assert minisign("-S", "-s", "other.key", "-m", "manifest.json", folder=tmp_path).code == 0
    tipline("init", tmp_path / "site", "--root-key", tmp_path / "root.pub").whole()
    refused = tipline("manifest", tmp_path / "site", manifest)
    assert refused.code == 1
    assert "not signed by the root key" in refused.err
