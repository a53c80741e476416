"""The size ladder: ``docs/formats/container.md``, section "Padding"."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto.submissions.size_classes import STEP_BYTES, is_size_class, padded_length
from tests.vectors.book import VectorBook

VECTORS = list(VectorBook("ladder"))
LENGTHS = st.integers(0, 1 << 45)


def test_there_are_vectors() -> None:
    assert len(VECTORS) >= 20


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_a_vector_is_padded_to_the_step_that_it_names(vector: dict[str, Any]) -> None:
    assert padded_length(vector["length"]) == vector["padded"]
    assert is_size_class(vector["padded"])


@given(LENGTHS)
def test_a_step_holds_the_length_is_whole_chunks_and_is_its_own_step(length: int) -> None:
    step = padded_length(length)
    assert step >= length
    assert step % STEP_BYTES == 0
    assert padded_length(step) == step
    assert is_size_class(step)
    assert is_size_class(length) == (length == step)


@given(LENGTHS, LENGTHS)
def test_more_is_never_padded_to_less(one: int, other: int) -> None:
    assert (padded_length(one) <= padded_length(other)) or one > other


@given(st.integers((1 << 20) + 1, 1 << 45))
def test_above_1_mib_at_most_an_eighth_is_added(length: int) -> None:
    assert 8 * (padded_length(length) - length) <= length


@given(st.integers(STEP_BYTES, 1 << 20))
def test_up_to_1_mib_at_most_as_much_again_is_added(length: int) -> None:
    assert padded_length(length) < 2 * length


def test_the_steps_are_exactly_those_of_the_page() -> None:
    kib, mib = 1 << 10, 1 << 20
    steps = [64 * kib, 128 * kib, 256 * kib, 512 * kib]
    for octave in range(20):
        steps += [(mib << octave) + eighth * (mib << octave) // 8 for eighth in range(8)]
    below = [0, *steps]
    for before, step in zip(below, steps, strict=False):
        assert {padded_length(length) for length in (before + 1, (before + step) // 2 + 1, step)} == {step}
        assert [length for length in (step - 1, step, step + 1) if is_size_class(length)] == [step]


def test_between_1_and_4_mib_there_are_eight_steps_an_octave() -> None:
    steps = {padded_length(length) for length in range((1 << 20) + 1, (4 << 20) + 1, 4096)}
    steps |= {padded_length(4 << 20), padded_length(2 << 20)}
    assert len(steps) == 16


def test_a_negative_length_is_the_programmers_fault() -> None:
    with pytest.raises(ValueError, match="negative"):
        padded_length(-1)
    assert not is_size_class(-1)
    assert not is_size_class(0)
