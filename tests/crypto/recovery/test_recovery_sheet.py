"""Keys on paper: ``docs/formats/recovery-sheet.md``."""

import hashlib
import itertools
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shamir_mnemonic import MnemonicError, combine_mnemonics

from crypto.errors import CryptoError, Forked, Mistyped, NoKeyOpens, NotForUs, Replayed
from crypto.primitives import _slip39
from crypto.recovery.recovery_sheet import WORDS_A_SHEET, RecoverySecret, SecretKind, Sheet, SheetSet, split
from lab.second import slip39 as second
from lab.second.recovery_sheet import read_set
from lab.second.refused import Refused
from tests.crypto.vector_outcome import outcome_of
from tests.vectors.book import OPENS, VectorBook

VECTORS = list(VectorBook("recovery_sheet"))
OFFICIAL = json.loads((Path(__file__).parents[2] / "foreign" / "slip39_vectors.json").read_text(encoding="utf-8"))
SECRET = RecoverySecret(SecretKind.ROOT, bytes(range(32)))
SHEETS = split(SECRET, need=3, of=5)
THREE_OF_FIVE = list(itertools.combinations(range(5), 3))


def text_of(sheet: Sheet) -> str:
    return " ".join(sheet.words)


def collected(*sheets: Sheet) -> SheetSet:
    made = SheetSet()
    for sheet in sheets:
        made.add(sheet)
    return made


def test_there_are_vectors_and_each_has_a_name_of_its_own() -> None:
    assert len(VECTORS) >= 40
    assert len({vector["name"] for vector in VECTORS}) == len(VECTORS)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_a_vector_has_the_outcome_that_it_names(vector: dict[str, Any]) -> None:
    def read() -> RecoverySecret:
        sheets = [Sheet.parse(text) for text in vector["sheets"]]
        return collected(*sheets).open().secret

    assert outcome_of(read) == vector["outcome"]
    if vector["outcome"] == OPENS:
        assert (read().kind, read().seed.hex()) == (vector["kind"], vector["seed"])


@pytest.mark.parametrize("vector", OFFICIAL, ids=lambda vector: vector[0])
def test_the_vectors_of_slip_39_hold_in_the_library_and_in_the_second_implementation(vector: list[Any]) -> None:
    """Their passphrase is TREZOR; an empty secret means that the shares must be refused."""
    _description, shares, secret, _wallet_key = vector
    if secret:
        assert combine_mnemonics(shares, b"TREZOR").hex() == secret
        assert _second(shares).hex() == secret
    else:
        with pytest.raises(MnemonicError):
            combine_mnemonics(shares, b"TREZOR")
        with pytest.raises(Refused):
            _second(shares)


def _second(shares: list[str]) -> bytes:
    places = [[second.WORDS.index(word) for word in share.split()] for share in shares]
    if not all(map(second.is_sound, places)):
        raise Refused("likely typo")
    return second.secret_of([second.share_of(one) for one in places], passphrase=b"TREZOR")


def test_all_official_vectors_are_here() -> None:
    assert [vector[0].partition(".")[0] for vector in OFFICIAL] == [str(number) for number in range(1, 46)]


@pytest.mark.parametrize("chosen", THREE_OF_FIVE)
def test_any_three_of_five_open_in_any_order_and_for_the_second_implementation(chosen: tuple[int, ...]) -> None:
    sheets = [SHEETS[place] for place in reversed(chosen)]
    assert collected(*sheets).open().secret == SECRET
    assert read_set([text_of(sheet) for sheet in sheets]) == (1, SECRET.seed)


@pytest.mark.parametrize("chosen", list(itertools.combinations(range(5), 2)))
def test_two_of_three_open_nothing_and_say_how_many_are_missing(chosen: tuple[int, ...]) -> None:
    made = collected(*(SHEETS[place] for place in chosen))
    assert made.missing == 1
    with pytest.raises(NoKeyOpens, match="1 more of these sheets are needed, 3 in all"):
        made.open()


def test_a_share_alone_looks_the_same_whatever_was_split() -> None:
    """The values of one sheet of 2-of-2, over many splittings of one secret: every byte as often as every other.

    256 values, 8,704 drawn for each of two secrets: a fair count lies between 1 and 90, about 34, by far (that one
    value is missing: 4e-13).
    """
    for seed in (bytes(32), bytes(range(32))):
        counted: Counter[int] = Counter()
        for _ in range(256):
            words = split(RecoverySecret(SecretKind.ROOT, seed), need=2, of=2)[1].words
            counted.update(second.share_of([second.WORDS.index(word) for word in words]).value)
        assert len(counted) == 256
        assert max(counted.values()) < 90


def test_every_other_secret_goes_as_well_with_one_share_but_for_the_digest() -> None:
    """The page says of k - 1: any value at 255 has its polynomial through the shares that are known."""
    known = second.share_of([second.WORDS.index(word) for word in split(SECRET, need=2, of=2)[0].words])
    for number in range(20):
        value = hashlib.sha512(bytes([number])).digest()[:34]
        points = {known.place: known.value, 255: value}
        other = second.at(1, points)
        assert second.at(255, {0: known.value, 1: other}) == value
        with pytest.raises(Refused):  # one in 2**32 would pass
            second.join({0: known.value, 1: other}, 2)


def test_a_wrong_word_is_named_by_its_number_wherever_it_stands() -> None:
    words = list(SHEETS[0].words)
    for at in range(WORDS_A_SHEET):
        other = next(word for word in _slip39.WORDS if word != words[at])
        with pytest.raises(Mistyped) as caught:
            Sheet.parse(" ".join([*words[:at], other, *words[at + 1 :]]))
        assert str(caught.value) == f"words of this sheet do not belong together: look at word {at + 1} again"


def test_two_neighbours_that_changed_places_are_named() -> None:
    words = list(SHEETS[0].words)
    # One pair in 1024 is the same word twice, and then nothing has changed places.
    at = next(place for place in range(11, WORDS_A_SHEET) if words[place] != words[place + 1])
    words[at], words[at + 1] = words[at + 1], words[at]
    with pytest.raises(Mistyped, match=f"look at words {at + 1}, {at + 2} again"):
        Sheet.parse(" ".join(words))


def test_words_that_are_not_in_the_list_are_all_named() -> None:
    words = list(SHEETS[0].words)
    words[3], words[20] = "zebra", "giraffe"
    with pytest.raises(Mistyped, match="not in the list of words: words 4, 21") as caught:
        Sheet.parse(" ".join(words))
    assert "zebra" not in str(caught.value)


def test_a_foreign_sheet_and_one_that_is_here_already_are_named() -> None:
    made = collected(SHEETS[0])
    # A set has a number of 15 bits: another one may have drawn the same.
    others = (split(SECRET, need=3, of=5)[1] for _ in range(4))
    foreign = next(sheet for sheet in others if sheet.share.set_number != SHEETS[0].share.set_number)
    with pytest.raises(NotForUs, match="sheet 2 is of another set than sheet 1"):
        made.add(foreign)
    with pytest.raises(Replayed, match="sheet 1 is here already"):
        made.add(SHEETS[0])
    assert made.numbers == [1]


def test_a_false_sheet_is_named_as_soon_as_one_more_is_there() -> None:
    """Its checksum is right; what it says is not what was split."""
    false = _false(SHEETS[1])
    with pytest.raises(NoKeyOpens, match="with one more, it can be named"):
        collected(SHEETS[0], false, SHEETS[2]).open()
    opened = collected(SHEETS[0], false, SHEETS[2], SHEETS[4]).open()
    assert opened.secret == SECRET
    assert opened.false == (2,)
    with pytest.raises(Forked, match="two sheets have the number 2"):
        collected(SHEETS[1], false)


def _false(sheet: Sheet) -> Sheet:
    other = next(one for one in split(SECRET, need=3, of=5) if one.number == sheet.number)
    places = [_slip39.WORDS.index(word) for word in [*sheet.words[:4], *other.words[4:]]]
    summed = [*places[:-3], *_slip39.create_checksum(places[:-3], b"shamir_extendable")]
    return Sheet.parse(" ".join(_slip39.WORDS[place] for place in summed))


def test_nothing_that_holds_words_or_seeds_prints_them() -> None:
    shown = f"{SHEETS[0]!r} {SECRET!r} {collected(*SHEETS).open()!r}".lower()
    assert not any(word in shown.split() for word in SHEETS[0].words)
    assert SECRET.seed.hex() not in shown
    assert repr(SECRET.seed) not in shown


@pytest.mark.parametrize(("need", "of"), [(1, 3), (4, 3), (2, 17), (0, 0)])
def test_a_splitting_that_protects_nothing_or_cannot_be_made_is_refused(need: int, of: int) -> None:
    with pytest.raises(ValueError, match="of at most 16 sheets"):
        split(SECRET, need=need, of=of)


@given(st.text(max_size=400) | st.lists(st.sampled_from(_slip39.WORDS), min_size=34, max_size=36).map(" ".join))
def test_arbitrary_text_raises_nothing_but_our_own_errors(untrusted: str) -> None:
    with pytest.raises(CryptoError):
        Sheet.parse(untrusted)


@settings(max_examples=50)
@given(st.binary(min_size=32, max_size=32), st.sampled_from(list(SecretKind)), st.integers(2, 6), st.integers(0, 4))
def test_both_implementations_open_what_was_split(seed: bytes, kind: SecretKind, need: int, more: int) -> None:
    sheets = split(RecoverySecret(kind, seed), need=need, of=need + more)[more:]
    assert collected(*sheets).open().secret == RecoverySecret(kind, seed)
    assert read_set([text_of(sheet) for sheet in sheets]) == (kind, seed)
