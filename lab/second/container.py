"""The inside of a submission, an act or a reply, after docs/formats/container.md."""

import hashlib
from dataclasses import dataclass, field
from datetime import date

from lab.second.flow import Flow
from lab.second.hybrid import check_public_key
from lab.second.ladder import padded_length
from lab.second.refused import malformed, newer

SUBMISSION, ACT, REPLY, SEALED = 1, 2, 3, 5
PIECE = 262_144


@dataclass
class Head:
    kind: int
    identity: bytes
    manifest_sha256: bytes
    manifest_version: int
    week: tuple[int, int]
    day: date


@dataclass
class Container:
    """`events` in the vectors' form: `[field, name, value]` and `[file, name, type, length, SHA-256]`."""

    head: Head
    events: list[list[object]] = field(default_factory=list)
    mailbox: tuple[bytes, bytes] | None = None
    fields: int = 0
    files: int = 0
    content_bytes: int = 0


def text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        raise malformed() from None


def read_head(flow: Flow) -> Head:
    if flow.take(8) != b"TIPLINE\x1a":
        raise malformed()
    version = flow.number(1)
    if version != 1:
        raise newer() if version > 1 else malformed()
    kind, identity, manifest, manifest_version = flow.number(1), flow.take(16), flow.take(32), flow.number(4)
    week, day = (flow.number(2), flow.number(1)), (flow.number(2), flow.number(1), flow.number(1))
    try:
        date.fromisocalendar(*week, 1)
        calendar_day = date(*day)
    except ValueError:
        raise malformed() from None
    if (
        kind not in (SUBMISSION, ACT, REPLY, SEALED)
        or not 2000 <= week[0] <= 2999
        or not 2000 <= calendar_day.year <= 2999
    ):
        raise malformed()
    if kind in (REPLY, SEALED):
        if any(manifest) or manifest_version or week != tuple(calendar_day.isocalendar())[:2]:
            raise malformed()
    elif not manifest_version:
        raise malformed()
    return Head(kind, identity, manifest, manifest_version, week, calendar_day)


def read_field(flow: Flow, into: Container) -> None:
    name_bytes, value_bytes = flow.number(1), flow.number(4)
    if not 1 <= name_bytes <= 64 or value_bytes > PIECE:
        raise malformed()
    into.events.append(["field", text(flow.take(name_bytes)), text(flow.take(value_bytes))])
    into.fields += 1
    into.content_bytes += value_bytes
    if into.fields > 1024:
        raise malformed()


def read_file(flow: Flow, into: Container) -> None:
    name_bytes, type_bytes = flow.number(2), flow.number(1)
    if name_bytes > 1024:
        raise malformed()
    name, media_type = text(flow.take(name_bytes)), text(flow.take(type_bytes))
    into.files += 1
    if into.files > 4096:
        raise malformed()
    length, digest, full = 0, hashlib.sha256(), True
    while (frame := flow.take(1)) == b"D":
        piece = flow.number(4)
        if not full or not 1 <= piece <= PIECE:
            raise malformed()
        digest.update(flow.take(piece))
        length, full = length + piece, piece == PIECE
    if frame != b"E" or flow.number(8) != length or flow.take(32) != digest.digest():
        raise malformed()
    into.events.append(["file", name, media_type, length, digest.hexdigest()])
    into.content_bytes += length


def read_end(flow: Flow, into: Container) -> None:
    if (flow.number(4), flow.number(4), flow.number(8)) != (into.fields, into.files, into.content_bytes):
        raise malformed()
    there = flow.number(1)
    if there > 1 or (there and into.head.kind in (REPLY, SEALED)):
        raise malformed()
    if there:
        into.mailbox = flow.take(32), check_public_key(flow.take(1216))
    padding = padded_length(flow.taken) - flow.taken
    if any(flow.take(padding)):
        raise malformed()
    flow.end()


def read_container(flow: Flow) -> Container:
    container = Container(read_head(flow))
    while (frame := flow.take(1)) != b"Z":
        if frame == b"F":
            read_field(flow, container)
        elif frame == b"B":
            read_file(flow, container)
        else:
            raise malformed()
    read_end(flow, container)
    return container
