"""Places of words in a tip, as reviewers name them: ``docs/formats/shared.md``."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto.errors import Malformed
from crypto.sharing.text_place import LARGEST, SharedPlace

NUMBERS = st.integers(0, LARGEST)


@given(
    st.booleans(), st.sampled_from(["field", "file", "picture"]), NUMBERS, NUMBERS, NUMBERS, st.integers(1, LARGEST)
)
def test_a_place_is_read_as_it_was_written(
    is_inside: bool, part: str, sealed: int, place: int, first: int, length: int
) -> None:
    one = SharedPlace(f"inside-{part}" if is_inside else part, sealed if is_inside else None, place, first, length)
    assert SharedPlace.parse(str(one)) == one


@pytest.mark.parametrize(
    "text",
    [
        "field 0 12 15", "file 2 0 7", "inside-field 1.0 12 15", "inside-file 1.0 0 7", "picture 2 0 1",
        "inside-picture 1.0 0 1",
    ],
)  # fmt: skip
def test_the_places_of_the_page_are_places(text: str) -> None:
    assert str(SharedPlace.parse(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "", "field", "field 0 12", "field 0 12 0", "field 00 12 15", "field 0 -1 15", "field 1.0 12 15",
        "note 0 1 2", "inside-field 0 12 15", "field 0  12 15", "field 0 12 15 ", "Field 0 12 15",
        "field 2147483648 0 1", "field \u0661 0 1", "field 0 12 99999999999",
    ],
)  # fmt: skip
def test_anything_else_is_no_place(text: str) -> None:
    with pytest.raises(Malformed):
        SharedPlace.parse(text)
