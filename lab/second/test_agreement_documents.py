"""Canonical JSON, parties and small items: both implementations say the same."""

import json
from collections.abc import Callable
from random import Random

import pytest
from nacl.signing import SigningKey

from crypto.bundles import bundle_items
from crypto.bundles.announcement import verify_announcement
from crypto.keys.keys import RootVerifyKey
from crypto.keys.party import Party
from crypto.primitives import canonical_json as first_json
from lab.second import announcement as second_announcement
from lab.second import canonical_json as second_json
from lab.second import party as second_party
from lab.second import statements as second_statements
from lab.second.agreement import JSON_WORDS, ROWS, agreed, changed, first_party, second_party_of, sound
from lab.second.mutation import canonical, mutated
from lab.second.vectors import book, whole


def agreed_json(raw: bytes) -> str:
    return agreed(
        lambda: first_json.parse(raw, limit_bytes=1000), lambda: second_json.read_object(raw, limit=1000), raw
    )


def value_of(random: Random, depth: int) -> object:
    kind = random.randrange(8 if depth < 9 else 5)
    if kind < 2:
        return random.choice((0, 1, -1, 2**53 - 1, 1 - 2**53, 2**53, 0.5, None, True, False))
    if kind < 5:
        return "".join(random.choice('aé"\\\n\x00\x1f\x7f\u2028\U0001f389ÿ/[{') for _ in range(random.randrange(5)))
    if kind == 5:
        return [value_of(random, depth + 1) for _ in range(random.randrange(4))]
    keys = ["a", "B", "", "é", "\U0001f389", "\uffff", '"', "\n"]
    return {random.choice(keys): value_of(random, depth + 1) for _ in range(random.randrange(4))}


@pytest.mark.parametrize("row", ROWS)
def test_of_any_json_both_say_the_same(row: int) -> None:
    random = Random(f"json {row}")
    outcomes = set()
    for _ in range(600):
        document = {"a": value_of(random, 1), "b": value_of(random, 1)}
        raw = canonical(document)
        if random.random() < 0.2:
            raw = json.dumps(document, ensure_ascii=random.random() < 0.5, separators=(",", ":")).encode()
        if random.random() < 0.6:
            raw = mutated(random, raw, JSON_WORDS)
        outcomes.add(agreed_json(raw))
    assert outcomes == {"opens", "malformed"}


@pytest.mark.parametrize("row", ROWS)
def test_of_changed_parties_both_say_the_same(row: int) -> None:
    random = Random(f"party {row}")
    for _ in range(60):
        raw = changed(random, random.choice(sound("party", "party")))
        agreed(
            lambda raw=raw: first_party(Party.parse(raw)),
            lambda raw=raw: second_party_of(second_party.read_party(raw)),
            raw,
        )


SIGNER = SigningKey(bytes([101]) * 32)
ROOT_OF_VECTORS = bytes.fromhex(str(book("announcement")[0]["root"]))


def first_announcement(raw: bytes) -> object:
    found = verify_announcement(raw, root=RootVerifyKey(ROOT_OF_VECTORS))
    return found.party.to_bytes(), list(found.reads)


@pytest.mark.parametrize("row", ROWS)
def test_of_changed_announcements_both_say_the_same(row: int) -> None:
    random = Random(f"announcements {row}")
    outcomes = set()
    for _ in range(150):
        document = random.choice(sound("announcement", "item"))[105:]
        if random.random() < 0.8:
            document = changed(random, document)
        said = b"tipline/v1/announcement\0" + document
        raw = b"TIPLINA\x1a\1" + SIGNER.verify_key.encode() + SIGNER.sign(said).signature + document
        raw = raw if random.random() < 0.9 else mutated(random, raw)
        outcomes.add(
            agreed(
                lambda raw=raw: first_announcement(raw),
                lambda raw=raw: second_announcement.read_announcement(raw, root=ROOT_OF_VECTORS),
                raw,
            )
        )
    assert {"malformed", "opens", "bad signature"} <= outcomes


FIRST_ITEMS: dict[str, Callable[[bytes], object]] = {
    "receipt": lambda raw: list(bundle_items.DeliveryReceipt.parse(raw).hashes),
    "withdrawal": lambda raw: list(bundle_items.Withdrawal.parse(raw).reply_ids),
    "week-closed": lambda raw: (
        (bundle_items.WeekClosed.parse(raw).week.year, bundle_items.WeekClosed.parse(raw).week.number),
        bundle_items.WeekClosed.parse(raw).bundle_number,
    ),
}


@pytest.mark.parametrize("row", ROWS)
def test_of_changed_small_items_both_say_the_same(row: int) -> None:
    random = Random(f"items {row}")
    sound_items = [
        (str(vector["type"]), whole(vector["payload"]))
        for vector in book("statements")
        if vector["outcome"] == "opens"
    ]
    for _ in range(250):
        kind, raw = random.choice(sound_items)
        raw = changed(random, raw)
        agreed(
            lambda kind=kind, raw=raw: FIRST_ITEMS[kind](raw),
            lambda kind=kind, raw=raw: second_statements.READERS[kind](raw),
            raw,
        )
