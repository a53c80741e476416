"""A 32-byte key under a person's passphrase: the server's database key, a reviewer's vault key.

See ``docs/formats/locked_key.md`` for the bytes. The passphrase here is one that staff chose, not a source's words.
"""

import struct
import unicodedata
from typing import Final

from crypto.errors import Malformed, NewerFormat, NoKeyOpens
from crypto.primitives import _argon2, _sodium

KEY_BYTES: Final = 32
LONGEST_PASSPHRASE: Final = 1024
_MAGIC: Final = b"tipline locked key\n"
_VERSION: Final = 1
_HEADER: Final = struct.Struct(">BIII")
_SALT_BYTES: Final = 16
_SEALED_BYTES: Final = _sodium.SECRETBOX_NONCE_BYTES + 16 + KEY_BYTES
_MEMORY_KIB: Final = 65536
_PASSES: Final = 4
_LANES: Final = 1
# What a reader accepts: no cheaper than what we ever wrote, no dearer than a small machine can pay.
_MEMORY_KIB_RANGE: Final = range(65536, (1 << 20) + 1)
_PASSES_RANGE: Final = range(3, 17)
_LANES_RANGE: Final = range(1, 5)


def lock_key(key: bytes, passphrase: str) -> bytes:
    """``key`` (32 bytes) sealed under ``passphrase``: 120 bytes; another salt each time.

    Raises:
        ValueError: the passphrase is empty or longer than 1,024 characters, or the key has another length.
    """
    if len(key) != KEY_BYTES:
        raise ValueError(f"key must have {KEY_BYTES} bytes")
    if not passphrase or len(passphrase) > LONGEST_PASSPHRASE:
        raise ValueError(f"passphrase must have 1 to {LONGEST_PASSPHRASE} characters")
    salt = _sodium.random_bytes(_SALT_BYTES)
    wrapping = _derive(passphrase, salt=salt, memory_kib=_MEMORY_KIB, passes=_PASSES, lanes=_LANES)
    header = _HEADER.pack(_VERSION, _MEMORY_KIB, _PASSES, _LANES)
    return _MAGIC + header + salt + _sodium.secretbox_seal(key, key=wrapping)


def unlock_key(untrusted_locked: bytes, passphrase: str) -> bytes:
    """Undo :func:`lock_key`.

    Raises:
        NoKeyOpens: another passphrase, or changed bytes.
        Malformed, NewerFormat: these bytes are no locked key, or one that this program does not know.
    """
    if not untrusted_locked.startswith(_MAGIC) or len(untrusted_locked) <= len(_MAGIC):
        raise Malformed("locked key must begin with its magic")
    if untrusted_locked[len(_MAGIC)] > _VERSION:
        raise NewerFormat(f"locked key is of a newer version than {_VERSION}")
    if untrusted_locked[len(_MAGIC)] < _VERSION:
        raise Malformed(f"version of a locked key must be {_VERSION}")
    if len(untrusted_locked) != len(_MAGIC) + _HEADER.size + _SALT_BYTES + _SEALED_BYTES:
        raise Malformed("locked key has the wrong length")
    _version, memory_kib, passes, lanes = _HEADER.unpack_from(untrusted_locked, len(_MAGIC))
    check_costs(memory_kib, passes, lanes)
    if not passphrase or len(passphrase) > LONGEST_PASSPHRASE:
        raise NoKeyOpens(f"passphrase must have 1 to {LONGEST_PASSPHRASE} characters")
    start = len(_MAGIC) + _HEADER.size
    salt, sealed = untrusted_locked[start : start + _SALT_BYTES], untrusted_locked[start + _SALT_BYTES :]
    wrapping = _derive(passphrase, salt=salt, memory_kib=memory_kib, passes=passes, lanes=lanes)
    try:
        return _sodium.secretbox_open(sealed, key=wrapping)
    except NoKeyOpens as error:
        raise NoKeyOpens("passphrase does not open the locked key") from error


WRITTEN_COSTS: Final = (_MEMORY_KIB, _PASSES, _LANES)


def stretch(passphrase: str, *, salt: bytes, costs: tuple[int, int, int]) -> bytes:
    """The 32-byte key that a passphrase gives; ``costs`` are memory in KiB, passes and lanes."""
    memory_kib, passes, lanes = costs
    return _derive(passphrase, salt=salt, memory_kib=memory_kib, passes=passes, lanes=lanes)


def check_costs(memory_kib: int, passes: int, lanes: int) -> None:
    """Return when a reader may pay these costs.

    Raises:
        Malformed: they are outside of the limits.
    """
    if memory_kib not in _MEMORY_KIB_RANGE or passes not in _PASSES_RANGE or lanes not in _LANES_RANGE:
        raise Malformed("locked key demands a derivation outside of its limits")


def _derive(passphrase: str, *, salt: bytes, memory_kib: int, passes: int, lanes: int) -> bytes:
    # The same letters typed on another system may come composed in another way.
    secret = unicodedata.normalize("NFKC", passphrase).encode("utf-8", "surrogatepass")
    return _argon2.argon2id(secret, salt=salt, memory_kib=memory_kib, passes=passes, lanes=lanes)
