"""Root key and signature files: ``docs/formats/manifest.md``. ``minisign`` itself is the second reader."""

import base64
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto.errors import BadSignature, CryptoError, Malformed
from crypto.keys import minisign
from crypto.keys.keys import RootSigningKey, RootVerifyKey
from tests.crypto.vector_outcome import outcome_of
from tests.vectors.book import VectorBook, bytes_of

VECTORS = list(VectorBook("minisign"))
KEY_VECTORS = list(VectorBook("minisign_key"))
ROOT = RootSigningKey(bytes([7]) * 32)
MESSAGE = b"a message"


def run_minisign(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["minisign", *arguments], cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "root.pub").write_bytes(minisign.public_key_file(ROOT.verify_key()))
    (tmp_path / "root.key").write_bytes(minisign.secret_key_file(ROOT))
    (tmp_path / "message").write_bytes(MESSAGE)
    return tmp_path


def test_there_are_vectors_and_each_has_a_name_of_its_own() -> None:
    assert len(VECTORS) >= 25
    assert len({vector["name"] for vector in VECTORS}) == len(VECTORS)
    assert len(KEY_VECTORS) >= 45


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_a_vector_has_the_outcome_that_it_names(vector: dict[str, Any]) -> None:
    def verify() -> None:
        minisign.verify(
            bytes_of(vector["message"]),
            untrusted_signature=bytes_of(vector["signature"]),
            key=RootVerifyKey.parse(vector["root"]),
        )

    assert outcome_of(verify) == vector["outcome"]


@pytest.mark.parametrize("vector", KEY_VECTORS, ids=lambda vector: vector["name"])
def test_a_vector_of_a_key_file_has_the_outcome_that_it_names(vector: dict[str, Any]) -> None:
    def read() -> None:
        raw = bytes_of(vector["file"])
        if vector["kind"] == "public":
            assert str(minisign.parse_public_key_file(raw)) == vector["public_key"]
        else:
            key = minisign.parse_secret_key_file(raw)
            assert (key.seed().hex(), str(key.verify_key())) == (vector["seed"], vector["public_key"])

    assert outcome_of(read) == vector["outcome"]


def test_the_vectors_of_key_files_are_what_we_write() -> None:
    sound = {vector["name"]: bytes_of(vector["file"]) for vector in KEY_VECTORS}
    key = minisign.parse_secret_key_file(sound["secret_sound"])
    assert minisign.secret_key_file(key) == sound["secret_sound"]
    assert minisign.public_key_file(key.verify_key()) == sound["public_sound"]


def test_minisign_accepts_what_we_sign(folder: Path) -> None:
    signature = minisign.sign(MESSAGE, key=ROOT, trusted_comment="tipline manifest 1 of 2026-11-25")
    (folder / "message.minisig").write_bytes(signature)
    verified = run_minisign("-V", "-p", "root.pub", "-m", "message", folder=folder)
    assert verified.returncode == 0, verified.stderr
    assert "Trusted comment: tipline manifest 1 of 2026-11-25" in verified.stdout


def test_minisign_refuses_what_we_signed_once_it_is_changed(folder: Path) -> None:
    (folder / "message.minisig").write_bytes(minisign.sign(b"another", key=ROOT, trusted_comment="x"))
    assert run_minisign("-V", "-p", "root.pub", "-m", "message", folder=folder).returncode != 0


def test_we_accept_what_minisign_signs_with_our_key_file(folder: Path) -> None:
    signed = run_minisign("-S", "-s", "root.key", "-m", "message", "-t", "by hand", folder=folder)
    assert signed.returncode == 0, signed.stderr
    signature = (folder / "message.minisig").read_bytes()
    assert minisign.verify(MESSAGE, untrusted_signature=signature, key=ROOT.verify_key()) == "by hand"


def test_we_take_keys_that_minisign_made_without_a_password(folder: Path) -> None:
    made = run_minisign("-G", "-W", "-p", "own.pub", "-s", "own.key", folder=folder)
    assert made.returncode == 0, made.stderr
    public = minisign.parse_public_key_file((folder / "own.pub").read_bytes())
    secret = minisign.parse_secret_key_file((folder / "own.key").read_bytes())
    assert secret.verify_key() == public
    assert run_minisign("-S", "-s", "own.key", "-m", "message", folder=folder).returncode == 0
    minisign.verify(MESSAGE, untrusted_signature=(folder / "message.minisig").read_bytes(), key=public)


def test_we_refuse_a_signature_of_the_old_kind(folder: Path) -> None:
    assert run_minisign("-S", "-l", "-s", "root.key", "-m", "message", folder=folder).returncode == 0
    with pytest.raises(Malformed):
        minisign.verify(
            MESSAGE, untrusted_signature=(folder / "message.minisig").read_bytes(), key=ROOT.verify_key()
        )


def test_key_files_are_read_back() -> None:
    assert minisign.parse_public_key_file(minisign.public_key_file(ROOT.verify_key())) == ROOT.verify_key()
    assert minisign.parse_secret_key_file(minisign.secret_key_file(ROOT)).seed() == ROOT.seed()


def _encrypted(raw: bytes) -> bytes:
    return raw[:2] + b"Sc" + raw[4:]


def _other_kind(raw: bytes) -> bytes:
    return b"XX" + raw[2:]


def _other_half(raw: bytes) -> bytes:
    at = len(raw) - 32 - 32
    return raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]


def _short(raw: bytes) -> bytes:
    return raw[:-1]


@pytest.mark.parametrize("change", [_encrypted, _other_kind, _other_half, _short])
def test_a_secret_key_file_that_is_not_ours_to_use_is_malformed(change: Callable[[bytes], bytes]) -> None:
    comment, encoded, _end = minisign.secret_key_file(ROOT).split(b"\n")
    changed = base64.b64encode(change(base64.b64decode(encoded)))
    with pytest.raises(Malformed):
        minisign.parse_secret_key_file(comment + b"\n" + changed + b"\n")


@pytest.mark.parametrize("change", [_other_kind, _short])
def test_a_public_key_file_of_another_kind_is_malformed(change: Callable[[bytes], bytes]) -> None:
    comment, encoded, _end = minisign.public_key_file(ROOT.verify_key()).split(b"\n")
    changed = base64.b64encode(change(base64.b64decode(encoded)))
    with pytest.raises(Malformed):
        minisign.parse_public_key_file(comment + b"\n" + changed + b"\n")


def test_a_secret_key_file_is_not_taken_for_a_public_one() -> None:
    with pytest.raises(Malformed):
        minisign.parse_public_key_file(minisign.secret_key_file(ROOT))


@given(st.integers(0, 10_000), st.integers(1, 255))
def test_a_changed_byte_in_a_signature_file_matters_in_the_untrusted_part_only(at: int, by: int) -> None:
    sound = minisign.sign(MESSAGE, key=ROOT, trusted_comment="tipline manifest 1")
    at %= len(sound)
    changed = sound[:at] + bytes([sound[at] ^ by]) + sound[at + 1 :]
    first_line, key_id_end = sound.index(b"\n"), sound.index(b"\n") + 1 + 14
    try:
        minisign.verify(MESSAGE, untrusted_signature=changed, key=ROOT.verify_key())
    except (Malformed, BadSignature):
        return
    assert len(b"untrusted comment: ") <= at < first_line or first_line < at <= key_id_end


@given(st.binary(max_size=400))
def test_arbitrary_bytes_raise_our_errors_and_nothing_else(raw: bytes) -> None:
    for read in (
        minisign.parse_public_key_file,
        minisign.parse_secret_key_file,
        lambda raw: minisign.verify(MESSAGE, untrusted_signature=raw, key=ROOT.verify_key()),
    ):
        with pytest.raises(CryptoError):
            read(raw)
