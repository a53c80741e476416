"""Which bundle may come next: the table "Place in the stream" in ``docs/formats/bundle.md``."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto.bundles.bundle_statement import Statement
from crypto.bundles.stream_position import StreamPosition
from crypto.errors import CryptoError, Forked, NewStream, OutOfOrder, Replayed
from crypto.keys.keys import PartyVerifyKey
from crypto.keys.party import PartyKeys
from tests.crypto.vector_outcome import outcome_of
from tests.vectors.book import OPENS, VectorBook, bytes_of

VECTORS = list(VectorBook("stream"))
SERVER, OWN = (PartyKeys.generate(name).signing.verify_key() for name in ("server", "own"))


def stream(length: int) -> list[Statement]:
    made = [Statement.first(sender=SERVER, receivers=[OWN], items=[])]
    while len(made) < length:
        made.append(made[-1].follow(receivers=[OWN], items=[]))
    return made


def place_of(kept: dict[str, Any]) -> StreamPosition:
    return StreamPosition(
        bytes.fromhex(kept["stream"]),
        kept["number"],
        bytes.fromhex(kept["last_sha256"]) if kept["last_sha256"] else None,
        {int(number): bytes.fromhex(digest) for number, digest in kept["earlier"].items()},
        frozenset(map(bytes.fromhex, kept["ended"])),
        {place.stream: place for place in map(place_of, (one | {"ended": []} for one in kept.get("read_on", [])))},
    )


def test_there_are_vectors_and_each_has_a_name_of_its_own() -> None:
    assert len(VECTORS) >= 25
    assert len({vector["name"] for vector in VECTORS}) == len(VECTORS)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_a_vector_has_the_outcome_that_it_names(vector: dict[str, Any]) -> None:
    own, statement = PartyVerifyKey.parse(vector["own"]), Statement.parse(bytes_of(vector["statement"]))
    place = place_of(vector["place"]) if vector["place"] else StreamPosition.begin(statement.stream)
    assert outcome_of(lambda: place.advance(statement, own=own)) == vector["outcome"]
    if vector["outcome"] == OPENS:
        after = place.advance(statement, own=own)
        assert (after.number, after.last_sha256) == (statement.number, statement.sha256)
        assert outcome_of(lambda: after.advance(statement, own=own)) == "replayed"


@given(st.lists(st.integers(0, 7), max_size=40))
def test_whatever_order_the_courier_brings_them_in_each_is_taken_once_and_in_order(order: list[int]) -> None:
    bundles = stream(8)
    place = StreamPosition.begin(bundles[0].stream)
    taken: list[int] = []
    for at in order:
        try:
            place = place.advance(bundles[at], own=OWN)
        except Replayed:
            assert at + 1 in taken
        except OutOfOrder:
            assert at > len(taken)
        else:
            taken.append(at + 1)
    assert taken == list(range(1, len(taken) + 1))
    assert place.number == len(taken)


@given(st.integers(1, 7), st.integers(0, 7), st.integers(0, 9))
def test_a_restored_twin_is_found_at_its_first_bundle_that_differs(fork_at: int, read: int, twin_at: int) -> None:
    ours = stream(8)
    # The twin was restored from a backup after bundle fork_at, and goes on with other items.
    twin = ours[:fork_at]
    while len(twin) < 10:
        twin.append(twin[-1].follow(receivers=[OWN, PartyKeys.generate("new").signing.verify_key()], items=[]))
    place = StreamPosition.begin(ours[0].stream)
    for statement in ours[: read + 1]:
        place = place.advance(statement, own=OWN)
    outcome = outcome_of(lambda: place.advance(twin[twin_at], own=OWN))
    if twin_at < fork_at:  # the same bundle in both
        expected = "replayed" if twin_at <= read else ("opens" if twin_at == read + 1 else "out of order")
    elif twin_at <= read or (twin_at == read + 1 and read >= fork_at):
        expected = "forked"
    else:
        expected = "opens" if twin_at == read + 1 else "out of order"
    assert outcome == expected


def test_a_refused_bundle_changes_nothing() -> None:
    bundles = stream(5)
    place = StreamPosition.begin(bundles[0].stream).advance(bundles[0], own=OWN)
    for statement in (bundles[0], bundles[3], stream(1)[0]):
        with pytest.raises(CryptoError):
            place.advance(statement, own=OWN)
    assert place.advance(bundles[1], own=OWN).number == 2


def test_a_new_stream_waits_for_staff_and_ends_the_old_one() -> None:
    old, new = stream(3), stream(2)
    place = StreamPosition.begin(old[0].stream).advance(old[0], own=OWN)
    with pytest.raises(NewStream) as caught:
        place.advance(new[0], own=OWN)
    assert caught.value.stream == new[0].stream
    confirmed = StreamPosition.begin(caught.value.stream, ended=place.ended | {place.stream})
    after = confirmed.advance(new[0], own=OWN).advance(new[1], own=OWN)
    assert after.number == 2
    assert outcome_of(lambda: after.advance(old[1], own=OWN)) == "rolled back"


def test_every_digest_is_kept() -> None:
    bundles = stream(6)
    place = StreamPosition.begin(bundles[0].stream)
    for statement in bundles:
        place = place.advance(statement, own=OWN)
    assert place.earlier == {each.number: each.sha256 for each in bundles[:-1]}
    assert place.last_sha256 == bundles[-1].sha256


def test_messages_name_the_bundle_that_must_come_next() -> None:
    bundles = stream(5)
    place = StreamPosition.begin(bundles[0].stream).advance(bundles[0], own=OWN)
    with pytest.raises(OutOfOrder, match="bundle 2 must come before bundle 5"):
        place.advance(bundles[4], own=OWN)
    with pytest.raises(Forked, match="bundle 1"):
        StreamPosition(bundles[0].stream, 1, bytes(32)).advance(bundles[0], own=OWN)
