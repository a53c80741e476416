"""Files of minisign, after docs/formats/manifest.md: signatures, prehashed, and keys."""

import base64
import binascii
import hashlib
import re

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from lab.second.refused import Refused, malformed

LIMIT = 4096
FIELD = 2**255 - 19
ORDER_EIGHT = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7
SMALL_ORDER = {0, 1, FIELD - 1, ORDER_EIGHT, FIELD - ORDER_EIGHT}
"""The values of y in the eight points of small order, whatever their sign."""
CONTROLS = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f]")


def decode(line: str, length: int) -> bytes:
    try:
        found = base64.b64decode(line.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        raise malformed() from None
    if len(found) != length or base64.b64encode(found).decode() != line:
        raise malformed()
    return found


def lines_of(file: bytes, count: int) -> list[str]:
    if len(file) > LIMIT:
        raise malformed()
    try:
        lines = file.decode("utf-8").split("\n")
    except UnicodeDecodeError:
        raise malformed() from None
    if len(lines) != count + 1 or lines.pop() or any(CONTROLS.search(line) for line in lines):
        raise malformed()
    if not lines[0].startswith("untrusted comment: "):
        raise malformed()
    return lines


def verify_ed25519(key: bytes, signature: bytes, message: bytes) -> None:
    if any(int.from_bytes(point, "little") % 2**255 % FIELD in SMALL_ORDER for point in (key, signature[:32])):
        raise Refused("bad signature")
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except InvalidSignature:
        raise Refused("bad signature") from None


def verify(message: bytes, signature_file: bytes, *, root: bytes) -> str:
    """The trusted comment."""
    lines = lines_of(signature_file, 4)
    signature = decode(lines[1], 2 + 8 + 64)
    prefix, comment = lines[2][:17], lines[2][17:]
    over_comment = decode(lines[3], 64)
    if signature[:2] != b"ED" or prefix != "trusted comment: ":
        raise malformed()
    verify_ed25519(root, signature[10:], hashlib.blake2b(message).digest())
    verify_ed25519(root, over_comment, signature[10:] + comment.encode("utf-8"))
    return comment


def read_public_key(file: bytes) -> bytes:
    """The 32 bytes in a `root.pub`."""
    found = decode(lines_of(file, 2)[1], 2 + 8 + 32)
    if found[:2] != b"Ed":
        raise malformed()
    return found[10:]


def read_secret_key(file: bytes) -> tuple[bytes, bytes]:
    """Seed and public key in a `root.key`."""
    found = decode(lines_of(file, 2)[1], 6 + 48 + 8 + 64 + 32)
    seed, public = found[62:94], found[94:126]
    if (
        found[:6] != b"Ed\0\0B2"
        or Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw() != public
    ):
        raise malformed()
    return seed, public
