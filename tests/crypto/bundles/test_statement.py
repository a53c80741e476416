"""The statement that the sender of a bundle signs: ``docs/formats/bundle.md``."""

import dataclasses
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crypto.bundles.bundle_statement import (
    ItemEntry,
    ItemType,
    Receiver,
    Statement,
    sign_statement,
    verify_statement,
)
from crypto.errors import BadSignature, CryptoError, Malformed, NotForUs
from crypto.keys.party import PartyKeys
from tests.crypto.vector_outcome import outcome_of
from tests.vectors.book import OPENS, VectorBook, bytes_of

VECTORS = list(VectorBook("statement"))
SENDER, ONE, TWO, THREE = (PartyKeys.generate(name) for name in ("server", "one", "two", "three"))
KEY = {keys.name: keys.signing.verify_key() for keys in (SENDER, ONE, TWO, THREE)}
ITEMS = [ItemEntry.of(ItemType.REPLY, b"a row"), ItemEntry.of(ItemType.MANIFEST, b"a manifest")]


def first(*receivers: str) -> Statement:
    return Statement.first(sender=KEY["server"], receivers=[KEY[name] for name in receivers], items=ITEMS)


def follow(statement: Statement, *receivers: str) -> Statement:
    return statement.follow(receivers=[KEY[name] for name in receivers], items=[])


def test_there_are_vectors_and_each_has_a_name_of_its_own() -> None:
    assert len(VECTORS) >= 45
    assert len({vector["name"] for vector in VECTORS}) == len(VECTORS)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_a_vector_has_the_outcome_that_it_names(vector: dict[str, Any]) -> None:
    raw = bytes_of(vector["statement"])
    assert outcome_of(lambda: Statement.parse(raw)) == vector["outcome"]
    if vector["outcome"] == OPENS:
        assert Statement.parse(raw).to_bytes() == raw


def test_what_is_signed_is_verified_and_read_back() -> None:
    statement = first("one", "two")
    signature = sign_statement(statement, key=SENDER.signing)
    assert len(signature) == 64
    assert verify_statement(statement.to_bytes(), signature=signature, sender=KEY["server"]) == statement


def test_only_the_sender_signs() -> None:
    statement = first("one")
    with pytest.raises(ValueError, match="by its sender"):
        sign_statement(statement, key=ONE.signing)
    signature = ONE.signing.sign(b"tipline/v1/bundle-statement\0" + statement.to_bytes())
    with pytest.raises(BadSignature):
        verify_statement(statement.to_bytes(), signature=signature, sender=KEY["server"])
    with pytest.raises(Malformed):
        verify_statement(statement.to_bytes(), signature=signature, sender=KEY["one"])


def test_a_signature_without_the_label_counts_for_nothing() -> None:
    statement = first("one")
    with pytest.raises(BadSignature):
        verify_statement(
            statement.to_bytes(), signature=SENDER.signing.sign(statement.to_bytes()), sender=KEY["server"]
        )


def test_every_stream_begins_with_an_id_of_its_own() -> None:
    one, other = first("one"), first("one")
    assert one.stream != other.stream
    assert (one.number, one.previous_sha256) == (1, None)


def test_the_next_one_names_the_one_before() -> None:
    one = first("one")
    two = follow(one, "one")
    assert (two.stream, two.number, two.previous_sha256) == (one.stream, 2, one.sha256)
    assert follow(two, "one").previous_sha256 == two.sha256


def test_since_stays_while_a_receiver_stays_and_begins_anew_when_it_comes_back() -> None:
    one = first("one")
    two = follow(one, "one", "two")
    three = follow(two, "two")
    four = follow(three, "one", "two", "three")
    assert [each.since(KEY["two"]) for each in (two, three, four)] == [2, 2, 2]
    assert [each.since(KEY["one"]) for each in (one, two, four)] == [1, 1, 4]
    assert four.since(KEY["three"]) == 4
    with pytest.raises(NotForUs):
        three.since(KEY["one"])


def test_what_a_reader_refuses_cannot_be_made_either() -> None:
    statement = follow(first("one"), "one")
    changes: list[dict[str, Any]] = [
        {"number": 0},
        {"number": 1},
        {"previous_sha256": None},
        {"previous_sha256": bytes(31)},
        {"stream": bytes(15)},
        {"receivers": ()},
        {"receivers": (Receiver(KEY["server"], 1),)},
        {"receivers": (Receiver(KEY["one"], 3),)},
        {"receivers": statement.receivers * 2},
        {"items": tuple(ITEMS[:1]) * 16_385},
    ]
    for change in changes:
        with pytest.raises(Malformed):
            dataclasses.replace(statement, **change)
    for digest, length in ((bytes(31), 1), (bytes(32), 0), (bytes(32), 2**40 + 1)):
        with pytest.raises(Malformed):
            ItemEntry(ItemType.REPLY, digest, length)


def test_a_full_statement_stays_within_its_limit() -> None:
    longest = ItemEntry(ItemType.WEEK_CLOSED, bytes(32), 2**40)
    statement = Statement.first(sender=KEY["server"], receivers=[KEY["one"]], items=[longest] * 16_384)
    assert Statement.parse(statement.to_bytes()) == statement


@settings(max_examples=100)
@given(st.integers(0, 10_000), st.integers(1, 255))
def test_a_changed_byte_is_another_statement_or_an_error_of_ours(at: int, by: int) -> None:
    sound = bytes_of(VECTORS[0]["statement"])
    at %= len(sound)
    changed = sound[:at] + bytes([sound[at] ^ by]) + sound[at + 1 :]
    try:
        statement = Statement.parse(changed)
    except CryptoError:
        return
    assert statement.to_bytes() == changed
    assert statement.sha256 != Statement.parse(sound).sha256
