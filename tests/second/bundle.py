"""Bundles, in the order of checks that docs/formats/bundle.md demands."""

import hashlib
from collections.abc import Collection, Sequence

from tests.second.envelope import open_envelope
from tests.second.hybrid import HybridKey
from tests.second.minisign import verify_ed25519
from tests.second.refused import Refused, malformed, newer
from tests.second.statement import LIMIT, Place, Statement, read_statement, take_place

LABEL = b"tipline/v1/bundle-statement\0"


def open_bundle(
    bundle: bytes, *, keys: Sequence[HybridKey], own: bytes, senders: Collection[bytes], place: Place | None
) -> tuple[Statement, list[bytes | None]]:
    """The statement, and for each of its items the bytes, or None where it was deleted."""
    flow = open_envelope(bundle, keys=keys, slots=4)
    if flow.take(8) != b"TIPLINB\x1a":
        raise malformed()
    version = flow.number(1)
    if version != 1:
        raise newer() if version > 1 else malformed()
    sender = flow.take(32)
    if sender not in senders:
        raise Refused("not for us")
    signature, statement_bytes = flow.take(64), flow.number(4)
    if statement_bytes > LIMIT:
        raise malformed()
    raw = flow.take(statement_bytes)
    verify_ed25519(sender, signature, LABEL + raw)
    statement = read_statement(raw)
    if statement.sender != sender:
        raise malformed()
    take_place(statement, own=own, place=place)
    items: list[bytes | None] = []
    for _, digest, length in statement.items:
        presence = flow.number(1)
        if presence > 1:
            raise malformed()
        item = flow.take(length) if presence else None
        if item is not None and hashlib.sha256(item).digest() != digest:
            raise malformed()
        items.append(item)
    flow.end()
    return statement, items
