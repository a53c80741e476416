"""The week file of a duty machine, after docs/formats/week-file.md: what stands inside of the envelope."""

import hashlib
from collections.abc import Sequence

from lab.second import values
from lab.second.beacon import MEANINGS
from lab.second.canonical_json import exactly, read_document
from lab.second.minisign import verify_ed25519
from lab.second.refused import malformed, newer

FIELDS = ("week", "first_window", "windows", "places", "relays", "buttons", "made")
Owners = dict[bytes, tuple[int, str, int]]
"""Id to button, meaning and window."""


def _numbered(rows: object, fields: Sequence[str]) -> list[dict[str, object]]:
    found = [exactly(row, ("number", *fields)) for row in values.listed(rows, 0, 500)]
    values.ascending([values.whole(row["number"], 1, 65535) for row in found])
    return found


def _opened(inside: bytes, signers: Sequence[bytes]) -> tuple[bytes, bytes]:
    """The document and the ids, after the signature was verified."""
    if not 109 <= len(inside) <= 42_008_685 or inside[:8] != b"TIPLINW\x1a" or inside[8] == 0:
        raise malformed()
    if inside[8] > 1:
        raise newer()
    sender, signature, rest = inside[9:41], inside[41:105], inside[105:]
    if sender not in signers:
        raise malformed()
    verify_ed25519(sender, signature, b"tipline/v1/beacon/week-file\0" + hashlib.sha256(rest).digest())
    length = int.from_bytes(rest[:4], "big")
    if length > 1_048_576:
        raise malformed()
    return rest[4 : 4 + length], rest[4 + length :]


def _buttons(fields: dict[str, object]) -> list[dict[str, object]]:
    places = _numbered(fields["places"], ("lines",))
    for place in places:
        for line in values.listed(place["lines"], 1, 40):
            values.text(line, 400)
    relays = _numbered(fields["relays"], ("place", "key"))
    for relay in relays:
        values.hexadecimal(relay["key"], 32)
    buttons = _numbered(fields["buttons"], ("place",))
    known = {place["number"] for place in places}
    for row in [*relays, *buttons]:
        if values.whole(row["place"], 1, 65535) not in known:
            raise malformed()
    return buttons


def read_week(inside: bytes, *, signers: Sequence[bytes]) -> tuple[tuple[int, int], int, Owners]:
    """Week, when it was made, and the owner of each id."""
    document, table = _opened(inside, signers)
    fields = read_document(document, limit=1_048_576, name="tipline-week", fields=FIELDS)
    week = values.week(fields["week"])
    first = values.whole(fields["first_window"], 0, 2**22 - 1)
    windows = values.whole(fields["windows"], 1, 2048)
    if first + windows > 2**22:
        raise malformed()
    made = values.whole(fields["made"], 0, 2**32 - 1)
    buttons = _buttons(fields)
    owners = [
        (int(str(button["number"])), meaning, window)
        for button in buttons
        for meaning in MEANINGS
        for window in range(first, first + windows)
    ]
    ids = [table[at : at + 8] for at in range(0, len(table), 8)]
    if len(ids) != len(owners) or len(table) % 8 or len(set(ids)) != len(ids):
        raise malformed()
    return week, made, dict(zip(ids, owners, strict=True))
