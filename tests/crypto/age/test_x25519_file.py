"""Files for one classical key: Debian's age opens what we seal, and we open what it seals."""

import io
import subprocess
from pathlib import Path

import pytest

from crypto.age.x25519_file import ClassicalPublicKey, ClassicalSecretKey, open_classical, seal_classical
from crypto.errors import CryptoError, Malformed, NoKeyOpens, TooLong
from crypto.primitives import bech32

CONTENT = "Él dijo: «no». ".encode() * 6000
LIMIT = 1 << 20


def age(*arguments: str | Path, given: bytes = b"") -> bytes:
    return subprocess.run(["age", *map(str, arguments)], input=given, capture_output=True, check=True).stdout


@pytest.fixture
def identity(tmp_path: Path) -> Path:
    path = tmp_path / "identity.txt"
    subprocess.run(["age-keygen", "-o", path], check=True, capture_output=True)
    return path


def secret_in(identity: Path) -> ClassicalSecretKey:
    return ClassicalSecretKey.parse(identity.read_text(encoding="ascii").splitlines()[-1])


def test_the_age_program_opens_what_we_seal_and_we_open_what_it_seals(identity: Path) -> None:
    key = secret_in(identity)
    recipient = str(key.public_key())
    assert recipient in identity.read_text(encoding="ascii")
    assert (
        age("-d", "-i", identity, given=seal_classical(CONTENT, to=ClassicalPublicKey.parse(recipient))) == CONTENT
    )
    sealed = age("-r", recipient, given=CONTENT)
    assert open_classical(io.BytesIO(sealed), key=key, limit_bytes=LIMIT) == CONTENT


def test_any_changed_byte_and_any_cut_is_refused() -> None:
    key = ClassicalSecretKey.generate()
    sealed = seal_classical(b"short", to=key.public_key())
    for at in range(len(sealed)):
        changed = bytearray(sealed)
        changed[at] ^= 1
        with pytest.raises(CryptoError):
            open_classical(io.BytesIO(bytes(changed)), key=key, limit_bytes=LIMIT)
        with pytest.raises(CryptoError):
            open_classical(io.BytesIO(sealed[:at]), key=key, limit_bytes=LIMIT)


def test_another_key_and_a_long_content_are_refused_by_their_kind() -> None:
    key = ClassicalSecretKey.generate()
    sealed = seal_classical(CONTENT, to=key.public_key())
    with pytest.raises(NoKeyOpens):
        open_classical(io.BytesIO(sealed), key=ClassicalSecretKey.generate(), limit_bytes=LIMIT)
    with pytest.raises(TooLong):
        open_classical(io.BytesIO(sealed), key=key, limit_bytes=1000)


@pytest.mark.parametrize("point", [bytes(32), b"\x01" + bytes(31), bytes(31)])
def test_a_point_with_which_every_secret_is_the_same_is_no_key(point: bytes) -> None:
    with pytest.raises(Malformed):
        ClassicalPublicKey.parse(bech32.encode("age", point))


def test_a_secret_key_prints_nothing_of_itself() -> None:
    key = ClassicalSecretKey.generate()
    assert key.reveal() not in f"{key!r}{key}"
