"""Sightings and posts: ``docs/formats/sighting.md``."""

import io
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crypto.age.envelope import open_envelope
from crypto.beacon.relay_post import POST_BYTES, copies_in, open_copy, open_post, seal_post
from crypto.beacon.sighting import (
    MEASURED,
    MOST_IDS,
    SIGHTING_BYTES,
    HeardId,
    MeasuredPlace,
    RelaySecret,
    RelayWeekKey,
    Sighting,
    read_sighting,
)
from crypto.errors import CryptoError, NoKeyOpens
from crypto.keys.keys import DutySecretKey, IntakeSecretKey
from crypto.primitives.week import Week
from tests.crypto.vector_outcome import outcome_of
from tests.vectors.book import OPENS, VectorBook, bytes_of

SIGHTINGS, POSTS = list(VectorBook("sighting")), list(VectorBook("relay_post"))
WEEK, NOON = Week(2026, 48), 1_795_608_000
SECRET = RelaySecret(bytes(range(32)))
DUTY = [DutySecretKey(bytes([place]) * 32) for place in (1, 2)]
INTAKE = [IntakeSecretKey(bytes([place]) * 32) for place in (3, 4, 5, 6)]


def known(vector: dict[str, Any]) -> Any:
    own = (vector["relay"], Week.parse(vector["week"]))
    return lambda relay, week: RelayWeekKey(bytes.fromhex(vector["key"])) if (relay, week) == own else None


def key_of(relay: int, week: Week) -> RelayWeekKey | None:
    return SECRET.of_week(week) if relay == 3 else None


@pytest.mark.parametrize("vector", list(VectorBook("relay_copies")), ids=lambda vector: vector["name"])
def test_a_file_of_copies_has_the_outcome_that_its_vector_names_and_so_has_each_copy_alone(
    vector: dict[str, Any],
) -> None:
    raw = bytes_of(vector["file"])
    keys = [IntakeSecretKey(bytes.fromhex(seed)) for seed in vector["keys"]]
    assert outcome_of(lambda: copies_in(raw)) == vector["outcome"]
    if vector["outcome"] == OPENS:
        ends = [
            outcome_of(lambda copy=copy: open_copy(copy, keys=keys, key_of=known(vector)))
            for copy in copies_in(raw)
        ]  # type: ignore[misc]
        assert ends == vector["copies"]


@pytest.mark.parametrize("vector", SIGHTINGS, ids=lambda vector: vector["name"])
def test_a_sighting_has_the_outcome_that_its_vector_names(vector: dict[str, Any]) -> None:
    raw = bytes_of(vector["sighting"])
    assert outcome_of(lambda: read_sighting(raw, key_of=known(vector))) == vector["outcome"]
    if vector["outcome"] == OPENS:
        found = read_sighting(raw, key_of=known(vector))
        place = found.measured
        assert [[one.button_id.hex(), one.first, one.last, one.count, one.rssi] for one in found.ids] == vector[
            "ids"
        ]
        assert (None if place is None else [place.latitude, place.longitude, place.accuracy]) == vector["place"]
        for part in ("number", "sent", "frames", "refused", "is_flooded", "has_copy"):
            assert getattr(found, part) == vector[part]
        assert found.run.hex() == vector["run"]
        assert found.to_bytes(RelayWeekKey(bytes.fromhex(vector["key"]))) == raw


@pytest.mark.parametrize("vector", POSTS, ids=lambda vector: vector["name"])
def test_a_post_has_the_outcome_that_its_vector_names(vector: dict[str, Any]) -> None:
    raw, keys = bytes_of(vector["post"]), [DutySecretKey(bytes.fromhex(seed)) for seed in vector["keys"]]
    assert outcome_of(lambda: open_post(raw, keys=keys, key_of=known(vector))) == vector["outcome"]
    if vector["outcome"] == OPENS:
        found = open_post(raw, keys=keys, key_of=known(vector))
        assert (len(found.sighting.ids), len(found.copy or b"")) == (vector["ids"], vector["copy_bytes"])


def sighting(count: int = 1, **change: Any) -> Sighting:
    ids = tuple(HeardId(bytes([1, *[0] * 6, number + 1]), NOON, NOON + 5, 9, -80) for number in range(count))
    told: dict[str, Any] = {"relay": 3, "week": WEEK, "run": bytes(8), "number": 1, "sent": NOON, "ids": ids}
    return Sighting(**told | change)


def sealed(one: Sighting, *, with_copy: bool = True) -> bytes:
    intake = [key.public_key() for key in INTAKE] if with_copy else []
    return seal_post(one, key=SECRET.of_week(WEEK), duty=[key.public_key() for key in DUTY], intake=intake)


def test_posts_have_one_length_whatever_was_heard_and_whether_a_copy_stands_in_them() -> None:
    measured = sighting(kind=MEASURED, measured=MeasuredPlace(1, 2, 3))
    posts = [sealed(sighting(0)), sealed(sighting(MOST_IDS)), sealed(sighting(), with_copy=False), sealed(measured)]
    assert {len(post) for post in posts} == {POST_BYTES}


def test_the_duty_keys_open_a_and_no_b_and_the_intake_keys_open_b_and_no_a() -> None:
    post = sealed(sighting())
    for key in DUTY:
        opened = open_post(post, keys=[key], key_of=key_of)
        assert opened.sighting.ids == sighting().ids
        assert opened.copy is not None
        with pytest.raises(NoKeyOpens):
            open_envelope(io.BytesIO(opened.copy), keys=[key])
    for intake in INTAKE:
        inside = open_envelope(io.BytesIO(opened.copy), keys=[intake], slots=4).read()
        assert read_sighting(inside, key_of=key_of) == opened.sighting
        assert len(inside) == SIGHTING_BYTES
        with pytest.raises(NoKeyOpens):
            open_envelope(io.BytesIO(post), keys=[intake])


def test_a_key_of_one_week_makes_no_sighting_of_another() -> None:
    of_next_week = sighting(week=WEEK.next()).to_bytes(SECRET.of_week(WEEK))
    with pytest.raises(CryptoError):
        read_sighting(of_next_week, key_of=key_of)


RAW = sealed(sighting())


@settings(max_examples=60, deadline=None)
@given(at=st.integers(0, len(RAW) - 1), bit=st.integers(0, 7))
def test_a_flipped_bit_anywhere_in_a_post_is_refused(at: int, bit: int) -> None:
    changed = bytearray(RAW)
    changed[at] ^= 1 << bit
    with pytest.raises(CryptoError):
        open_post(bytes(changed), keys=DUTY[:1], key_of=key_of)
