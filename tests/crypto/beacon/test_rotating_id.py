"""Ids of buttons, marks of days, and frames: ``docs/formats/rotating-id.md``, ``docs/formats/day-mark.md``."""

import datetime as dt
from typing import Any

import pytest

from crypto.beacon.day_mark import FRAME_BYTES, MarkKey, frame_of, id_of_frame
from crypto.beacon.rotating_id import WINDOW_SECONDS, ButtonSeed, Meaning, id_at, ids_of_windows
from crypto.errors import Malformed
from tests.crypto.vector_outcome import outcome_of
from tests.vectors.book import OPENS, VectorBook

IDS, MARKS, FRAMES = (list(VectorBook(name)) for name in ("rotating_id", "day_mark", "frame"))
NOON = 1_795_608_000


def test_every_id_of_the_vectors_is_computed() -> None:
    for vector in IDS:
        key = bytes.fromhex(vector["key"])
        outcome = outcome_of(lambda key=key, one=vector: id_at(key, one["time"], exponent=one["exponent"]))
        assert outcome == vector["outcome"], vector["name"]
        if outcome == OPENS:
            assert id_at(key, vector["time"], exponent=vector["exponent"]).hex() == vector["id"]
        if "seed" in vector:
            assert ButtonSeed(bytes.fromhex(vector["seed"])).id_key(Meaning(vector["meaning"])) == key


def test_the_two_published_ids_of_eddystone_are_computed() -> None:
    key = bytes.fromhex("0102030405060708090a111213141516")
    assert [id_at(key, time).hex() for time in (0, 2000)] == ["a9b76a71c5f89290", "4144413e45fefa58"]


@pytest.mark.parametrize("vector", MARKS, ids=lambda vector: vector["name"])
def test_a_mark_has_the_outcome_that_its_vector_names(vector: dict[str, Any]) -> None:
    def mark() -> bytes:
        return MarkKey(bytes.fromhex(vector["mark_key"])).mark_of(dt.date.fromisoformat(vector["day"]))

    assert outcome_of(mark) == vector["outcome"]
    if vector["outcome"] == OPENS:
        assert mark().hex() == vector["mark"]


@pytest.mark.parametrize("vector", FRAMES, ids=lambda vector: vector["name"])
def test_a_frame_has_the_outcome_that_its_vector_names(vector: dict[str, Any]) -> None:
    frame, marks = bytes.fromhex(vector["frame"]), [bytes.fromhex(mark) for mark in vector["marks"]]
    assert outcome_of(lambda: id_of_frame(frame, marks=marks)) == vector["outcome"]
    if vector["outcome"] == OPENS:
        assert id_of_frame(frame, marks=marks).hex() == vector["id"]


def test_ids_of_many_windows_are_those_of_each_window_also_where_the_temporary_key_changes() -> None:
    key = ButtonSeed.generate().id_key(Meaning.HELP_1)
    first = (NOON >> 16 << 6) - 70
    told = list(ids_of_windows(key, first, 200))
    assert told == [id_at(key, window * WINDOW_SECONDS) for window in range(first, first + 200)]
    assert len(set(told)) == 200
    with pytest.raises(Malformed):
        list(ids_of_windows(key, 2**22 - 1, 2))


def test_a_button_has_another_id_for_each_meaning_and_another_button_has_others() -> None:
    seeds = [ButtonSeed.generate() for _ in range(3)]
    ids = {id_at(seed.id_key(meaning), NOON) for seed in seeds for meaning in Meaning}
    assert len(ids) == len(seeds) * len(Meaning)


def test_a_frame_that_a_button_sends_is_read_by_a_relay_of_its_days_and_says_nothing_else() -> None:
    key, sent = MarkKey.generate(), bytes(range(1, 9))
    days = [dt.date(2026, 12, 31) + dt.timedelta(days=one) for one in (-1, 0, 1)]
    marks = [key.mark_of(day) for day in days]
    for mark in marks:
        frame = frame_of(mark, sent)
        assert len(frame) == FRAME_BYTES
        assert id_of_frame(frame, marks=marks) == sent
        assert frame[2:18] == mark[::-1]
