"""The books of vectors as such: enough of them, one fault and one name each, and released ones as they were."""

import re

import pytest

from tests.vectors.book import (
    EXPIRED,
    FORKED,
    MALFORMED,
    NEWER,
    NO_KEY_OPENS,
    NOT_FOR_US,
    OPENS,
    OUT_OF_ORDER,
    OUTCOMES,
    REPLAYED,
    ROLLED_BACK,
    VectorBook,
)
from tests.vectors.release import books, present, released

VECTORS = present()


def test_there_are_many_vectors_and_every_book_has_some() -> None:
    assert len(VECTORS) >= 1000
    assert all(len(VectorBook(book)) for book in books())


def test_every_outcome_that_a_reader_may_give_has_vectors() -> None:
    found = {vector["outcome"] for book in books() for vector in VectorBook(book)}
    assert found == OUTCOMES
    assert {OPENS, MALFORMED, NEWER, NO_KEY_OPENS, NOT_FOR_US, REPLAYED, OUT_OF_ORDER, ROLLED_BACK} < found
    assert {EXPIRED, FORKED} < found


@pytest.mark.parametrize("book", books())
def test_names_say_a_part_and_then_its_fault_and_stand_once(book: str) -> None:
    names = VectorBook(book).names()
    assert len(set(names)) == len(names)
    assert [name for name in names if not re.fullmatch(r"[a-z][a-z0-9-]*(_[a-z0-9-]+)*", name)] == []


def test_every_released_vector_is_there_as_it_was() -> None:
    known = released()
    assert len(known) >= 1000
    assert {place: VECTORS.get(place) for place in known} == known
