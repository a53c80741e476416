"""init and manifest, as an operator calls them."""

import stat
from pathlib import Path

import pytest

from crypto.keys.minisign import public_key_file
from crypto.keys.party import Party
from system.clock import SYSTEM_CLOCK
from tests.organisation import Organisation
from tipline.cli import main


@pytest.fixture
def organisation() -> Organisation:
    return Organisation()


@pytest.fixture
def root_key(tmp_path: Path, organisation: Organisation) -> str:
    path = tmp_path / "root.pub"
    path.write_bytes(public_key_file(organisation.root.verify_key()))
    return str(path)


@pytest.fixture
def passphrase_file(tmp_path: Path) -> str:
    path = tmp_path / "passphrase"
    path.write_text("a passphrase for tests\n")
    return str(path)


def issue(tmp_path: Path, organisation: Organisation, *servers: Party) -> str:
    issued = organisation.issue(*servers, today=SYSTEM_CLOCK.today())
    path = tmp_path / f"manifest-{issued.version}.json"
    path.write_bytes(issued.raw)
    path.with_name(f"{path.name}.minisig").write_bytes(issued.signature)
    return str(path)


def test_init_then_manifest_opens_intake(
    tmp_path: Path,
    organisation: Organisation,
    root_key: str,
    passphrase_file: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    site = tmp_path / "site"
    secret = ["--passphrase-file", passphrase_file]
    assert main(["init", str(site), "--root-key", root_key, "--name", "server-1", *secret]) == 0
    server = Party.parse((site / "server.pub").read_bytes())
    assert server.name == "server-1"
    assert main(["manifest", str(site), issue(tmp_path, organisation, server), *secret]) == 0
    assert "intake is open" in capsys.readouterr().out


def test_init_refuses_a_folder_that_is_not_empty_and_leaves_it_alone(
    tmp_path: Path, root_key: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "precious").write_text("kept")
    assert main(["init", str(tmp_path / "site"), "--root-key", root_key]) == 1
    assert "not empty" in capsys.readouterr().err
    assert [path.name for path in (tmp_path / "site").iterdir()] == ["precious"]


def test_init_that_fails_leaves_nothing(tmp_path: Path, root_key: str) -> None:
    before = sorted(tmp_path.iterdir())
    assert main(["init", str(tmp_path / "site"), "--root-key", root_key, "--passphrase-file", "/nonexistent"]) == 1
    assert sorted(tmp_path.iterdir()) == before


def test_an_unprotected_database_key_is_said_loudly(
    tmp_path: Path, root_key: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["init", str(tmp_path / "site"), "--root-key", root_key]) == 0
    assert "UNPROTECTED" in capsys.readouterr().err


def test_nobody_else_can_read_the_folder(tmp_path: Path, root_key: str) -> None:
    assert main(["init", str(tmp_path / "site"), "--root-key", root_key]) == 0
    assert stat.S_IMODE((tmp_path / "site").stat().st_mode) == 0o700
    for path in (tmp_path / "site").rglob("*"):
        expected = 0o644 if path.name == "server.pub" else 0o700 if path.is_dir() else 0o600
        assert stat.S_IMODE(path.stat().st_mode) == expected, path.name


def test_a_wrong_passphrase_is_a_clear_error(
    tmp_path: Path,
    organisation: Organisation,
    root_key: str,
    passphrase_file: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    site = tmp_path / "site"
    assert main(["init", str(site), "--root-key", root_key, "--passphrase-file", passphrase_file]) == 0
    (tmp_path / "other").write_text("another passphrase\n")
    manifest = issue(tmp_path, organisation, Party.parse((site / "server.pub").read_bytes()))
    assert main(["manifest", str(site), manifest, "--passphrase-file", str(tmp_path / "other")]) == 1
    assert "passphrase does not open the database key" in capsys.readouterr().err


def test_a_foreign_database_key_is_a_clear_error(
    tmp_path: Path, organisation: Organisation, root_key: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("one", "two"):
        assert main(["init", str(tmp_path / name), "--root-key", root_key]) == 0
    (tmp_path / "one" / "database.key").write_bytes((tmp_path / "two" / "database.key").read_bytes())
    manifest = issue(tmp_path, organisation, Party.parse((tmp_path / "one" / "server.pub").read_bytes()))
    assert main(["manifest", str(tmp_path / "one"), manifest]) == 1
    assert "database key does not open" in capsys.readouterr().err


def test_wrong_usage_is_told_apart_from_refusal(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init"]) == 2
    assert capsys.readouterr().err.startswith("tipline: error: ")
    assert main(["no-such-command"]) == 2


def test_every_help_ends_with_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("init", "manifest", "status", "export", "import"):
        assert main([name, "--help"]) == 0
        assert f"Example: tipline {name} " in capsys.readouterr().out.splitlines()[-1]
