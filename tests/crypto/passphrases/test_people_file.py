"""The people of one home and their passphrases: ``docs/formats/people-file.md``."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto.errors import CryptoError, NoKeyOpens
from crypto.keys.at_rest import RestKey
from crypto.passphrases.people_file import FILE_BYTES, PeopleFile
from crypto.passphrases.people_roster import PLACES, Role
from tests.crypto.vector_outcome import outcome_of
from tests.vectors.book import OPENS, VectorBook, bytes_of

VECTORS = list(VectorBook("people_file"))
KEY = RestKey(bytes(range(32)))
FIRST, SECOND = "the first of the phrases", "phrase of the second one"


def read(raw: bytes, passphrase: str) -> tuple[int, str, bytes, list[str | None] | None]:
    people = PeopleFile.parse(raw)
    assert people.to_bytes() == raw
    place = people.unlock(passphrase)
    first, second = place.keys
    keys = first.seed() + (second.seed() if second is not None else bytes(32))
    if place.role is Role.MEMBER:
        return place.place, place.name, keys, None
    listed = people.roster(first).people
    return place.place, place.name, keys, [listed[one].name if one in listed else None for one in range(PLACES)]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_a_vector_has_the_outcome_that_it_names(vector: dict[str, Any]) -> None:
    raw = bytes_of(vector["people"])
    assert outcome_of(lambda: read(raw, vector["passphrase"])) == vector["outcome"]
    if vector["outcome"] == OPENS:
        place, person, keys, names = read(raw, vector["passphrase"])
        told = (vector["place"], vector["person"], vector["keys"], vector["names"])
        assert (place, person, keys.hex(), names) == told


def test_a_person_comes_and_the_others_keep_their_locks_and_every_wrap_is_new() -> None:
    alone = PeopleFile.begin(KEY, FIRST, name="Amal")
    both = alone.with_person(KEY, SECOND, name="Noor", role=Role.MEMBER)
    assert len(alone.to_bytes()) == len(both.to_bytes()) == FILE_BYTES
    changed = [old != new for old, new in zip(alone.locks, both.locks, strict=True)]
    assert changed.count(True) == 1
    assert not set(alone.wraps) & set(both.wraps)
    assert both.unlock(FIRST).keys[0].seed() == KEY.seed()


def test_the_keys_of_a_member_tell_neither_the_home_key_nor_those_of_another_member() -> None:
    people = PeopleFile.begin(KEY, FIRST, name="Amal")
    people = people.with_person(KEY, SECOND, name="Noor", role=Role.MEMBER)
    people = people.with_person(KEY, "and this is the third", name="Salma", role=Role.MEMBER)
    one, other = people.unlock(SECOND), people.unlock("and this is the third")
    assert one.keys[0].seed() != other.keys[0].seed()
    for key in (*one.keys, RestKey(one.own.seed())):
        assert key is not None
        assert key.seed() != KEY.seed()
        with pytest.raises(NoKeyOpens):
            people.roster(key)


def test_an_empty_place_has_no_byte_that_a_taken_one_lacks() -> None:
    """Over many files each byte of an empty lock takes many values, as sealed bytes do."""
    seen = [set[int]() for _byte in range(72)]
    for _file in range(4):
        for lock in PeopleFile.begin(KEY, FIRST, name="Amal").locks:
            for values, value in zip(seen, lock, strict=True):
                values.add(value)
    assert min(map(len, seen)) > 30


@given(st.binary(max_size=200))
def test_arbitrary_bytes_raise_nothing_but_our_own_errors(untrusted: bytes) -> None:
    for raw in (untrusted, b"tipline people file\n" + untrusted):
        with pytest.raises(CryptoError):
            PeopleFile.parse(raw)
