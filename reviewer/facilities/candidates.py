"""Finds which facilities of a new list may be the same place as others: by a rule, or as a question.

Likeness joins nothing. It chooses which pairs a person is asked about, and the order of the questions.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from reviewer.casebook.casebook import Casebook
from reviewer.casebook.facility_lists import StoredFacility
from reviewer.casebook.facility_matches import FacilityAnswer, FacilityQuestion
from reviewer.supply.facility_keys import likeness_keys, rule_keys
from reviewer.supply.facility_likeness import (
    FacilityComparison,
    FacilityReason,
    FacilityVerdict,
    compare_facilities,
)

MOST_BY_RULE: Final = 40
"""A key that more facilities share is no sign of one place: it may be an identifier that stands for "unknown"."""

MOST_QUESTIONS: Final = 10
"""For one facility of a new list."""

_MOST_HOLDERS: Final = 200
_MOST_COMPARED: Final = 25
_FEWEST_SCORE: Final = 0.05
_ALIKE: Final = frozenset({FacilityReason.SAME_NAME, FacilityReason.ALIKE_NAME})


@dataclass(slots=True)
class SamePlaces:
    """How many pairs are the same by rule, and how many are a question; see ``FacilityImport``."""

    same_by_rule: int = 0
    questions: int = 0
    common: int = 0


def find_same_places(casebook: Casebook, new: Sequence[StoredFacility], *, today: dt.date) -> SamePlaces:
    """Compare new facilities, whose keys are not kept yet, with all others; in the caller's transaction.

    A rule also joins two facilities of the new list. Questions are about facilities of two lists.
    """
    matches, found = casebook.facility_matches, SamePlaces()
    here: dict[bytes, list[StoredFacility]] = defaultdict(list)
    for facility in new:
        joined: set[int] = set()
        for rule, key in rule_keys(facility.listed).items():
            numbers = matches.with_key(key, most=MOST_BY_RULE + 1)
            others = [*casebook.facility_lists.facilities(numbers), *here[key]]
            here[key].append(facility)
            if len(others) > MOST_BY_RULE:
                found.common += 1
                continue
            # A person who keeps two of them apart is asked about the new one: it would connect them again.
            is_doubtful = matches.are_in_doubt([other.number for other in others])
            for other in others:
                if other.number not in joined:
                    joined.add(other.number)
                    _settle(casebook, facility, other, "" if is_doubtful else rule, found, today=today)
        for comparison, other in _most_alike(casebook, facility, joined):
            _ask(casebook, facility, other, comparison)
            found.questions += 1
    for facility in new:
        matches.add_keys(
            facility.number, [*rule_keys(facility.listed).values(), *likeness_keys(facility.listed.facility)]
        )
    return found


def _settle(
    casebook: Casebook,
    facility: StoredFacility,
    other: StoredFacility,
    rule: str,
    found: SamePlaces,
    *,
    today: dt.date,
) -> None:
    """Write *same by rule*; without a rule, or where the countries differ, a question."""
    comparison = compare_facilities(facility.listed.facility, other.listed.facility)
    # The question waits behind the rule: it is open again when a person undoes the rule.
    _ask(casebook, facility, other, comparison)
    if not rule or FacilityReason.OTHER_COUNTRY in comparison.reasons:
        found.questions += 1
        return
    casebook.facility_matches.decide(facility.number, other.number, FacilityAnswer.SAME, rule=rule, today=today)
    found.same_by_rule += 1


def _most_alike(
    casebook: Casebook, facility: StoredFacility, joined: set[int]
) -> Iterator[tuple[FacilityComparison, StoredFacility]]:
    """The facilities of other lists about which a person is asked, the most alike first."""
    shared: Counter[int] = Counter()
    for key in likeness_keys(facility.listed.facility):
        holders = casebook.facility_matches.with_key(key, most=_MOST_HOLDERS + 1)
        if len(holders) <= _MOST_HOLDERS:
            # A key that few facilities have tells more.
            shared.update(dict.fromkeys(holders, _MOST_HOLDERS // len(holders) if holders else 0))
    likely = [number for number, _ in shared.most_common(_MOST_COMPARED + len(joined)) if number not in joined]
    compared = [
        (compare_facilities(facility.listed.facility, other.listed.facility), other)
        for other in casebook.facility_lists.facilities(likely[:_MOST_COMPARED])
    ]
    asked = [
        (comparison, other)
        for comparison, other in compared
        if comparison.verdict is not FacilityVerdict.DIFFERENT
        and (comparison.score >= _FEWEST_SCORE or _ALIKE & set(comparison.reasons))
    ]
    asked.sort(key=lambda one: (-one[0].score, one[1].number))
    return iter(asked[:MOST_QUESTIONS])


def _ask(casebook: Casebook, one: StoredFacility, other: StoredFacility, comparison: FacilityComparison) -> None:
    first, second = sorted((one.number, other.number))
    casebook.facility_matches.ask(FacilityQuestion(first, second, comparison.score, comparison.reasons))
