"""The check word of a passphrase, tried against every word of the list; and 100,000 drawn passphrases."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto.errors import Mistyped
from crypto.passphrases.passphrase import Passphrase
from crypto.primitives import wordlist


@given(st.lists(st.integers(1, 7772), min_size=8, max_size=8))
def test_only_one_check_word_in_all_fits(places: list[int]) -> None:
    fitting = _fitting(places[:7])
    assert len(fitting) == 1
    if places[7] not in fitting:
        with pytest.raises(Mistyped):
            Passphrase(places)


def test_a_hundred_thousand_drawn_passphrases_hold_no_word_that_wounds_nor_as_their_check_word() -> None:
    drawn = [Passphrase.generate().words for _ in range(100_000)]
    assert not wordlist.NEVER_DRAWN & set(itertools.chain.from_iterable(drawn))
    assert {"captive", "captivity", "enslave", "strangle", "undress", "deport", "police"} <= wordlist.NEVER_DRAWN
    killers, punishments, bodies = {"headsman", "huntsman"}, {"lash", "smite", "reproach"}, {"thigh", "pelvis"}
    assert killers | punishments | bodies | {"junkie", "catatonic"} <= wordlist.NEVER_DRAWN


def _fitting(places: list[int]) -> list[int]:
    found = []
    for last in range(1, 7773):
        try:
            Passphrase([*places, last])
        except Mistyped:
            continue
        found.append(last)
    return found
