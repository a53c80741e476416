"""Shared items of reviewers: both implementations say the same of documents signed again and of changed bytes."""

import hashlib
import json
from random import Random

import pytest
from nacl.signing import SigningKey

from crypto.sharing.shared_item import parse_inside
from lab.second.agreement import JSON_WORDS, ROWS, agreed, changed
from lab.second.mutation import mutated
from lab.second.shared import HEAD, INSIDE, read_shared
from lab.second.vectors import book, whole

SIGNERS = [SigningKey(bytes([place]) * 32) for place in (1, 2)]
SOUND = [whole(vector["inside"]) for vector in book("shared") if vector["outcome"] == "opens"]
ITEM, OPERATION = b"tipline/v1/shared-item\0", b"tipline/v1/shared-operation\0"


def _agreed(raw: bytes) -> str:
    def first() -> object:
        item = parse_inside(raw)
        return (
            item.sender.to_bytes(),
            (item.run, item.number, (item.week.year, item.week.number), item.day),
            [hashlib.sha256(one.operation.to_bytes()).digest() for one in item.operations],
            [one.to_json() for one in item.heard],
            [one.to_json() for one in item.erased],
        )

    def second() -> object:
        item = read_shared(raw)
        named = (item.run, item.number, item.week, item.day)
        return item.sender, named, item.operations, item.heard, item.erased

    return agreed(first, second, raw[HEAD:2000])


def _document(raw: bytes) -> bytes:
    return raw[HEAD : HEAD + int.from_bytes(raw[HEAD - 4 : HEAD], "big")]


def _written(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _signed(document: bytes) -> bytes:
    signature = SIGNERS[0].sign(ITEM + document).signature
    head = b"TIPLINE\x1a\x02\x06" + SIGNERS[0].verify_key.encode() + signature
    return (head + len(document).to_bytes(4, "big") + document).ljust(INSIDE, b"\0")


def _with_signed_operations(document: bytes) -> bytes:
    """Its operations, signed again by their authors, where they still can be."""
    try:
        found = json.loads(document)
        keys = {key.verify_key.encode().hex(): key for key in SIGNERS}
        for entry in found["operations"]:
            entry[1] = keys[entry[0]["author"]].sign(OPERATION + _written(entry[0])).signature.hex()
        return _written(found)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError):
        return document


@pytest.mark.parametrize("row", ROWS)
def test_of_changed_items_both_say_the_same(row: int) -> None:
    random = Random(f"shared {row}")
    outcomes = set()
    for _ in range(120):
        raw = random.choice(SOUND)
        chance = random.random()
        if chance < 0.8:
            document = changed(random, _document(raw))
            raw = _signed(_with_signed_operations(document) if chance < 0.6 else document)
        else:
            raw = mutated(random, raw[: HEAD + 900], JSON_WORDS).ljust(INSIDE, b"\0")
        outcomes.add(_agreed(raw))
    assert {"malformed", "bad signature", "opens"} <= outcomes
