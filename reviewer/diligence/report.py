"""A report about a facility for one kind of reader, and all that it holds back, with the reason.

For a company or an authority nothing derives from a tip, but for sentences that staff released. Texts of staff are
compared with the tips. Days become quarters.
"""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from crypto.primitives.week import Quarter
from reviewer.casebook.casebook import Casebook
from reviewer.casebook.due_diligence import DiaryEntry
from reviewer.casebook.facility_lists import StoredFacility
from reviewer.diligence.company_answering import may_quote_more
from reviewer.diligence.readers import AUTHORITY, COMPANY, FIRST_PAGE, INSIDE, NO_VERDICT, READERS, STEPS
from reviewer.diligence.releasing import NOT_RELEASED, TO_RENEW, tellable, told_key
from reviewer.diligence.sources import WHY_LACKING
from reviewer.diligence.subject import ReportSubject, missing_about, subject_of
from reviewer.diligence.tip_overlap import WHY_NOT, TipOverlap, why_never
from reviewer.facilities.facility_flags import flags_of
from reviewer.facilities.places import any_place, confirmed_place
from reviewer.facilities.same_place import find_facility
from reviewer.home.home import Home
from reviewer.languages.staff_language import ENGLISH, marked, spoken
from reviewer.supply.flags import Flag, Rule
from reviewer.supply.indicators import indicator_titles
from system.errors import ProgramError

SENTENCE: Final = marked("sentence from tips")
TICK: Final = marked("tick in a tip")
LISTED: Final = marked("row of a list")
FOUND: Final = marked("finding or document of staff")
ENTRY: Final = marked("entry of the diary")
GOOD: Final = marked("good that staff named")
ONLY_AS_SENTENCE: Final = marked("what derives from a tip leaves as a released sentence only")
UNCONFIRMED: Final = marked("no person has confirmed that it is this place")
NOT_TICKED: Final = marked("it is not ticked for this reader")
ANSWER: Final = marked("answer of the company")
WHATS: Final = (SENTENCE, TICK, LISTED, FOUND, ENTRY, GOOD, ANSWER)
WHY_HELD: Final = (*(ONLY_AS_SENTENCE, UNCONFIRMED, NOT_TICKED, NOT_RELEASED, TO_RENEW, *WHY_LACKING, *WHY_NOT),)
"""Why something is held back."""
_ISO_DAY: Final = re.compile(r"\b(\d{4})-(\d{2})-\d{2}\b")
_BY_STAFF: Final = frozenset({Rule.FINDING, Rule.DOCUMENT})


@dataclass(frozen=True, slots=True)
class ReportedFinding:
    """One finding: its key, sentence, source and time, and the answers of the company with their days."""

    key: str
    sentence: str
    source: str
    indicator: str
    when: str
    answers: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class ReportedStep:
    """An entry of the diary, under its step."""

    step: int
    did: str
    person: str
    document: str
    when: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class HeldBack:
    """Something that stays inside, and why: reasons of fixed lists. Only staff see it."""

    kind: str
    what: str
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FacilityReport:
    """A whole report before it leaves. ``held_back`` never leaves.

    ``subject`` and ``missing`` are not in a report for a company: it knows its products, and not who else buys.
    """

    reader: str
    facility: StoredFacility
    others: Sequence[StoredFacility]
    quarter: str
    findings: Sequence[ReportedFinding]
    steps: Sequence[ReportedStep]
    answers: Sequence[tuple[str, str]]
    held_back: Sequence[HeldBack]
    subject: ReportSubject | None = None
    missing: Sequence[str] = ()

    def to_json(self) -> dict[str, Any]:
        """The part that leaves, for programs and for the record."""
        listed = self.facility.listed
        return {
            "for": self.reader,
            "facility": {
                "name": listed.facility.name,
                "address": listed.facility.address,
                "country": listed.facility.country,
                "identifiers": dict(listed.identifiers),
            },
            "as_of": self.quarter,
            **(self.subject.to_json() | {"missing": list(self.missing)} if self.subject else {}),
            "first_page": [{"title": title, "text": text} for title, text in FIRST_PAGE[self.reader]],
            "findings": [
                {
                    "key": one.key,
                    "sentence": one.sentence,
                    "source": one.source,
                    "indicator": one.indicator,
                    "when": one.when,
                    "answers": [{"day": day, "text": text} for day, text in one.answers],
                }
                for one in self.findings
            ],
            "due_diligence": [
                {
                    "step": one.step,
                    "title": STEPS[one.step],
                    "text": one.did,
                    "person": one.person,
                    "document": one.document,
                    "when": one.when,
                    "open": one.is_open,
                }
                for one in self.steps
            ],
            "answers": [{"day": day, "text": text} for day, text in self.answers],
            "no_verdict": NO_VERDICT,
        }


def report_about(home: Home, facility: str, reader: str, *, today: dt.date) -> FacilityReport:
    """Make a report for one kind of reader; nothing leaves by this.

    Raises:
        ProgramError: there is no such facility, or no such reader.
    """
    if reader not in READERS:
        raise ProgramError(f"a report is for one of {', '.join(READERS)}")
    found = find_facility(home.casebook, facility)
    place = confirmed_place(home.casebook, found.number)
    with spoken(ENGLISH):
        making = _Making(home, place, reader, today)
        findings = list(making.findings())
        steps = list(making.steps())
        subject = making.subject() if reader != COMPANY else None
    answers = making.whole_answers(findings)
    missing = making.missing(subject, findings, answers) if subject is not None else []
    others = list(home.casebook.facility_lists.facilities(sorted(place - {found.number})))
    return FacilityReport(
        *(reader, found, others, str(Quarter.of(today)), findings, steps, answers, making.held_back),
        *(subject, missing),
    )


class _Making:
    """One pass over what is known of a place; notes what is held back."""

    def __init__(self, home: Home, place: frozenset[int], reader: str, today: dt.date) -> None:
        self._casebook: Casebook = home.casebook
        self._place, self._reader, self._today = place, reader, today
        self._is_inside = reader == INSIDE
        answers = self._casebook.company_reports.answers(place)
        self._answers = [one for one in answers if one.withdrawn_day is None]
        # Wider than what counts: words of a tip leave with no text, also if it was accepted by mistake, for a row
        # that only a rule calls this place, or is hidden by a quarantine.
        tips = self._casebook.facility_evidence.ever_accepted(any_place(self._casebook, place))
        self._overlap = None if self._is_inside else TipOverlap(home, tips)
        self.held_back: list[HeldBack] = []

    def findings(self) -> Iterator[ReportedFinding]:
        for flag in flags_of(self._casebook, min(self._place), today=self._today).flags:
            if self._is_inside or self._may_leave(flag):
                yield self._reported(flag)
        if self._is_inside:
            return
        for one in tellable(self._casebook, self._place, self._reader):
            title = indicator_titles()[one.indicator]
            if one.is_told:
                # The quarter of the report, as each report asks again. That of the release would change where a
                # source left, and two reports together would tell what it had ticked.
                key, when = told_key(one.indicator), str(Quarter.of(self._today))
                source = "workers, through an anonymous way to write; their number is not told"
                yield ReportedFinding(key, one.sentence, source, title, when, self.answers_to(key))
            else:
                self._hold(SENTENCE, title, *one.why_not)

    def steps(self) -> Iterator[ReportedStep]:
        for entry in self._casebook.due_diligence.entries(self._place):
            if self._is_inside or self._entry_may_leave(entry):
                day = entry.done_day or entry.due_day or entry.day
                # The name of a person of ours is for the team only.
                person = entry.person if self._is_inside else ""
                yield ReportedStep(
                    entry.step, entry.did, person, entry.document, self._when(day), entry.done_day is None
                )

    def subject(self) -> ReportSubject:
        """Products, companies that buy, stages, and what was asked of the company."""

        def may_leave(words: str) -> bool:
            return self._is_inside or self._words_may_leave(GOOD, words, words)

        return subject_of(self._casebook, self._place, may_leave=may_leave, without_days=_without_days)

    def missing(
        self, subject: ReportSubject, findings: Sequence[ReportedFinding], answers: Sequence[object]
    ) -> list[str]:
        """The sentences about what is missing."""
        return missing_about(
            *(self._casebook, self._place, subject),
            has_indicator=any(one.indicator for one in findings),
            has_answer=bool(answers) or any(one.answers for one in findings),
        )

    def answers_to(self, key: str) -> Sequence[tuple[str, str]]:
        """The day and words of each answer to a finding. The words are the company's own."""
        return [(one.day.isoformat(), one.answer) for one in self._answers if one.finding == key]

    def whole_answers(self, findings: Sequence[ReportedFinding]) -> Sequence[tuple[str, str]]:
        """The answers to a whole report, unless they may repeat a sentence that this reader does not get."""
        told = {one.key for one in findings}
        if self._reader != AUTHORITY or not may_quote_more(self._casebook, self._place, told):
            return self.answers_to("")
        for one in self._answers:
            if not one.finding:
                self._hold(ANSWER, one.name, ONLY_AS_SENTENCE)
        return []

    def _may_leave(self, flag: Flag) -> bool:
        if flag.derives_from_tip:
            self._hold(TICK, indicator_titles().get(flag.indicator, ""), ONLY_AS_SENTENCE)
            return False
        if flag.rule is Rule.MAYBE_LISTED:
            self._hold(LISTED, flag.source, UNCONFIRMED)
            return False
        if _is_by_staff(flag):
            return self._words_may_leave(
                FOUND, flag.group, _without_days(flag.sentence), _without_days(flag.source)
            )
        return True

    def _entry_may_leave(self, entry: DiaryEntry) -> bool:
        if self._reader not in entry.readers:
            self._hold(ENTRY, entry.name, NOT_TICKED)
            return False
        return self._words_may_leave(ENTRY, entry.name, entry.did, entry.document)

    def _words_may_leave(self, kind: str, what: str, *texts: str) -> bool:
        for text in texts:
            why = self._overlap.why_not(text) if self._overlap else why_never(text)
            if why:
                self._hold(kind, what, why)
                return False
        return True

    def _reported(self, flag: Flag) -> ReportedFinding:
        key = key_of(flag)
        indicator = indicator_titles().get(flag.indicator, "")
        sentence, source = flag.sentence, flag.source
        if not self._is_inside:
            sentence = _without_days(sentence)
            source = _without_days(source) if _is_by_staff(flag) else source
        source = f"{source}. {flag.warning}" if flag.warning else source
        when = self._when(flag.day)
        return ReportedFinding(key, sentence, source, indicator, when, self.answers_to(key))

    def _when(self, day: dt.date) -> str:
        return day.isoformat() if self._is_inside else str(Quarter.of(day))

    def _hold(self, kind: str, what: str, *why: str) -> None:
        held = HeldBack(kind, what, why)
        if held not in self.held_back:
            self.held_back.append(held)


def key_of(flag: Flag) -> str:
    """The key of a finding, which an answer of the company names."""
    return "/".join((str(flag.rule), flag.group.replace(" ", "-"), flag.indicator))


def _is_by_staff(flag: Flag) -> bool:
    """True where staff wrote the words; a flag with a row speaks of a list."""
    return flag.rule in _BY_STAFF and flag.row is None


def _without_days(text: str) -> str:
    """The text with each day of the calendar as its quarter."""
    return _ISO_DAY.sub(lambda found: f"{found[1]}-Q{(int(found[2]) + 2) // 3}", text)
