"""The subject of a report for an authority: products, buyers, stages, and what is missing.

All of it comes from lists, steps and staff. None of it says if there are tips.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from crypto.primitives.week import Quarter
from reviewer.casebook.casebook import Casebook
from reviewer.casebook.company_reports import SentReport
from reviewer.casebook.facility_lists import FacilityList
from reviewer.casebook.facility_matches import FacilityAnswer
from reviewer.diligence.readers import COMPANY
from reviewer.facilities.facility_flags import origin
from reviewer.facilities.places import whole_place
from reviewer.supply.custody import CustodyStep
from reviewer.supply.custody_trace import CustodyFaultKind

BY_STAFF: Final = "our organisation"
MISSING: Final = {
    "identifier": "No identifier of the place is known: no OS ID, GLN, LEI or tax number.",
    "address": "Address or country of the place is not known.",
    "product": "No product is known.",
    "gtin": "No GTIN of a product is known.",
    "operator": "No company that buys here is known.",
    "stage": "The stage in the supply chain is not known: no step of a chain of custody is here.",
    "gap": "The chain of custody has gaps or circles, or quantities that do not add up.",
    "claims": "Some steps of the chain have no document and are only claims.",
    "same": "It is not decided if other rows of lists are this place.",
    "indicator": "No finding of this report names an indicator of forced labour.",
    "asked": "No report was given to the company yet.",
    "answer": "No answer of the company is in this report.",
}
"""A sentence for each thing that may be missing. None depends on a tip that the report does not tell."""

_GTIN: Final = re.compile("01/([0-9]{14})(?:/|$)")
_MOST: Final = 100


@dataclass(frozen=True, slots=True)
class Named:
    """A product, a company that buys, or a stage: its name, further words, and its source."""

    name: str
    words: str
    source: str

    def to_json(self) -> dict[str, str]:
        """For programs."""
        return {"name": self.name, "words": self.words, "source": self.source}


@dataclass(frozen=True, slots=True)
class ReportSubject:
    """The subject of a report. ``asked`` are the reports that the company got."""

    products: Sequence[Named]
    operators: Sequence[Named]
    stages: Sequence[Named]
    asked: Sequence[SentReport]

    def to_json(self) -> dict[str, Any]:
        """For programs and for the record."""
        return {
            "products": [one.to_json() for one in self.products],
            "operators": [one.to_json() for one in self.operators],
            "stages": [one.to_json() for one in self.stages],
            "asked_of_company": [{"report": one.name, "when": str(Quarter.of(one.day))} for one in self.asked],
        }


def subject_of(
    casebook: Casebook,
    place: frozenset[int],
    *,
    may_leave: Callable[[str], bool],
    without_days: Callable[[str], str],
) -> ReportSubject:
    """Read it; ``may_leave`` judges each word of staff, ``without_days`` makes quarters of days."""
    lists = {one.number: one for one in casebook.facility_lists.all()}
    list_of = {one.number: one.facility_list for one in casebook.facility_lists.facilities(sorted(place))}
    steps = [one for one in casebook.custody.at(place) if not one.struck]
    products: dict[str, Named] = {}
    for good in casebook.facility_goods.goods(place):
        if good.because and not may_leave(good.good):
            continue
        lines = casebook.facility_lists.lines(good.facility)
        source = BY_STAFF if good.because else origin(lists[list_of[good.facility]], *lines)
        products.setdefault(good.key, Named(good.good, "", source))
    for gtin, step in _gtins(steps):
        products.setdefault(gtin, Named(f"GTIN {gtin}", "", _origin(lists, step)))
    operators = {
        (one.buyer, one.good, one.since): Named(
            one.buyer,
            without_days(", ".join(part for part in (one.good, one.since) if part)),
            origin(lists[list_of[one.facility]], one.line),
        )
        for one in casebook.facility_goods.buyers(place)
    }
    stages: dict[str, Named] = {}
    for step in steps:
        stages.setdefault(step.kind, Named(step.kind, without_days(step.document), _origin(lists, step)))
    asked = [
        one
        for one in casebook.company_reports.all()
        if one.facility in place and one.reader == COMPANY and one.withdrawn_day is None
    ]
    kept = [list(one.values())[:_MOST] for one in (products, operators, stages)]
    return ReportSubject(kept[0], kept[1], kept[2], list(reversed(asked)))


def missing_about(
    casebook: Casebook, place: frozenset[int], subject: ReportSubject, *, has_indicator: bool, has_answer: bool
) -> list[str]:
    """The sentences that say what is missing."""
    facilities = [one.listed for one in casebook.facility_lists.facilities(sorted(place))]
    steps = [one for one in casebook.custody.at(place) if not one.struck]
    faults = casebook.custody.faults_at(place)
    lacks = {
        "identifier": not any(one.identifiers for one in facilities),
        "address": not any(one.facility.address and one.facility.country for one in facilities),
        "product": not subject.products,
        "gtin": not any(one.name.startswith("GTIN ") for one in subject.products),
        "operator": not subject.operators,
        "stage": not subject.stages,
        "gap": any(fault.kind is not CustodyFaultKind.OLD_DOCUMENT for fault, _step in faults),
        "claims": any(not step.document for step in steps),
        "same": _has_open_question(casebook, place),
        "indicator": not has_indicator,
        "asked": not subject.asked,
        "answer": bool(subject.asked) and not has_answer,
    }
    return [sentence for key, sentence in MISSING.items() if lacks[key]]


def _has_open_question(casebook: Casebook, place: frozenset[int]) -> bool:
    around = whole_place(casebook, min(place)) | place
    decided = {
        (one.one, one.other)
        for one in casebook.facility_matches.touching(around)
        if one.answer is not FacilityAnswer.LATER
    }
    questions = casebook.facility_matches.questions_about(place)
    return any((one.one, one.other) not in decided and not {one.one, one.other} <= around for one in questions)


def _gtins(steps: Sequence[CustodyStep]) -> Iterator[tuple[str, CustodyStep]]:
    for step in steps:
        for lot in step.lots:
            if found := _GTIN.match(lot.key):
                yield found[1], step


def _origin(lists: dict[int, FacilityList], step: CustodyStep) -> str:
    return origin(lists[step.facility_list], step.line)
