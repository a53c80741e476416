"""Recipient files, to which sources seal files themselves: ``docs/formats/recipient-file.md``.

They hold the sealed keys of a manifest, in the form that age reads. :func:`signed_recipients` is the only way to
the signed one of a manifest. With the two files and the root key, call :func:`verify_recipients`.
"""

import dataclasses

from crypto.errors import Malformed
from crypto.keys import minisign
from crypto.keys.keys import RootSigningKey, RootVerifyKey, SealedPublicKey
from crypto.keys.party import lower_case
from crypto.manifests.issued_keys import KEYS, SealedQuarter
from crypto.primitives.week import Quarter

FILE_BYTES = 7862
_FIRST_LINE = "# last day "


def recipient_file(entry: SealedQuarter) -> bytes:
    """The file of a quarter, always :data:`FILE_BYTES` long; the signature is not part of it."""
    lines = [f"{_FIRST_LINE}{entry.quarter.last_day.isoformat()}", *map(str, entry.keys)]
    return "".join(f"{line}\n" for line in lines).encode("ascii")


def parse_recipients(untrusted_bytes: bytes) -> SealedQuarter:
    """Undo :func:`recipient_file`, without a signature. The result is not verified.

    Raises:
        Malformed: anything else.
    """
    if len(untrusted_bytes) != FILE_BYTES or not untrusted_bytes.isascii():
        raise Malformed(f"recipient file must have {FILE_BYTES} bytes, all of them plain letters")
    *lines, rest = untrusted_bytes.decode("ascii").split("\n")
    if rest or len(lines) != 1 + KEYS:
        raise Malformed(f"recipient file must have its last day and {KEYS} keys, a line each")
    quarter = _quarter_of(lines[0])
    return SealedQuarter.in_order(quarter, [SealedPublicKey.parse(lower_case(line)) for line in lines[1:]])


def sign_recipients(entry: SealedQuarter, *, root: RootSigningKey) -> SealedQuarter:
    """The same keys with the root's signature over their recipient file, for the next manifest."""
    comment = f"tipline recipients, last day {entry.quarter.last_day.isoformat()}"
    signature = minisign.sign(recipient_file(entry), key=root, trusted_comment=comment)
    return dataclasses.replace(entry, signature=tuple(signature.decode().removesuffix("\n").split("\n")))


def verify_recipients(untrusted_bytes: bytes, untrusted_signature: bytes, *, root: RootVerifyKey) -> SealedQuarter:
    """Check size, then signature, then form.

    Raises:
        Malformed: another length, no signature file, or signed and yet no recipient file.
        BadSignature: not by ``root`` over these bytes.
    """
    if len(untrusted_bytes) != FILE_BYTES:
        raise Malformed(f"recipient file must have {FILE_BYTES} bytes")
    minisign.verify(untrusted_bytes, untrusted_signature=untrusted_signature, key=root)
    return parse_recipients(untrusted_bytes)


def check_signature(entry: SealedQuarter, *, root: RootVerifyKey) -> None:
    """Return when the entry has no signature, or the root's over its own recipient file.

    Raises:
        Malformed: the four lines are no signature file.
        BadSignature: it is by another key, or over another file.
    """
    if entry.signature:
        minisign.verify(recipient_file(entry), untrusted_signature=entry.signature_file(), key=root)


def _quarter_of(untrusted_line: str) -> Quarter:
    written = untrusted_line.removeprefix(_FIRST_LINE)
    for quarter in _quarters_of_year(written[:4]):
        if untrusted_line == f"{_FIRST_LINE}{quarter.last_day.isoformat()}":
            return quarter
    raise Malformed("first line of a recipient file must be like # last day 2026-12-31, the last one of a quarter")


def _quarters_of_year(untrusted_year: str) -> list[Quarter]:
    if not (len(untrusted_year) == 4 and untrusted_year.isdigit()):
        return []
    try:
        return [Quarter(int(untrusted_year), number) for number in range(1, 5)]
    except Malformed:
        return []


__all__ = [
    "FILE_BYTES",
    "check_signature",
    "parse_recipients",
    "recipient_file",
    "sign_recipients",
    "verify_recipients",
]
