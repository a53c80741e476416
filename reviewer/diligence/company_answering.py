"""Answers of companies to reports.

An entry is never changed: a mistaken one is withdrawn, and both acts are logged.
"""

import datetime as dt
from collections.abc import Collection
from dataclasses import replace
from typing import Final

from reviewer.casebook.casebook import Casebook
from reviewer.casebook.company_reports import CompanyAnswer, SentReport
from reviewer.diligence.readers import COMPANY, TOLD_KEY
from reviewer.facilities.accepting import required_reason
from reviewer.facilities.places import confirmed_place, ever_place
from reviewer.facilities.same_place import find_facility
from reviewer.home.home import Home
from system.errors import ProgramError

LONGEST_ANSWER: Final = 4_000


def answer_finding(
    home: Home,
    facility: str,
    key: str,
    answer: str,
    *,
    day: dt.date,
    today: dt.date,
    in_place_of: str = "",
    because: str = "",
) -> CompanyAnswer:
    """Keep what a company answered to a finding of a report, or with an empty ``key`` to the whole report.

    With ``in_place_of`` an earlier entry is withdrawn in the same step, for the reason ``because``.

    Raises:
        ProgramError: no report left with such a finding, the day lies ahead, there are no words, or the earlier
            entry is none of this place.
    """
    answer = answer.strip()
    if not 1 <= len(answer) <= LONGEST_ANSWER:
        raise ProgramError(f"an answer must have 1 to {LONGEST_ANSWER:,} letters")
    if day > today:
        raise ProgramError("the day of an answer must not lie ahead")
    with home.casebook.changing():
        found = find_facility(home.casebook, facility)
        place = confirmed_place(home.casebook, found.number)
        keys = {
            one["key"]
            for report in home.casebook.company_reports.all()
            if report.facility in place and report.reader == COMPANY
            for one in report.content["findings"]
        }
        if key and key not in keys:
            raise ProgramError(
                "no report for the company left with this finding",
                hint=f"there are: {', '.join(sorted(keys)) or 'none'}",
            )
        if in_place_of:
            if _standing(home.casebook, in_place_of).facility not in place:
                raise ProgramError("the earlier answer must be about the same place")
            withdraw_answer(home, in_place_of, because=because, today=today)
        kept = CompanyAnswer(0, found.number, key, answer, day)
        kept = replace(kept, number=home.casebook.company_reports.add_answer(kept))
        home.casebook.log.add("company answered", f"{kept.name}, {found.name}", today=today)
    return kept


def withdraw_answer(home: Home, name: str, *, because: str, today: dt.date) -> list[SentReport]:
    """An entry was a mistake; the reports that left with it, for each of which a correction is due.

    Raises:
        ProgramError: there is no such entry, it was withdrawn, or the reason is missing.
    """
    reason = required_reason(because)
    with home.casebook.changing():
        answer = _standing(home.casebook, name)
        home.casebook.company_reports.withdraw_answer(answer, because=reason, today=today)
        home.casebook.log.add("answer of a company withdrawn", answer.name, today=today)
        return reports_with_answer(home.casebook, answer)


def answers_about(casebook: Casebook, facility: str) -> list[CompanyAnswer]:
    """The answers about a facility and what persons confirmed to be the same place, withdrawn ones too.

    Raises:
        ProgramError: there is no such facility.
    """
    place = confirmed_place(casebook, find_facility(casebook, facility).number)
    return casebook.company_reports.answers(place)


def may_quote_more(casebook: Casebook, place: frozenset[int], told: Collection[str]) -> bool:
    """True if a company got a sentence from tips that is not among ``told``: its answers may repeat it.

    Reports about a facility that once was this place count, too, and those of a forgotten list with the same name.
    """
    ever = ever_place(casebook, place)
    names = {one.listed.facility.name.casefold() for one in casebook.facility_lists.facilities(sorted(ever))}
    return any(
        one["key"].startswith(TOLD_KEY) and one["key"] not in told
        for report in casebook.company_reports.all()
        if report.reader == COMPANY
        and (report.facility in ever or report.content["facility"]["name"].casefold() in names)
        for one in report.content["findings"]
    )


def reports_with_answer(casebook: Casebook, answer: CompanyAnswer) -> list[SentReport]:
    """The reports that left with an answer and were not withdrawn.

    Those of a facility that once was this place count, too.
    """
    place = ever_place(casebook, [answer.facility])
    told = {"day": answer.day.isoformat(), "text": answer.answer}
    return [
        one
        for one in casebook.company_reports.all()
        if one.facility in place
        and one.withdrawn_day is None
        and any(told in each["answers"] for each in (one.content, *one.content["findings"]))
    ]


def _standing(casebook: Casebook, name: str) -> CompanyAnswer:
    digits = name[2:] if name[:2].upper() == "A-" else ""
    is_number = digits.isascii() and digits.isdecimal() and len(digits) < 10
    found = casebook.company_reports.answer(int(digits)) if is_number else None
    if found is None:
        raise ProgramError(
            "there is no such answer", hint="tipline-review supply answers HOME F-N shows A-1, A-2, …"
        )
    if found.withdrawn_day is not None:
        raise ProgramError(f"{found.name} was withdrawn already")
    return found
