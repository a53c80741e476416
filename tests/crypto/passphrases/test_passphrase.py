"""Passphrases: ``docs/formats/passphrase.md``."""

import copy
import itertools
import math
import pickle
import secrets
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto.errors import CryptoError, Malformed, Mistyped
from crypto.passphrases.passphrase import Passphrase, _check_place, drawn_bits
from crypto.primitives import wordlist
from tests.crypto.vector_outcome import outcome_of
from tests.vectors.book import OPENS, VectorBook

VECTORS = list(VectorBook("passphrase"))
FIXED = Passphrase.parse(VECTORS[0]["text"])
"""For what looks into messages: the list has words like "other" and "number", which stand in ours too."""


def test_there_are_vectors_and_each_has_a_name_of_its_own() -> None:
    assert len(VECTORS) >= 50
    assert len({vector["name"] for vector in VECTORS}) == len(VECTORS)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_a_vector_has_the_outcome_that_it_names(vector: dict[str, Any]) -> None:
    assert outcome_of(lambda: Passphrase.parse(vector["text"])) == vector["outcome"]
    if vector["outcome"] == OPENS:
        passphrase = Passphrase.parse(vector["text"])
        assert list(passphrase.words) == vector["words"]
        assert list(passphrase.digits) == vector["digits"]
        assert passphrase.secret().hex() == vector["secret"]


def test_no_word_of_the_list_begins_another_one() -> None:
    ordered = sorted(wordlist.WORD_AT)
    assert len(ordered) == len(set(ordered)) == wordlist.WORDS == 7772
    assert not [one for one, other in itertools.pairwise(ordered) if other.startswith(one)]


def test_a_drawn_passphrase_holds_ninety_bits_counted_from_the_words_that_may_be_drawn() -> None:
    never = (Path(wordlist.__file__).parent / "never_drawn.txt").read_text().split()
    drawn = wordlist.WORDS - len(never)
    assert len(set(never)) == len(never) <= 309
    assert drawn_bits() == pytest.approx(math.log2(drawn**7 * (drawn / wordlist.WORDS)))
    assert drawn_bits() >= 90


def test_no_place_can_hold_a_word_that_wounds(monkeypatch: pytest.MonkeyPatch) -> None:
    """The generator is made to draw what leads to such a check word first."""
    seven = next(
        places
        for start in itertools.count()
        if wordlist.WORD_AT[_check_place(places := wordlist.DRAWN_PLACES[start : start + 7]) - 1]
        in wordlist.NEVER_DRAWN
    )
    coming = iter([*seven, *wordlist.DRAWN_PLACES[:7]])
    offered = []

    def choice(places: Sequence[int]) -> int:
        offered.append(places)
        return next(coming)

    monkeypatch.setattr(secrets, "choice", choice)
    words = Passphrase.generate().words
    assert words[:7] == tuple(wordlist.WORD_AT[place - 1] for place in wordlist.DRAWN_PLACES[:7])
    assert len(offered) == 14
    assert not any(wordlist.WORD_AT[place - 1] in wordlist.NEVER_DRAWN for places in offered for place in places)


def test_a_passphrase_with_words_that_are_no_longer_drawn_still_opens() -> None:
    places = [wordlist.PLACE_OF[word] for word in sorted(wordlist.NEVER_DRAWN)[:7]]
    places.append(_check_place(places))
    words = " ".join(wordlist.WORD_AT[place - 1] for place in places)
    assert Passphrase.parse(words) == Passphrase(places)


def test_generated_passphrases_differ_and_use_the_whole_list() -> None:
    drawn = [Passphrase.generate() for _ in range(3000)]
    assert len({passphrase.secret() for passphrase in drawn}) == len(drawn)
    seen = Counter(word for passphrase in drawn for word in passphrase.words[:7])
    # 21,000 draws miss about 7 in 100 words; a generator that leaves out a tenth of the list would be seen.
    assert len(seen) > 0.9 * len(wordlist.DRAWN_PLACES)
    assert max(seen.values()) < 20


def test_words_come_from_the_operating_systems_generator() -> None:
    """A generator that was seeded alike would draw the same words; the system's takes no seed."""
    script = (
        "import random\n"
        "random.seed(7)\n"
        "from crypto.passphrases.passphrase import Passphrase\n"
        "random.seed(7)\n"
        "print(*Passphrase.generate().words)\n"
    )
    drawn = {subprocess.run([sys.executable, "-c", script], capture_output=True, check=True).stdout for _ in "123"}
    assert len(drawn) == 3


@given(st.integers(0, 7), st.integers(1, 7771))
def test_one_word_replaced_is_a_likely_typo(at: int, by: int) -> None:
    words = list(Passphrase.generate().words)
    words[at] = wordlist.WORD_AT[(wordlist.PLACE_OF[words[at]] - 1 + by) % wordlist.WORDS]
    try:
        again = Passphrase.parse(" ".join(words))
    except Mistyped:
        return
    # One in 7,772 passes; then it is another passphrase, not the same one.
    assert list(again.words) == words


@given(st.text(max_size=600))
def test_arbitrary_text_is_a_likely_typo_or_malformed_and_nothing_else(text: str) -> None:
    with pytest.raises((Mistyped, Malformed)):
        Passphrase.parse(text)


@given(
    st.lists(st.sampled_from(["abacus", "7772", "0000", "zoom", "12", "\u0661", "-", "\u00e9", "x"]), max_size=40)
)
def test_pieces_of_passphrases_raise_our_errors_only(pieces: list[str]) -> None:
    try:
        passphrase = Passphrase.parse(" ".join(pieces))
    except CryptoError:
        return
    assert Passphrase.parse(" ".join(passphrase.words)) == passphrase


def test_words_and_digits_are_the_same_secret() -> None:
    passphrase = Passphrase.generate()
    assert (
        Passphrase.parse(" ".join(passphrase.words)) == Passphrase.parse("".join(passphrase.digits)) == passphrase
    )
    assert passphrase != Passphrase.generate()


def test_a_passphrase_does_not_show_itself() -> None:
    passphrase = FIXED
    for shown in (repr(passphrase), str(passphrase), f"{passphrase}"):
        assert not [word for word in (*passphrase.words, *passphrase.digits) if word in shown]


def test_errors_do_not_quote_what_was_typed() -> None:
    words = FIXED.words
    for text in (
        " ".join([*words[:7], "qqqqq"]),
        " ".join(words[:7]),
        "4321 " + " ".join(words[:6]),
        "qqqqq" * 200,
    ):
        with pytest.raises(CryptoError) as caught:
            Passphrase.parse(text)
        assert not [word for word in (*words, "qqqqq", "4321") if word in str(caught.value)]


def test_nothing_can_be_kept_by_passphrase() -> None:
    passphrase = Passphrase.generate()
    with pytest.raises(TypeError):
        {passphrase: 1}  # noqa: B018 -- that this fails is the claim
    for keep in (pickle.dumps, copy.copy):
        with pytest.raises(TypeError):
            keep(passphrase)
