"""The statement that a sender signs of a bundle, and its place in the stream; after docs/formats/bundle.md."""

import hashlib
from dataclasses import dataclass, field

from lab.second import values
from lab.second.canonical_json import read_document
from lab.second.refused import Refused, malformed

LIMIT = 4 * 1024 * 1024
FIELDS = ("sender", "receivers", "stream", "number", "previous", "items")
TYPES = ("submission", "reply", "manifest", "receipt", "withdrawal", "week-closed", "shared", "announcement")
LARGEST_NUMBER = 2**31 - 1


@dataclass
class Statement:
    sender: bytes
    receivers: dict[bytes, int]
    stream: bytes
    number: int
    previous: bytes | None
    items: list[tuple[str, bytes, int]]
    sha256: bytes


@dataclass
class Place:
    """The record that a receiver keeps of a sender. `digests` by number, the last one among them; `read_on`: the
    same of ended streams of which it takes what follows."""

    stream: bytes
    number: int
    digests: dict[int, bytes]
    ended: list[bytes] = field(default_factory=list)
    read_on: "list[Place]" = field(default_factory=list)


def read_item(entry: object) -> tuple[str, bytes, int]:
    kind, digest, length = values.listed(entry, 3, 3)
    if kind not in TYPES:
        raise malformed()
    return str(kind), values.hexadecimal(digest, 32), values.whole(length, 1, 2**40)


def read_statement(raw: bytes) -> Statement:
    fields = read_document(raw, limit=LIMIT, name="tipline-bundle", fields=FIELDS, versions=(1, 3))
    number = values.whole(fields["number"], 1, LARGEST_NUMBER)
    previous = None if fields["previous"] is None else values.hexadecimal(fields["previous"], 32)
    sender = values.hexadecimal(fields["sender"], 32)
    receivers = []
    for entry in values.listed(fields["receivers"], 1, 4):
        key, since = values.listed(entry, 2, 2)
        receivers.append((values.hexadecimal(key, 32), values.whole(since, 1, number)))
    values.ascending([key for key, _ in receivers])
    if (previous is None) != (number == 1) or sender in dict(receivers):
        raise malformed()
    items = [read_item(entry) for entry in values.listed(fields["items"], 0, 16_384)]
    if (fields["format_version"] == 3) != any(kind in ("shared", "announcement") for kind, _, _ in items):
        raise malformed()
    stream = values.hexadecimal(fields["stream"], 16)
    digest = hashlib.sha256(raw).digest()
    return Statement(sender, dict(receivers), stream, number, previous, items, digest)


def take_place(statement: Statement, *, own: bytes, place: Place | None) -> None:
    """Checks 8 and 9: the statement names us, and it is the one that must come next."""
    if own not in statement.receivers:
        raise Refused("not for us")
    if place:
        place = next((ended for ended in place.read_on if ended.stream == statement.stream), place)
    if place and statement.stream in place.ended:
        raise Refused("rolled back")
    if place and statement.stream != place.stream:
        raise Refused("new stream")
    last, digests = (place.number, place.digests) if place else (0, {})
    expected = max(last + 1, statement.receivers[own])
    if statement.number < expected:
        kept = digests.get(statement.number)
        if kept is None:
            raise Refused("out of order")
        raise Refused("replayed" if kept == statement.sha256 else "forked")
    if statement.number > expected:
        raise Refused("out of order")
    if expected == last + 1 and statement.previous != digests.get(last):
        raise Refused("forked")
