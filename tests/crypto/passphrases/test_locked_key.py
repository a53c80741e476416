"""A key under a person's passphrase: ``docs/formats/locked_key.md``."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto.errors import CryptoError, NoKeyOpens
from crypto.passphrases.locked_key import lock_key, unlock_key
from tests.crypto.vector_outcome import outcome_of
from tests.vectors.book import OPENS, VectorBook, bytes_of

VECTORS = list(VectorBook("locked_key"))
KEY = bytes(range(32))


def test_there_are_vectors_and_each_has_a_name_of_its_own() -> None:
    assert len(VECTORS) >= 25
    assert len({vector["name"] for vector in VECTORS}) == len(VECTORS)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_a_vector_has_the_outcome_that_it_names(vector: dict[str, Any]) -> None:
    raw = bytes_of(vector["locked"])
    assert outcome_of(lambda: unlock_key(raw, vector["passphrase"])) == vector["outcome"]
    if vector["outcome"] == OPENS:
        assert unlock_key(raw, vector["passphrase"]).hex() == vector["key"]


def test_the_passphrase_opens_what_it_locked_and_another_does_not() -> None:
    locked = lock_key(KEY, "one passphrase")
    assert len(locked) == 120
    assert KEY not in locked
    assert unlock_key(locked, "one passphrase") == KEY
    with pytest.raises(NoKeyOpens):
        unlock_key(locked, "another passphrase")


def test_the_same_key_and_passphrase_never_give_the_same_bytes() -> None:
    assert lock_key(KEY, "one passphrase") != lock_key(KEY, "one passphrase")


@pytest.mark.parametrize("passphrase", ["", "x" * 1025])
def test_a_passphrase_out_of_bounds_locks_nothing(passphrase: str) -> None:
    with pytest.raises(ValueError, match="1 to 1024"):
        lock_key(KEY, passphrase)


def test_a_key_of_another_length_is_not_locked() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        lock_key(KEY[:-1], "one passphrase")


@given(st.binary(max_size=200))
def test_arbitrary_bytes_raise_nothing_but_our_own_errors(untrusted: bytes) -> None:
    for raw in (untrusted, b"tipline locked key\n" + untrusted):
        with pytest.raises(CryptoError):
            unlock_key(raw, "one passphrase")
