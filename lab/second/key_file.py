"""One secret of a reviewer on its disk, after docs/formats/keyring.md."""

import re

from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

from lab.second.hkdf import hkdf
from lab.second.refused import Refused, malformed

NAME = re.compile(r"[a-z]+(?:-[0-9]{4}-[WQ][0-9]{1,2}(?:-[2-9])?)?")
NONCE, TAG = 24, 16


def open_key_file(raw: bytes, *, name: str, home_key: bytes) -> bytes:
    """The secret in `keys/NAME.key`."""
    if not NAME.fullmatch(name):
        raise malformed()
    keyring_key = hkdf(home_key, b"tipline/v1/rest/keyring")
    box = SecretBox(hkdf(keyring_key, b"tipline/v1/rest/key/" + name.encode("ascii")))
    if len(raw) < NONCE + TAG:
        raise Refused("no key opens")
    try:
        secret = box.decrypt(raw[NONCE:], raw[:NONCE])
    except CryptoError:
        raise Refused("no key opens") from None
    if len(secret) != (64 if name == "reviewer" else 32):
        raise malformed()
    return secret
