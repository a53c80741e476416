"""Releasing a sentence that derives from tips, to one kind of reader, and withdrawing that.

A release is an act of a person, and no promise: each report asks again whether the sources still stand behind it.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from reviewer.casebook.casebook import Casebook
from reviewer.casebook.company_reports import SentReport
from reviewer.casebook.due_diligence import KnownWorkers, SentenceRelease
from reviewer.diligence.readers import OUTSIDE, TOLD, TOLD_KEY
from reviewer.diligence.sources import AskedSources
from reviewer.facilities.accepting import required_reason
from reviewer.facilities.places import any_place, confirmed_place, ever_place
from reviewer.facilities.same_place import find_facility
from reviewer.home.home import Home
from reviewer.languages.staff_language import marked
from reviewer.supply.indicators import indicator_titles
from system.errors import ProgramError

MOST_WORKERS: Final = 1_000_000
NOT_RELEASED: Final = marked("no person has released it")
TO_RENEW: Final = marked("a source left this place after the release: a person must release it again")


@dataclass(frozen=True, slots=True)
class Tellable:
    """One sentence for one kind of reader: if it is released, and what is lacking for that."""

    indicator: str
    reader: str
    sentence: str
    lacks: Sequence[str]
    release: SentenceRelease | None

    @property
    def is_told(self) -> bool:
        """True if a report says it."""
        return not self.why_not

    @property
    def why_not(self) -> tuple[str, ...]:
        """Why no report says it; empty where one does."""
        if self.lacks:
            return tuple(self.lacks)
        if self.release is None:
            return (NOT_RELEASED,)
        return (TO_RENEW,) if self.release.is_to_renew else ()


def tellable(casebook: Casebook, place: frozenset[int], reader: str) -> list[Tellable]:
    """Every sentence that this kind of reader could be told about a place, in the order of the ILO."""
    found = casebook.due_diligence.releases(place)
    found = [one for one in found if one.reader == reader and one.withdrawn_day is None]
    # Of several rows that persons joined, one that needs a new release holds for all.
    standing = {one.indicator: one for one in sorted(found, key=lambda one: one.is_to_renew)}
    asked = AskedSources(casebook, place)
    return [
        Tellable(
            indicator,
            reader,
            TOLD[indicator],
            asked.voices(indicator, reader).lacks(),
            standing.get(indicator),
        )
        for indicator in indicator_titles()
        if indicator in TOLD
    ]


def release_sentence(
    home: Home, facility: str, indicator: str, reader: str, *, because: str, today: dt.date
) -> Tellable:
    """Release the sentence about an indicator to one kind of reader.

    Raises:
        ProgramError: sources or workers are too few, a source did not say yes, or it is released already.
    """
    reason = required_reason(because)
    _require_known(indicator, reader)
    casebook = home.casebook
    with casebook.changing():
        found = find_facility(casebook, facility)
        one = _tellable(casebook, found.number, indicator, reader)
        if one.lacks:
            raise ProgramError(
                f"this sentence cannot be released: {'; '.join(one.lacks)}",
                hint="only voice asks its sources; docs/review/due-diligence.md says how they count",
            )
        if one.release is not None and not one.release.is_to_renew:
            raise ProgramError("this sentence is released already")
        for former in _standing(casebook, confirmed_place(casebook, found.number), indicator, reader):
            casebook.due_diligence.withdraw(former, because=reason, today=today)
        casebook.due_diligence.release(found.number, indicator, reader, because=reason, today=today)
        casebook.log.add("sentence released", f"{found.name} {indicator} {reader}", today=today)
        return _tellable(casebook, found.number, indicator, reader)


def withdraw_sentence(
    home: Home, facility: str, indicator: str, reader: str, *, because: str, today: dt.date
) -> list[SentReport]:
    """Withdraw a release; the reports that left with the sentence, for each of which a correction is due.

    Raises:
        ProgramError: it is not released.
    """
    reason = required_reason(because)
    _require_known(indicator, reader)
    casebook = home.casebook
    with casebook.changing():
        found = find_facility(casebook, facility)
        place = confirmed_place(casebook, found.number)
        standing = _standing(casebook, place, indicator, reader)
        if not standing:
            raise ProgramError("this sentence is not released")
        for one in standing:
            casebook.due_diligence.withdraw(one, because=reason, today=today)
        casebook.log.add("release withdrawn", f"{found.name} {indicator} {reader}", today=today)
    return [one for one, ended in ended_reports(casebook, place, reader) if indicator in ended]


def ended_reports(casebook: Casebook, place: frozenset[int], reader: str) -> list[tuple[SentReport, list[str]]]:
    """The reports with sentences that may not be told any more, each with their indicators.

    They are about this place, or about a facility that once was this place, and were not withdrawn.
    """
    ever = ever_place(casebook, place)
    left = [
        one
        for one in casebook.company_reports.all()
        if one.facility in ever and one.reader == reader and one.withdrawn_day is None
    ]
    found = [(one, no_longer_told(casebook, one)) for one in left]
    return [(one, ended) for one, ended in found if ended]


def told_key(indicator: str) -> str:
    """The key of a finding that is a released sentence."""
    return f"{TOLD_KEY}{indicator}"


def no_longer_told(casebook: Casebook, report: SentReport) -> list[str]:
    """The indicators of sentences that left with a report and may not be told any more."""
    keys = [one["key"] for one in report.content["findings"] if one["key"].startswith(TOLD_KEY)]
    told: set[str] = set()
    if keys and report.facility is not None:
        place = confirmed_place(casebook, report.facility)
        told = {told_key(one.indicator) for one in tellable(casebook, place, report.reader) if one.is_told}
    return [key.removeprefix(TOLD_KEY) for key in keys if key not in told]


def settle_refusal(home: Home, facility: str, reader: str, *, because: str, today: dt.date) -> str:
    """Decide on a source without a yes that staff took from a place; the name of the facility.

    Nothing is told by this: each sentence needs a new release.

    Raises:
        ProgramError: no decision is waiting, or the reason is missing.
    """
    reason = required_reason(because)
    casebook = home.casebook
    held = casebook.due_diligence.held_sentences()
    with casebook.changing():
        found = find_facility(casebook, facility)
        around = any_place(casebook, [found.number])
        if not waits_for_decision(casebook, found.number, reader):
            raise ProgramError(
                "no decision on a refusal is waiting here for this reader",
                hint="it waits where an acceptance, or an answer about two facilities, was undone",
            )
        held.decide(around, reader, because=reason, today=today)
        casebook.log.add("refusal decided", f"{found.name} {reader}", today=today)
    return found.name


def waits_for_decision(casebook: Casebook, facility: int, reader: str) -> bool:
    """True if a person must decide on a source without a yes that staff took from this place."""
    undecided = casebook.due_diligence.held_sentences().undecided(any_place(casebook, [facility]))
    return reader in {one for _facility, one in undecided}


def settled_refusals(casebook: Casebook, facility: int, reader: str) -> list[tuple[dt.date, str]]:
    """Day and reason of each such decision at this place, the oldest first."""
    return casebook.due_diligence.held_sentences().decided(any_place(casebook, [facility]), reader)


def know_workers(home: Home, facility: str, workers: int, *, source: str, today: dt.date) -> KnownWorkers:
    """Record how many people work at a facility.

    Raises:
        ProgramError: there is no such facility, or no source for the number.
    """
    source = " ".join(source.split())
    if not 1 <= len(source) <= 300:
        raise ProgramError(
            "a number of workers must have a source of 1 to 300 letters", hint="a list or an audit, and never a tip"
        )
    if not 1 <= workers <= MOST_WORKERS:
        raise ProgramError(f"workers must be a number from 1 to {MOST_WORKERS:,}")
    with home.casebook.changing():
        known = KnownWorkers(find_facility(home.casebook, facility).number, workers, source, today)
        home.casebook.due_diligence.add_workers(known)
        home.casebook.log.add("workers known", f"F-{known.facility}", today=today)
    return known


def _standing(casebook: Casebook, place: frozenset[int], indicator: str, reader: str) -> list[SentenceRelease]:
    return [
        one
        for one in casebook.due_diligence.releases(place)
        if (one.indicator, one.reader, one.withdrawn_day) == (indicator, reader, None)
    ]


def _tellable(casebook: Casebook, facility: int, indicator: str, reader: str) -> Tellable:
    place = confirmed_place(casebook, facility)
    return next(one for one in tellable(casebook, place, reader) if one.indicator == indicator)


def _require_known(indicator: str, reader: str) -> None:
    if reader not in OUTSIDE:
        raise ProgramError(f"a sentence is released for {' or '.join(OUTSIDE)}")
    if indicator not in TOLD:
        raise ProgramError(
            "there is no sentence for this indicator", hint=f"there is one for: {', '.join(sorted(TOLD))}"
        )
