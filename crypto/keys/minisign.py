"""Keys and signatures in minisign's file formats, so that ``minisign -V`` verifies ours.

Prehashed signatures only (Ed25519 over BLAKE2b-512), secret keys only in the unencrypted form: the medium must be
protected. The key id is a hint for people and for minisign; no signature is trusted because of it. See
``docs/formats/manifest.md``.
"""

import base64
import binascii
import hashlib
import re

from crypto.errors import BadSignature, Malformed
from crypto.keys.keys import RootSigningKey, RootVerifyKey, SigningKey, VerifyKey

LONGEST_FILE_BYTES = 4096

_KEY = b"Ed"
_PREHASHED = b"ED"
_SECRET_KEY = b"Ed\0\0B2"  # Ed25519, no key derivation (not encrypted), BLAKE2b
_SECRET_KEY_UNUSED_BYTES = 32 + 8 + 8  # salt and limits of the key derivation
_CHECKSUM_BYTES = 32
_ID_BYTES = 8
_UNTRUSTED = "untrusted comment: "
_TRUSTED = "trusted comment: "
_LABEL_ID = b"tipline/v1/key-id"
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f]")
"""Every control character but the tab."""


def key_id(key: VerifyKey) -> bytes:
    """The eight bytes under which our files name ``key``; they follow from it."""
    return hashlib.sha256(_LABEL_ID + key.to_bytes()).digest()[:_ID_BYTES]


def public_key_file(key: VerifyKey) -> bytes:
    """The public key file for ``minisign -p``."""
    shown_id = key_id(key)[::-1].hex().upper()  # minisign prints it as a little-endian number
    return _lines(f"{_UNTRUSTED}minisign public key {shown_id}", _KEY + key_id(key) + key.to_bytes())


def parse_public_key_file(untrusted_bytes: bytes) -> RootVerifyKey:
    """Undo :func:`public_key_file`; takes a file that minisign wrote as well.

    Raises:
        Malformed: anything else.
    """
    comment, raw = _two_lines(untrusted_bytes, length_bytes=2 + _ID_BYTES + 32)
    _after(_UNTRUSTED, comment)
    if raw[:2] != _KEY:
        raise Malformed("expected a minisign public key of the kind Ed25519")
    return RootVerifyKey(raw[2 + _ID_BYTES :])


def secret_key_file(key: RootSigningKey) -> bytes:
    """The secret key file for ``minisign -S -s``; unencrypted, as ``minisign -G -W`` writes it."""
    public = key.verify_key()
    return _lines(
        f"{_UNTRUSTED}minisign secret key, not encrypted",
        _SECRET_KEY
        + bytes(_SECRET_KEY_UNUSED_BYTES)
        + key_id(public)
        + key.seed()
        + public.to_bytes()
        + bytes(_CHECKSUM_BYTES),
    )


def parse_secret_key_file(untrusted_bytes: bytes) -> RootSigningKey:
    """Undo :func:`secret_key_file`; takes a file that ``minisign -G -W`` wrote as well.

    Raises:
        Malformed: encrypted, or anything else, or its two halves do not belong together.
    """
    start = len(_SECRET_KEY) + _SECRET_KEY_UNUSED_BYTES + _ID_BYTES
    comment, raw = _two_lines(untrusted_bytes, length_bytes=start + 64 + _CHECKSUM_BYTES)
    _after(_UNTRUSTED, comment)
    if raw[: len(_SECRET_KEY)] != _SECRET_KEY:
        raise Malformed("expected a minisign secret key of the kind Ed25519 that is not encrypted")
    key = RootSigningKey(raw[start : start + 32])
    if key.verify_key().to_bytes() != raw[start + 32 : start + 64]:
        raise Malformed("secret and public half of the minisign key do not belong together")
    return key


def sign(
    message: bytes, *, key: SigningKey, trusted_comment: str, untrusted_comment: str = "signature by the root key"
) -> bytes:
    """The file ``NAME.minisig`` over the bytes ``message`` of ``NAME``; each comment is one line."""
    signature = key.sign(_prehash(message))
    comment = trusted_comment.encode()
    return (
        _lines(f"{_UNTRUSTED}{untrusted_comment}", _PREHASHED + key_id(key.verify_key()) + signature)
        + f"{_TRUSTED}{trusted_comment}\n".encode()
        + base64.b64encode(key.sign(signature + comment))
        + b"\n"
    )


def verify(message: bytes, *, untrusted_signature: bytes, key: RootVerifyKey) -> str:
    """Return the trusted comment when the signature file is by ``key`` over ``message``.

    Raises:
        Malformed: no signature file, or one that is not prehashed.
        BadSignature: by another key, over other bytes, or with another trusted comment.
    """
    _id, signature, comment, comment_signature = _signature_lines(untrusted_signature)
    try:
        key.verify(_prehash(message), signature=signature)
        key.verify(signature + comment.encode(), signature=comment_signature)
    except BadSignature as error:
        raise BadSignature("signature file is not by this root key over these bytes") from error
    return comment


def signer_id(untrusted_signature: bytes) -> bytes:
    """The :func:`key_id` that a signature file names: whose it says that it is, which is no proof.

    Raises:
        Malformed: no signature file, or one that is not prehashed.
    """
    return _signature_lines(untrusted_signature)[0]


def _signature_lines(untrusted_signature: bytes) -> tuple[bytes, bytes, str, bytes]:
    """Key id, signature, trusted comment, and the signature of that."""
    lines = _text_lines(untrusted_signature, count=4)
    _after(_UNTRUSTED, lines[0])
    raw = _unbase64(lines[1], length_bytes=2 + _ID_BYTES + 64)
    comment = _after(_TRUSTED, lines[2])
    comment_signature = _unbase64(lines[3], length_bytes=64)
    if raw[:2] != _PREHASHED:
        raise Malformed("expected a prehashed minisign signature")
    return raw[2 : 2 + _ID_BYTES], raw[2 + _ID_BYTES :], comment, comment_signature


def _prehash(message: bytes) -> bytes:
    return hashlib.blake2b(message).digest()


def _lines(comment: str, raw: bytes) -> bytes:
    return f"{comment}\n".encode() + base64.b64encode(raw) + b"\n"


def _two_lines(untrusted_bytes: bytes, *, length_bytes: int) -> tuple[str, bytes]:
    comment, encoded = _text_lines(untrusted_bytes, count=2)
    return comment, _unbase64(encoded, length_bytes=length_bytes)


def _text_lines(untrusted_bytes: bytes, *, count: int) -> list[str]:
    if len(untrusted_bytes) > LONGEST_FILE_BYTES:
        raise Malformed(f"minisign file must have at most {LONGEST_FILE_BYTES} bytes")
    try:
        text = untrusted_bytes.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Malformed("minisign file must be text") from error
    *lines, rest = text.split("\n")
    if rest or len(lines) != count:
        raise Malformed(f"minisign file must have {count} lines")
    if any(map(_CONTROL.search, lines)):
        raise Malformed("minisign file must not have control characters")
    return lines


def _after(prefix: str, line: str) -> str:
    if not line.startswith(prefix):
        raise Malformed(f"expected a line that begins with {prefix.strip()}")
    return line.removeprefix(prefix)


def _unbase64(encoded: str, *, length_bytes: int) -> bytes:
    try:
        raw = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Malformed("expected base64 in the minisign file") from error
    if len(raw) != length_bytes or base64.b64encode(raw).decode() != encoded:
        raise Malformed(f"expected {length_bytes} bytes in base64 in the minisign file")
    return raw
