"""Facilities that a tip may be about, proposed from the names that its source gave.

A person decides. A proposal links nothing and gives no points.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Final

from reviewer.casebook.casebook import Casebook
from reviewer.casebook.facility_lists import StoredFacility
from reviewer.casebook.submission import Submission
from reviewer.cases.answer_lines import Answered
from reviewer.supply.facility import MOST_LETTERS, Facility
from reviewer.supply.facility_keys import likeness_keys, word_keys
from reviewer.supply.facility_likeness import compare_facilities
from reviewer.supply.facility_vocabulary import is_country

MOST_PROPOSED: Final = 5
_MOST_HOLDERS: Final = 200
_MOST_COMPARED: Final = 40
_NAMES: Final = ("supplier", "company")
_PLACE: Final = "site"


@dataclass(frozen=True, slots=True)
class ProposedPlace:
    """A facility with the likeness of its name and address to those of the tip, from 0 to 1."""

    facility: StoredFacility
    score: float
    reasons: tuple[str, ...]


def proposed_places(casebook: Casebook, submission: Submission) -> list[ProposedPlace]:
    """At most five facilities whose names are like those that the source gave, the most alike first."""
    answered = Answered.from_fields(casebook.submissions.fields(submission), casebook.questionnaires)
    if answered is None or answered.questionnaire is None:
        return []
    said = {one.question.key: " ".join(one.values)[:MOST_LETTERS] for one in answered.answers if one.fits}
    country = next((one.country for one in answered.answers if one.fits and one.question.key == _PLACE), "")
    found: dict[int, ProposedPlace] = {}
    for key in _NAMES:
        name = said.get(key, "").strip()
        if not any(letter.isalnum() for letter in name):
            continue
        told = Facility(name, said.get(_PLACE, ""), country.upper() if is_country(country.upper()) else "")
        for one in _alike(casebook, told):
            before = found.get(one.facility.number)
            if before is None or before.score < one.score:
                found[one.facility.number] = one
    return sorted(found.values(), key=lambda one: (-one.score, one.facility.number))[:MOST_PROPOSED]


def _alike(casebook: Casebook, told: Facility) -> list[ProposedPlace]:
    shared: Counter[int] = Counter()
    for key in likeness_keys(told) | word_keys(told.name):
        holders = casebook.facility_matches.with_key(key, most=_MOST_HOLDERS + 1)
        if len(holders) <= _MOST_HOLDERS:
            shared.update(dict.fromkeys(holders, _MOST_HOLDERS // len(holders) if holders else 0))
    likely = [number for number, _count in shared.most_common(_MOST_COMPARED)]
    found = []
    for facility in casebook.facility_lists.facilities(likely):
        comparison = compare_facilities(told, facility.listed.facility)
        if {"same-name", "alike-name"} & set(comparison.reasons):
            found.append(ProposedPlace(facility, comparison.score, comparison.reasons))
    return found
