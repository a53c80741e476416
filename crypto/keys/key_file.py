"""One secret of a reviewer in its file: ``docs/formats/keyring.md``.

The name of the file says which secret it holds. The name is authenticated: a renamed file does not open.
"""

import re

from crypto.errors import Malformed
from crypto.keys.at_rest import RestKey

PARTY_KEYS = "reviewer"
"""Two seeds in one file; every other secret is one of 32 bytes."""

_NAME = re.compile(r"[a-z]+(-[0-9]{4}-[WQ][0-9]{1,2}(-[2-9])?)?")
_SECRET_BYTES = 32
_PARTY_BYTES = 64


def is_name(text: str) -> bool:
    """True if a key file may have this name, without its suffix."""
    return _NAME.fullmatch(text) is not None


def seal_key_file(secret: bytes, *, name: str, key: RestKey) -> bytes:
    """The whole file; ``key`` is the keyring's.

    Raises:
        Malformed: a name or a secret that a reader would refuse.
    """
    _check_name(name)
    _check_length(secret, name)
    return key.seal(secret, label=_label(name))


def open_key_file(untrusted_bytes: bytes, *, name: str, key: RestKey) -> bytes:
    """Undo :func:`seal_key_file`.

    Raises:
        Malformed: no name, or a secret of another length than its use has.
        NoKeyOpens: another home, another name, or changed bytes.
    """
    _check_name(name)
    secret = key.open_sealed(untrusted_bytes, label=_label(name))
    _check_length(secret, name)
    return secret


def _label(name: str) -> str:
    return f"key/{name}"


def _check_name(name: str) -> None:
    if not is_name(name):
        raise Malformed("name of a key must be like intake-2026-W48")


def _check_length(secret: bytes, name: str) -> None:
    expected = _PARTY_BYTES if name == PARTY_KEYS else _SECRET_BYTES
    if len(secret) != expected:
        raise Malformed(f"secret of a key file must have {expected} bytes")
