"""Sightings and posts of relays, after docs/formats/sighting.md."""

import hmac
from collections.abc import Sequence
from datetime import date

from lab.second.envelope import open_envelope
from lab.second.hybrid import HybridKey
from lab.second.refused import Refused, malformed, newer

Read = dict[str, object]
Known = dict[tuple[int, str], bytes]
"""Relay and week to the key of the MAC."""


class Cursor:
    """Takes numbers and bytes from the front."""

    def __init__(self, raw: bytes) -> None:
        self.rest = raw

    def take(self, length: int) -> bytes:
        taken, self.rest = self.rest[:length], self.rest[length:]
        return taken

    def number(self, length: int, *, signed: bool = False) -> int:
        return int.from_bytes(self.take(length), "big", signed=signed)


def _week(year: int, number: int) -> str:
    try:
        date.fromisocalendar(year, number, 1)
    except ValueError:
        raise malformed() from None
    if not 2000 <= year <= 2999:
        raise malformed()
    return f"{year}-W{number:02}"


def read_sighting(raw: bytes, *, known: Known) -> Read:
    if len(raw) != 1024 or raw[:8] != b"TIPLINR\x1a" or raw[8] == 0:
        raise malformed()
    if raw[8] != 1:
        raise newer()
    at = Cursor(raw[9:992])
    flags, relay = at.number(1), at.number(2)
    week = _week(at.number(2), at.number(1))
    if (relay, week) not in known:
        raise Refused("not for us")
    mac = hmac.digest(known[relay, week], b"tipline/v1/beacon/sighting\0" + raw[:992], "sha256")
    if not hmac.compare_digest(mac, raw[992:]):
        raise Refused("bad signature")
    found: Read = {"run": at.take(8).hex(), "number": at.number(4), "sent": at.number(4)}
    found |= {"frames": at.number(4), "refused": at.number(2)}
    kind = at.number(1)
    place = [at.number(4, signed=True), at.number(4, signed=True), at.number(2)]
    count = at.number(1)
    if flags > 3 or kind > 2 or count > 47 or (kind < 2 and any(place)) or not found["number"] or not relay:
        raise malformed()
    ids = []
    for _ in range(count):
        name = at.take(8)
        ids.append([name.hex(), at.number(4), at.number(4), at.number(2), at.number(1, signed=True)])
        if at.number(1) or not any(name) or not ids[-1][3]:
            raise malformed()
    if any(at.rest) or len({one[0] for one in ids}) < count:
        raise malformed()
    found |= {"ids": ids, "place": place if kind == 2 else None}
    return found | {"is_flooded": flags & 1 == 1, "has_copy": flags & 2 == 2}


def read_post(raw: bytes, *, keys: Sequence[HybridKey], known: Known) -> tuple[Read, bytes]:
    """The sighting, and copy B, which is empty where there is none."""
    if len(raw) != 12_288:
        raise malformed()
    inside = open_envelope(raw, keys=keys, slots=2).read(1 << 20)
    if len(inside) != 9072:
        raise malformed()
    found = read_sighting(inside[:1024], known=known)
    end = 1024 + 7354 if found["has_copy"] else 1024
    if any(inside[end:]):
        raise malformed()
    return found, inside[1024:end]


def read_copies(raw: bytes, *, keys: Sequence[HybridKey], known: Known) -> list[str]:
    """How each copy of a file of copies ends: ``opens``, or by which fault."""
    if not raw or len(raw) % 7354 or len(raw) > 10_000 * 7354:
        raise malformed()
    return [_end_of(raw[at : at + 7354], keys, known) for at in range(0, len(raw), 7354)]


def _end_of(copy: bytes, keys: Sequence[HybridKey], known: Known) -> str:
    try:
        read_sighting(open_envelope(copy, keys=keys, slots=4).read(1 << 20), known=known)
    except Refused as refused:
        return refused.outcome
    return "opens"
