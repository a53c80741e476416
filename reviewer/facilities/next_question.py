"""The next question "same place?" for one screen, with the words that differ."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from reviewer.casebook.casebook import Casebook
from reviewer.casebook.facility_lists import StoredFacility
from reviewer.casebook.facility_matches import FacilityDecision, FacilityQuestion
from reviewer.facilities.places import whole_place
from reviewer.supply.facility_form import strict_form
from reviewer.supply.facility_likeness import compare_facilities

MOST_COUNTED: Final = 1_000
_AT_ONCE: Final = 50


@dataclass(frozen=True, slots=True)
class ShownWord:
    """A word of a name or an address; ``differs`` if the other side has no such word."""

    text: str
    differs: bool


@dataclass(frozen=True, slots=True)
class ShownSide:
    """One side of a question: the words of its name and address."""

    facility: StoredFacility
    name: Sequence[ShownWord]
    address: Sequence[ShownWord]
    country: ShownWord


@dataclass(frozen=True, slots=True)
class ShownPair:
    """Both sides of a pair, the reasons as codes, and the decisions on it that count."""

    sides: tuple[ShownSide, ShownSide]
    reasons: Sequence[str]
    decisions: Sequence[FacilityDecision]


def open_questions(casebook: Casebook) -> Iterator[FacilityQuestion]:
    """The open questions, the most alike first; those that were put off stand behind the others."""
    after = 0
    while some := casebook.facility_matches.undecided(most=_AT_ONCE, after=after):
        after += len(some)
        yield from (one for one in some if one.other not in whole_place(casebook, one.one))
    yield from (
        one for one in casebook.facility_matches.put_off() if one.other not in whole_place(casebook, one.one)
    )


def shown_pair(casebook: Casebook, one: int, other: int) -> ShownPair | None:
    """Both sides of a pair; None if a facility of it is gone."""
    found = list(casebook.facility_lists.facilities(sorted({one, other})))
    if len(found) != 2:
        return None
    first, second = found
    comparison = compare_facilities(first.listed.facility, second.listed.facility)
    decisions = [each for each in casebook.facility_matches.of_pair(one, other) if each.undone_day is None]
    return ShownPair((_side(first, second), _side(second, first)), comparison.reasons, decisions)


def _side(facility: StoredFacility, other: StoredFacility) -> ShownSide:
    mine, theirs = facility.listed.facility, other.listed.facility
    return ShownSide(
        facility,
        _words(mine.name, theirs.name),
        _words(mine.address, theirs.address),
        ShownWord(mine.country, mine.country != theirs.country),
    )


def _words(text: str, other: str) -> list[ShownWord]:
    there = {strict_form(word).letters for word in other.split()}
    return [
        ShownWord(word, bool(letters := strict_form(word).letters) and letters not in there)
        for word in text.split()
    ]
