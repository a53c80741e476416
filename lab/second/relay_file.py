"""The relay file, after docs/formats/relay-file.md: what stands inside of the envelope."""

import hashlib
from collections.abc import Sequence
from datetime import date

from lab.second import values
from lab.second.bech32 import read_public_key
from lab.second.canonical_json import read_document
from lab.second.minisign import verify_ed25519
from lab.second.refused import malformed, newer

FIELDS = ("number", "secret", "duty", "first_day", "marks", "made")
LAST = date(2999, 12, 31).toordinal()


def _document(inside: bytes, signers: Sequence[bytes]) -> bytes:
    if not 105 <= len(inside) <= 16_489 or inside[:8] != b"TIPLINK\x1a" or inside[8] == 0:
        raise malformed()
    if inside[8] > 1:
        raise newer()
    sender, signature, document = inside[9:41], inside[41:105], inside[105:]
    if sender not in signers:
        raise malformed()
    said = b"tipline/v1/beacon/relay-file\0" + hashlib.sha256(document).digest()
    verify_ed25519(sender, signature, said)
    return document


def read_relay_file(inside: bytes, *, signers: Sequence[bytes]) -> dict[str, object]:
    """Number, secret, first day, marks and when it was made, as the vectors name them."""
    fields = read_document(_document(inside, signers), limit=16_384, name="tipline-relay", fields=FIELDS)
    number = values.whole(fields["number"], 1, 65_535)
    secret = values.hexadecimal(fields["secret"], 32)
    duty = [read_public_key(one) for one in values.listed(fields["duty"], 2, 2)]
    first = values.day(fields["first_day"])
    marks = [values.hexadecimal(one, 16) for one in values.listed(fields["marks"], 1, 40)]
    made = values.whole(fields["made"], 0, 2**32 - 1)
    if duty[0] == duty[1] or len(set(marks)) < len(marks):
        raise malformed()
    if first.year < 2000 or first.toordinal() + len(marks) - 1 > LAST:
        raise malformed()
    told = [first.isoformat(), *(mark.hex() for mark in marks)]
    return {
        "number": number,
        "secret": secret.hex(),
        "first_day": told[0],
        "marks": told[1:],
        "made": made,
        "duty_sha256": hashlib.sha256(b"".join(duty)).hexdigest(),
    }
