"""Independent sources that said yes to telling something; only the questionnaire ``voice`` asks.

A source is a mailbox. Tips of one mailbox, or with the same contents, are one source. Its newest answer counts,
also in a tip that was not accepted yet; "not sure" and no answer are a no. One source without a yes holds a
sentence back, however many others said yes.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from crypto.questions.questionnaire import QuestionType
from reviewer.casebook.casebook import Casebook
from reviewer.casebook.facility_evidence import AcceptedTip
from reviewer.cases.answer_lines import Answered
from reviewer.diligence.readers import AUTHORITY, COMPANY
from reviewer.facilities.accepting import visible_tips
from reviewer.facilities.facility_flags import independent_sources
from reviewer.languages.staff_language import marked

FEWEST_SOURCES: Final = 3
FEWEST_WORKERS: Final = 50
WITHOUT_YES: Final = marked("a source was asked and did not say yes")
TOO_FEW_SOURCES: Final = marked("fewer than 3 independent sources said yes")
TOO_FEW_WORKERS: Final = marked("fewer than 50 workers are known there")
VOICE: Final = "voice"
_QUESTIONS: Final = {COMPANY: "to_company", AUTHORITY: "to_authority"}
_YES: Final = "yes"


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


def voices(casebook: Casebook, place: Sequence[int], indicator: str, reader: str) -> Voices:
    """Count the sources of an indicator at a place (numbers of facilities) for one kind of reader."""
    tips = [
        tip
        for tip in visible_tips(casebook, sorted(place))
        if indicator in tip.indicators and tip.mailbox and _voice(casebook, tip.submission) is not None
    ]
    sources = independent_sources(tips)
    yes = sum(all(_may_tell(casebook, tip, reader) for tip in some) for some in sources)
    known = [one.workers for one in casebook.due_diligence.workers(sorted(place))]
    return Voices(yes, len(sources) - yes, min(known, default=0))


def _may_tell(casebook: Casebook, tip: AcceptedTip, reader: str) -> bool:
    """True if the newest answer of the tip's mailbox is a yes; of several on one day, each of them.

    Where a newer tip was deleted, what it said is not known any more: then it is a no.
    """
    thread = casebook.inbox_rows.thread_of(tip.submission)
    answers: dict[dt.date, list[str]] = {}
    for number in casebook.threads.submissions(thread):
        if (answered := _voice(casebook, number)) is not None:
            one = casebook.submissions.by_number(number)
            ended = casebook.due_diligence.is_voice_ended(number)
            answer = "" if ended else _answer(answered, _QUESTIONS[reader])
            answers.setdefault(one.day or one.imported_day, []).append(answer)
    return bool(answers) and set(answers[max(answers)]) == {_YES}


def _voice(casebook: Casebook, number: int) -> Answered | None:
    """The answers of a tip to ``voice``; None for any other form, and for one that is not known here."""
    submission = casebook.submissions.by_number(number)
    if submission.unopenable is not None:
        return None
    answered = Answered.from_fields(casebook.submissions.fields(submission), casebook.questionnaires)
    if answered is None or answered.questionnaire is None or answered.questionnaire.name != VOICE:
        return None
    return answered


def _answer(answered: Answered, key: str) -> str:
    for one in answered.answers:
        if one.question.key == key and one.question.type is QuestionType.CHOICE and one.fits:
            return one.values[0] if len(one.values) == 1 else ""
    return ""
