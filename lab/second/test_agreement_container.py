"""Containers, their heads and the ladder: both implementations say the same."""

import datetime as dt
import hashlib
import io
from random import Random

import pytest

from crypto.submissions import size_classes
from crypto.submissions.container_reader import read_container
from lab.second import container as second_container
from lab.second import ladder as second_ladder
from lab.second.agreement import ROWS, SECOND_KEYS, agreed
from lab.second.flow import Flow
from lab.second.mutation import mutated


class Events:
    """The content of a container, in the form of the vectors."""

    def __init__(self) -> None:
        self.listed: list[list[object]] = []
        self._length = 0

    def field(self, name: str, value: str) -> None:
        self.listed.append(["field", name, value])

    def begin_file(self, name: str, media_type: str) -> None:
        self.listed.append(["file", name, media_type])
        self._length = 0

    def data(self, piece: bytes) -> None:
        self._length += len(piece)

    def end_file(self, sha256: bytes) -> None:
        self.listed[-1] += [self._length, sha256.hex()]


def first_container(raw: bytes) -> object:
    events = Events()
    found = read_container(io.BytesIO(raw), into=events, expect=lambda _head: None)
    head, address = found.head, found.mailbox
    return (
        (head.kind.value, head.submission_id, head.manifest_sha256, head.manifest_version),
        ((head.week.year, head.week.number), head.day),
        events.listed,
        (address.mailbox_id.to_bytes(), address.source_key.to_bytes()) if address else None,
        (found.fields, found.files, found.content_bytes),
    )


def second_read(raw: bytes) -> object:
    found = second_container.read_container(Flow([raw]))
    head = found.head
    return (
        (head.kind, head.identity, head.manifest_sha256, head.manifest_version),
        (head.week, head.day),
        found.events,
        found.mailbox,
        (found.fields, found.files, found.content_bytes),
    )


def agreed_container(raw: bytes) -> str:
    return agreed(lambda: first_container(raw), lambda: second_read(raw), raw[:300])


def head_of(random: Random) -> bytes:
    kind = random.choice((1, 1, 2, 3))
    day = dt.date(random.choice((2000, 2026, 2999)), 1, 1) + dt.timedelta(random.randrange(365))
    year, week, _ = day.isocalendar()
    reply_head = kind == 3 and random.random() < 0.8
    return b"".join(
        (
            b"TIPLINE\x1a\1" + bytes([kind]) + random.randbytes(16),
            bytes(36) if reply_head else random.randbytes(32) + random.choice((b"\0\0\0\1", b"\xff" * 4, bytes(4))),
            (year + random.choice((0, 0, 0, 1))).to_bytes(2, "big") + bytes([week]),
            day.year.to_bytes(2, "big") + bytes([day.month, day.day]),
        )
    )


def container_of(random: Random) -> bytes:
    """A container of random frames; mostly sound."""
    raw, fields, files, content = head_of(random), 0, 0, 0
    for _ in range(random.randrange(4)):
        if random.random() < 0.5:
            name, value = b"text"[: random.choice((4, 4, 0))], "é".encode()[: random.choice((2, 2, 1, 0))]
            raw += b"F" + bytes([len(name)]) + len(value).to_bytes(4, "big") + name + value
            fields, content = fields + 1, content + len(value)
            continue
        length = random.choice((0, 1, 262_144, 262_145))
        data = bytes(length)
        raw += b"B" + b"\0\1" + b"\1" + b"nt"
        for at in range(0, length, 262_144):
            piece = data[at : at + 262_144]
            raw += b"D" + len(piece).to_bytes(4, "big") + piece
        raw += b"E" + length.to_bytes(8, "big") + hashlib.sha256(data).digest()
        files, content = files + 1, content + length
    raw += b"Z" + fields.to_bytes(4, "big") + files.to_bytes(4, "big") + content.to_bytes(8, "big")
    there = random.choice((0, 0, 1))
    return raw + bytes([there]) + (bytes(32) + SECOND_KEYS[0].public) * there


@pytest.mark.parametrize("row", ROWS)
def test_of_changed_containers_both_say_the_same(row: int) -> None:
    random = Random(f"container {row}")
    outcomes = set()
    for _ in range(60):
        raw = container_of(random)
        if random.random() < 0.7:
            raw = mutated(random, raw, (b"F", b"B", b"D", b"E", b"Z", b"\0\0\0\0", b"\xff"))
        padding = second_ladder.padded_length(len(raw)) - len(raw)
        raw += bytes(padding) + random.choice((b"", b"", b"", b"\0"))
        outcomes.add(agreed_container(raw))
    assert {"opens", "malformed"} <= outcomes


@pytest.mark.parametrize("row", ROWS)
def test_of_changed_heads_both_say_the_same(row: int) -> None:
    random = Random(f"head {row}")
    for _ in range(150):
        head = mutated(random, head_of(random)) if random.random() < 0.7 else head_of(random)
        raw = head + b"Z" + bytes(17)
        agreed_container(raw + bytes(65_536 - len(raw)))


def test_the_ladder_is_the_same_for_both() -> None:
    random = Random("ladder")
    for _ in range(3000):
        length = random.randrange(1 << random.randrange(1, 45))
        for near in (length, second_ladder.padded_length(length), second_ladder.padded_length(length) + 1):
            assert size_classes.padded_length(near) == second_ladder.padded_length(near)
