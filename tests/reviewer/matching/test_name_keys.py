"""Keys of names, and what chance gives: alike names share a key, and a frequent name links less."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.matching.frequency import strangers
from reviewer.matching.name_keys import is_one_word, name_form, name_keys
from tests.reviewer.matching.test_names import ALIKE


def keys(name: str) -> set[str]:
    return {key for some in name_keys(name) for key in some}


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_names_that_raise_a_question_share_a_key(one: str, other: str) -> None:
    assert keys(one) & keys(other)


def test_other_names_share_no_key_and_an_initial_has_none() -> None:
    assert not keys("Karel Novak") & keys("Fatima Haddad")
    assert name_keys("J.") == [frozenset()]
    assert name_keys("?!") == []


def test_a_name_has_one_form_in_any_order() -> None:
    assert name_form("Ivanova Nadezhda") == name_form("Nadezhda Ivanova") != ""
    assert (is_one_word("J. Nadja"), is_one_word("Nadja Kovac")) == (True, False)


@given(
    st.integers(0, 200_000),
    st.floats(0.0, 1.0),
    st.lists(st.integers(0, 500), max_size=3),
    st.booleans(),
)
def test_chance_never_makes_a_name_surer_and_more_mailboxes_with_it_make_it_less_so(
    count: int, score: float, frequencies: list[int], is_one: bool
) -> None:
    chance = strangers(count, score, frequencies, is_one_word=is_one)
    more = strangers(count, score, [one + 50 for one in frequencies], is_one_word=is_one)
    assert 0 <= chance.lowered(score) <= score
    assert more.lowered(score) <= chance.lowered(score) + 1e-9
    assert more.pairs >= chance.pairs >= 0


def test_more_names_give_more_pairs_of_strangers() -> None:
    few, many = (strangers(count, 0.95, [1, 1], is_one_word=False).pairs for count in (100, 4120))
    assert few < 1 < many
