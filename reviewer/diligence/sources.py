"""Independent sources that said yes to telling something; only the questionnaire ``voice`` asks.

A source is a mailbox. Tips of one mailbox, or with the same contents, are one source. Its newest answer counts,
also in a tip that was not accepted yet; "not sure" and no answer are a no. One source without a yes holds a
sentence back, however many others said yes.

What speaks against a sentence is taken from all that a source sent, in any form: a tick in ``work`` and a no in
``voice`` are a no. What speaks for it is taken from accepted tips of ``voice`` alone.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from crypto.questions.questionnaire import QuestionType
from reviewer.casebook.arrival import Field
from reviewer.casebook.casebook import Casebook
from reviewer.casebook.facility_evidence import AcceptedTip
from reviewer.cases.answer_lines import Answered
from reviewer.diligence.readers import AUTHORITY, COMPANY
from reviewer.facilities.facility_flags import independent_sources
from reviewer.languages.staff_language import marked
from reviewer.supply.indicators import indicators_ticked

FEWEST_SOURCES: Final = 3
FEWEST_WORKERS: Final = 50
WITHOUT_YES: Final = marked("a source was asked and did not say yes")
TOO_FEW_SOURCES: Final = marked("fewer than 3 independent sources said yes")
TOO_FEW_WORKERS: Final = marked("fewer than 50 workers are known there")
VOICE: Final = "voice"
_QUESTIONS: Final = {COMPANY: "to_company", AUTHORITY: "to_authority"}
_YES: Final = "yes"
_WORDS_KNOWN: Final = ("act", "words-known")


@dataclass(frozen=True, slots=True)
class Voices:
    """Sources that ticked an indicator at a place and were asked: those with a yes, and the others.

    ``workers`` is the lowest number of workers that staff know there; 0 where they know none.
    """

    said_yes: int
    did_not: int
    workers: int

    def lacks(self) -> list[str]:
        """Why no sentence may be told; empty where it may be released."""
        found = [WITHOUT_YES] if self.did_not else []
        found += [TOO_FEW_SOURCES] if self.said_yes < FEWEST_SOURCES else []
        return [*found, *([TOO_FEW_WORKERS] if self.workers < FEWEST_WORKERS else [])]


@dataclass(frozen=True, slots=True)
class AskedSource:
    """A source with an accepted tip at a place that was asked who may be told.

    ``told`` are the indicators of its accepted tips of ``voice`` that no quarantine hides, ``ticked`` those of
    everything that it sent. ``yes_for`` are the readers for whom its newest answer is a yes.
    """

    told: frozenset[str]
    ticked: frozenset[str]
    yes_for: frozenset[str]


class AskedSources:
    """The sources of a place (numbers of facilities) that were asked, read once for all sentences."""

    def __init__(self, casebook: Casebook, place: Iterable[int]) -> None:
        self._casebook = casebook
        self._hidden = casebook.overview.hidden()
        facilities = sorted(place)
        # Also tips that a colleague's quarantine hides: a no that no one may read is a no.
        tips = [tip for tip in casebook.facility_evidence.tips(facilities) if tip.mailbox]
        found = (self._asked(some) for some in independent_sources(tips))
        self._sources = [one for one in found if one is not None]
        known = [one.workers for one in casebook.due_diligence.workers(facilities)]
        self._workers = min(known, default=0)

    def voices(self, indicator: str, reader: str) -> Voices:
        """Count the sources of an indicator for one kind of reader."""
        ticking = [one for one in self._sources if indicator in one.ticked]
        yes = sum(reader in one.yes_for and indicator in one.told for one in ticking)
        did_not = sum(reader not in one.yes_for for one in ticking)
        return Voices(yes, did_not, self._workers)

    def _asked(self, tips: Sequence[AcceptedTip]) -> AskedSource | None:
        threads = {self._casebook.inbox_rows.thread_of(tip.submission) for tip in tips}
        said = [one for thread in sorted(threads) if (one := _Said.of(self._casebook, thread)).answers]
        if not said:
            return None
        in_voice = {number for one in said for number in one.in_voice} - self._hidden
        told = {each for tip in tips if tip.submission in in_voice for each in tip.indicators}
        ticked = {each for tip in tips for each in tip.indicators}.union(*(one.ticked for one in said))
        yes_for = [reader for reader in _QUESTIONS if all(one.is_yes(reader) for one in said)]
        return AskedSource(frozenset(told), frozenset(ticked), frozenset(yes_for))


@dataclass(slots=True)
class _Said:
    """All that one mailbox sent: its answers by day and reader, and its ticks."""

    answers: dict[dt.date, list[dict[str, str]]] = field(default_factory=dict)
    in_voice: set[int] = field(default_factory=set)
    ticked: set[str] = field(default_factory=set)
    are_words_known: bool = False

    @classmethod
    def of(cls, casebook: Casebook, thread: int) -> "_Said":
        said = cls()
        for number in casebook.threads.submissions(thread):
            submission = casebook.submissions.by_number(number)
            if submission.unopenable is None:
                fields = casebook.submissions.fields(submission)
                is_ended = casebook.due_diligence.is_voice_ended(number)
                said._add(casebook, number, submission.day or submission.imported_day, fields, is_ended=is_ended)
        return said

    def _add(
        self, casebook: Casebook, number: int, day: dt.date, fields: Sequence[Field], *, is_ended: bool
    ) -> None:
        self.are_words_known |= any((one.name, one.value) == _WORDS_KNOWN for one in fields)
        answered = Answered.from_fields(fields, casebook.questionnaires)
        if answered is None:
            return
        known = answered.questionnaire
        # Answers to questions that are not known here cannot be read: they are no yes.
        name = known.name if known else answered.form
        if known is not None:
            self.ticked.update(indicators_ticked(known.name, answered.answers))
        if name == VOICE:
            self.in_voice.add(number)
            self.answers.setdefault(day, []).append(
                {reader: "" if is_ended else _answer(answered, key) for reader, key in _QUESTIONS.items()}
            )

    def is_yes(self, reader: str) -> bool:
        """True if the newest answer is a yes; of several on one day, each of them.

        Where a newer tip was deleted, what it said is not known any more: then it is a no. Where another person
        may have the secret words, that person may have said yes.
        """
        newest = self.answers[max(self.answers)]
        return not self.are_words_known and all(one[reader] == _YES for one in newest)


def _answer(answered: Answered, key: str) -> str:
    for one in answered.answers:
        if one.question.key == key and one.question.type is QuestionType.CHOICE and one.fits:
            return one.values[0] if len(one.values) == 1 else ""
    return ""
