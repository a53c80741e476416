"""The question if two facilities are the same place: open questions, answers, and undoing one."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from reviewer.casebook.casebook import Casebook
from reviewer.casebook.facility_goods import Buyer, FacilityGood
from reviewer.casebook.facility_lists import FacilityList, StoredFacility
from reviewer.casebook.facility_matches import FacilityAnswer, FacilityDecision, FacilityQuestion
from reviewer.facilities.editions import no_longer_on
from reviewer.facilities.kept_refusals import PlaceBefore
from reviewer.facilities.places import clusters_of, whole_place
from reviewer.home.home import Home
from system.errors import ProgramError

_LONGEST_REASON: Final = 500


@dataclass(frozen=True, slots=True)
class OpenPair:
    """An open question with both facilities; ``is_later``: a person put it off."""

    question: FacilityQuestion
    one: StoredFacility
    other: StoredFacility
    is_later: bool

    def to_json(self) -> dict[str, Any]:
        """For programs; names and addresses are untrusted text."""
        return {
            "facilities": [facility_json(self.one), facility_json(self.other)],
            "score": self.question.score,
            "reasons": list(self.question.reasons),
            "later": self.is_later,
        }


@dataclass(frozen=True, slots=True)
class FacilityPage:
    """A facility with its list, its rows, the decisions in force, and the others that are the same place.

    ``goods`` and ``buyers`` are those of this facility alone. ``gone_since`` is the edition of its list that no
    longer has it.
    """

    facility: StoredFacility
    facility_list: FacilityList
    goods: Sequence[FacilityGood]
    buyers: Sequence[Buyer]
    rows: Sequence[tuple[int, Mapping[str, str]]]
    decisions: Sequence[FacilityDecision]
    same: Sequence[StoredFacility]
    gone_since: FacilityList | None


class SamePlace:
    """The clusters of the decisions in force; a person's *different* beats any chain of *same*."""

    def __init__(self, casebook: Casebook) -> None:
        self._casebook = casebook
        self._decisions = {one.number: one for one in casebook.facility_matches.all_in_force()}
        self.clusters = clusters_of(self._decisions.values())

    def open(self) -> Iterator[OpenPair]:
        """The open questions, the most alike first; those that were put off stand behind the others."""
        later = {(one.one, one.other) for one in self._decisions.values() if one.answer is FacilityAnswer.LATER}
        put_off: list[FacilityQuestion] = []
        for question in self._casebook.facility_matches.questions():
            if self._is_settled(question):
                continue
            if (question.one, question.other) in later:
                put_off.append(question)
            else:
                yield self._pair(question, is_later=False)
        for question in put_off:
            yield self._pair(question, is_later=True)

    def count(self) -> int:
        """The number of open questions."""
        return sum(not self._is_settled(one) for one in self._casebook.facility_matches.questions())

    def contradictions(self) -> list[tuple[FacilityDecision, list[FacilityDecision]]]:
        """Each *different*, with the *same* decisions that say the opposite and so join nothing."""
        return [
            (self._decisions[different.number], [self._decisions[same.number] for same in sames])
            for different, sames in self.clusters.opposite()
        ]

    def _is_settled(self, question: FacilityQuestion) -> bool:
        decided = self.clusters.decided(question.one, question.other)
        return decided is not None or question.other in self.clusters.of(question.one)

    def _pair(self, question: FacilityQuestion, *, is_later: bool) -> OpenPair:
        one, other = self._casebook.facility_lists.facilities([question.one, question.other])
        return OpenPair(question, one, other, is_later)


def decide(home: Home, one: str, other: str, answer: FacilityAnswer, *, because: str, today: dt.date) -> None:
    """Keep a person's answer about two facilities.

    Raises:
        ProgramError: a facility is unknown, both are one, or the reason is missing or too long.
    """
    if not 1 <= len(because.strip()) <= _LONGEST_REASON:
        raise ProgramError(f"a reason must have 1 to {_LONGEST_REASON} letters: --because REASON")
    with home.casebook.changing():
        pair = _two(home, one, other)
        before = PlaceBefore.of(home.casebook, pair)
        home.casebook.facility_matches.decide(*pair, answer, because=because.strip(), today=today)
        before.keep_what_left(home.casebook)
        home.casebook.log.add("facilities decided", f"F-{pair[0]} F-{pair[1]} {answer}", today=today)


def undo(home: Home, one: str, other: str, *, today: dt.date) -> FacilityDecision:
    """Undo the decision on two facilities: a person's, or else that of a rule; the decision.

    Raises:
        ProgramError: a facility is unknown, or no decision on these two is in force.
    """
    with home.casebook.changing():
        pair = _two(home, one, other)
        matches = home.casebook.facility_matches
        found = matches.in_force(*pair, by_rule=False) or matches.in_force(*pair, by_rule=True)
        if found is None:
            raise ProgramError(
                f"no decision on F-{pair[0]} and F-{pair[1]} is in force",
                hint="tipline-review supply show HOME F-N lists the decisions about a facility",
            )
        before = PlaceBefore.of(home.casebook, pair)
        matches.undo(found, today=today)
        before.keep_what_left(home.casebook)
        home.casebook.log.add("facilities undone", f"F-{pair[0]} F-{pair[1]}", today=today)
    return found


def facility_page(home: Home, name: str) -> FacilityPage:
    """A facility with what is known of it.

    Raises:
        ProgramError: there is no such facility.
    """
    casebook = home.casebook
    facility = find_facility(casebook, name)
    facility_list = casebook.facility_lists.find(facility.facility_list)
    if facility_list is None:
        raise ProgramError("there is no such facility")
    others = sorted(whole_place(casebook, facility.number) - {facility.number})
    return FacilityPage(
        facility,
        facility_list,
        casebook.facility_goods.goods([facility.number]),
        casebook.facility_goods.buyers([facility.number]),
        casebook.facility_lists.rows(facility.number),
        [one for one in casebook.facility_matches.of_facility(facility.number) if one.undone_day is None],
        list(casebook.facility_lists.facilities(others)),
        no_longer_on(casebook, facility, casebook.facility_lists.all()),
    )


def facility_json(stored: StoredFacility) -> dict[str, Any]:
    """A facility for programs; names and addresses are untrusted text."""
    facility = stored.listed.facility
    return {
        "facility": stored.name,
        "list": f"L-{stored.facility_list}",
        "name": facility.name,
        "address": facility.address,
        "country": facility.country,
        "identifiers": dict(stored.listed.identifiers),
    }


def _two(home: Home, one: str, other: str) -> tuple[int, int]:
    first, second = sorted(find_facility(home.casebook, name).number for name in (one, other))
    if first == second:
        raise ProgramError("two facilities must be named, and they must differ")
    return first, second


def find_facility(casebook: Casebook, name: str) -> StoredFacility:
    """The facility with a name as ``F-12``.

    Raises:
        ProgramError: there is none.
    """
    digits = name[2:] if name[:2].upper() == "F-" else ""
    is_number = digits.isascii() and digits.isdecimal() and len(digits) < 10
    found = casebook.facility_lists.facility(int(digits)) if is_number else None
    if found is None:
        raise ProgramError(
            "there is no such facility", hint="tipline-review supply questions HOME shows F-1, F-2, …"
        )
    return found
