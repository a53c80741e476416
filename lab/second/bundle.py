"""Bundles, in the order of checks that docs/formats/bundle.md demands."""

import hashlib
from collections.abc import Collection, Sequence

from lab.second.envelope import open_envelope
from lab.second.flow import Flow
from lab.second.hybrid import HybridKey
from lab.second.minisign import verify_ed25519
from lab.second.refused import Refused, malformed, newer
from lab.second.statement import LIMIT, Place, Statement, read_statement, take_place

LABEL = b"tipline/v1/bundle-statement\0"
PRESENCE_LABEL = b"tipline/v1/bundle-presence\0"
MARKS = {0: "deleted", 1: "there", 2: "withheld"}


def open_bundle(
    bundle: bytes, *, keys: Sequence[HybridKey], own: bytes, senders: Collection[bytes], place: Place | None
) -> tuple[Statement, list[bytes | None], int, list[str]]:
    """The statement; for each of its items the bytes, or None where it is not there; sealing and signed marks (of
    version 1: 0 and none)."""
    flow = open_envelope(bundle, keys=keys, slots=4)
    version, sender, raw = take_head(flow, senders)
    statement = read_statement(raw)
    if statement.sender != sender:
        raise malformed()
    take_place(statement, own=own, place=place)
    if version == 1:
        items, _ = take_items(flow, statement, highest=1)
        flow.end()
        return statement, items, 0, []
    sealing = flow.take(8)
    if not 1 <= int.from_bytes(sealing, "big") < 2**63:
        raise malformed()
    items, marks = take_items(flow, statement, highest=2)
    verify_ed25519(sender, flow.take(64), PRESENCE_LABEL + hashlib.sha256(raw).digest() + sealing + marks)
    flow.end()
    return statement, items, int.from_bytes(sealing, "big"), [MARKS[mark] for mark in marks]


def take_head(flow: Flow, senders: Collection[bytes]) -> tuple[int, bytes, bytes]:
    """Version, sender, and the statement, whose signature is good."""
    if flow.take(8) != b"TIPLINB\x1a":
        raise malformed()
    version = flow.number(1)
    if version not in (1, 3):
        raise newer() if version else malformed()
    sender = flow.take(32)
    if sender not in senders:
        raise Refused("not for us")
    signature, statement_bytes = flow.take(64), flow.number(4)
    if statement_bytes > LIMIT:
        raise malformed()
    raw = flow.take(statement_bytes)
    verify_ed25519(sender, signature, LABEL + raw)
    return version, sender, raw


def take_items(flow: Flow, statement: Statement, *, highest: int) -> tuple[list[bytes | None], bytes]:
    """The bytes of each item, or None, and its mark as it stands there."""
    items: list[bytes | None] = []
    marks = b""
    for _, digest, length in statement.items:
        mark = flow.number(1)
        if mark > highest:
            raise malformed()
        item = flow.take(length) if mark == 1 else None
        if item is not None and hashlib.sha256(item).digest() != digest:
            raise malformed()
        items.append(item)
        marks += bytes([mark])
    return items, marks
