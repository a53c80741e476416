"""Rows and replies, after docs/formats/reply.md."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tests.second.container import REPLY, read_container
from tests.second.envelope import open_envelope
from tests.second.hybrid import HybridKey
from tests.second.refused import malformed

ENVELOPE_BYTES = 67_195
TEXT_LIMIT = 2_048


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


def open_reply(envelope: bytes, *, keys: Sequence[HybridKey]) -> tuple[str, date, bytes]:
    """Text, day and reply id."""
    if len(envelope) != ENVELOPE_BYTES:
        raise malformed()
    container = read_container(open_envelope(envelope, keys=keys, slots=1))
    if container.head.kind != REPLY or [event[:2] for event in container.events] != [["field", "text"]]:
        raise malformed()
    text = str(container.events[0][2])
    if len(text.encode("utf-8")) > TEXT_LIMIT:
        raise malformed()
    return text, container.head.day, container.head.identity
