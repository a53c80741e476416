"""Rows and replies, after docs/formats/reply.md."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from lab.second.container import REPLY, read_container
from lab.second.envelope import open_envelope
from lab.second.hybrid import HybridKey
from lab.second.refused import malformed

ENVELOPE_BYTES = 67_195
TEXT_LIMIT = 2_048
NUMBER_LIMIT = 2**31 - 1


@dataclass
class Row:
    reply_id: bytes
    salt: bytes
    tag: bytes
    envelope: bytes


def read_row(row: bytes) -> Row:
    if len(row) != 64 + ENVELOPE_BYTES:
        raise malformed()
    return Row(row[:16], row[16:32], row[32:64], row[64:])


def open_reply(row: Row, *, keys: Sequence[HybridKey]) -> tuple[int, str, date]:
    """Number, text and day."""
    container = read_container(open_envelope(row.envelope, keys=keys, slots=1))
    if container.head.kind != REPLY or container.head.identity != row.reply_id:
        raise malformed()
    if [event[:2] for event in container.events] != [["field", "number"], ["field", "text"]]:
        raise malformed()
    number, text = (str(event[2]) for event in container.events)
    if not number.isascii() or not number.isdigit() or number.startswith("0") or len(number) > 10:
        raise malformed()
    if int(number) > NUMBER_LIMIT or len(text.encode("utf-8")) > TEXT_LIMIT:
        raise malformed()
    return int(number), text, container.head.day
