"""The answers of one mailbox to ``voice`` about who may be told.

The newest answer counts; "not sure" and no answer are a no. What speaks against a sentence is taken from all that
the mailbox sent, in any form.
"""

import datetime as dt
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from crypto.questions.answers import FORM_FIELD, PREFIX, QUESTIONS_FIELD, Answer, answers_in
from crypto.questions.questionnaire import QuestionType
from reviewer.casebook.database import CasebookDatabase
from reviewer.casebook.registers import Questionnaires
from reviewer.supply.indicators import indicators_ticked

ASKED_FOR: Final[Mapping[str, str]] = {"company": "to_company", "authority": "to_authority"}
"""The question of ``voice`` for each kind of reader."""

VOICE: Final = "voice"
"""The one form that asks."""

_YES: Final = "yes"
WORDS_KNOWN: Final = ("act", "words-known")
_DIGEST_DIGITS: Final = 64

Fields = Sequence[tuple[str, str]]


@dataclass(slots=True)
class MailboxVoice:
    """The answers of a mailbox by day and reader, its tips of ``voice``, and its ticks.

    ``are_ticks_gone``: answers of it were deleted, so it may have ticked anything. ``ended`` are the readers for
    whom a deleted tip did not say yes.
    """

    answers: dict[dt.date, list[dict[str, str]]] = field(default_factory=dict)
    in_voice: set[int] = field(default_factory=set)
    ticked: set[str] = field(default_factory=set)
    are_words_known: bool = False
    are_ticks_gone: bool = False
    ended: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, small: CasebookDatabase, tips: Collection[int]) -> "MailboxVoice":
        """The answers and ticks of these tips of one mailbox, by the numbers of their submissions."""
        voice, known = cls(), Questionnaires(small)
        ended = ended_of(small, tips)
        for number, (day, fields) in answers_of(small, tips).items():
            voice._add(known, number, day, fields, ended.get(number))
        return voice

    @property
    def was_asked(self) -> bool:
        """True if a tip of ``voice`` is here."""
        return bool(self.answers)

    def is_yes(self, reader: str) -> bool:
        """True if the newest answer is a yes; of several on one day, each of them.

        Where a newer tip that did not say yes was deleted, it is a no. Where another person may have the secret
        words, that person may have said yes.
        """
        if not self.answers or self.are_words_known:
            return False
        return all(one[reader] == _YES for one in self.answers[max(self.answers)])

    def refuses(self, reader: str) -> bool:
        """True if it was asked and its newest answer is no yes, also where that answer is gone."""
        return not self.is_yes(reader) if self.answers else reader in self.ended

    def _add(
        self, known: Questionnaires, number: int, day: dt.date, fields: Fields, ended: Collection[str] | None
    ) -> None:
        self.are_words_known |= WORDS_KNOWN in fields
        self.are_ticks_gone |= ended is not None
        self.ended.update(ended or ())
        name, answers = _answered(known, fields)
        self.ticked.update(indicators_ticked(name, answers))
        if name == VOICE:
            self.in_voice.add(number)
            said = {
                reader: "" if reader in (ended or ()) else _answer(answers, key)
                for reader, key in ASKED_FOR.items()
            }
            self.answers.setdefault(day, []).append(said)


def tips_of_mailbox(small: CasebookDatabase, submission: int) -> list[int]:
    """The tips of the same mailbox, itself among them; without a mailbox, itself alone."""
    rows = small.rows(
        "SELECT other.number FROM submissions AS own JOIN submissions AS other"
        " ON other.mailbox IS NOT NULL AND substr(other.mailbox, 1, 32) = substr(own.mailbox, 1, 32)"
        " WHERE own.number = ? ORDER BY other.number",
        (submission,),
    )
    return [number for (number,) in rows] or [submission]


def answers_of(small: CasebookDatabase, tips: Collection[int]) -> dict[int, tuple[dt.date, Fields]]:
    """Day and fields of each tip that opened: only fields of questionnaires, and acts."""
    numbers = json.dumps(list(tips))
    found: dict[int, tuple[dt.date, list[tuple[str, str]]]] = {
        number: (dt.date.fromisoformat(day), [])
        for number, day in small.rows(
            "SELECT number, coalesce(day, imported_day) FROM submissions WHERE unopenable IS NULL"
            " AND number IN (SELECT value FROM json_each(?))",
            (numbers,),
        )
    }
    rows = small.rows(
        "SELECT submission, name, value FROM fields WHERE submission IN (SELECT value FROM json_each(?))"
        " AND (name IN ('act', 'door', 'questions') OR name GLOB 'q:*') ORDER BY submission, place",
        (numbers,),
    )
    for number, name, value in rows:
        if number in found:
            found[number][1].append((name, value))
    return dict(found)


def ended_of(small: CasebookDatabase, tips: Collection[int]) -> dict[int, Collection[str]]:
    rows = small.rows(
        "SELECT submission, readers FROM voices_ended WHERE submission IN (SELECT value FROM json_each(?))",
        (json.dumps(list(tips)),),
    )
    return {number: readers.split() for number, readers in rows}


def _answered(known: Questionnaires, fields: Fields) -> tuple[str, Sequence[Answer]]:
    """The name of the form, and the answers that are known here; those that cannot be read are no yes."""
    named = dict(fields)
    digest = named.get(QUESTIONS_FIELD, "")
    is_digest = len(digest) == _DIGEST_DIGITS and not set(digest) - set("0123456789abcdefABCDEF")
    questionnaire = known.known(bytes.fromhex(digest)) if is_digest else None
    if questionnaire is None:
        return named.get(FORM_FIELD, ""), ()
    answers, _left = answers_in(questionnaire, [one for one in fields if one[0].startswith(PREFIX)])
    return questionnaire.name, answers


def no_yes(known: Questionnaires, fields: Fields, ended: Collection[str]) -> set[str]:
    """The readers for whom a tip that goes may have taken a yes back."""
    name, answers = _answered(known, fields)
    if WORDS_KNOWN in fields:
        return set(ASKED_FOR)
    if name != VOICE:
        return set()
    return {reader for reader, key in ASKED_FOR.items() if reader in ended or _answer(answers, key) != _YES}


def asks(known: Questionnaires, fields: Fields) -> bool:
    """True if a tip is of the form that asks who may be told."""
    return _answered(known, fields)[0] == VOICE


def _answer(answers: Sequence[Answer], key: str) -> str:
    for one in answers:
        if one.question.key == key and one.question.type is QuestionType.CHOICE and one.fits:
            return one.values[0] if len(one.values) == 1 else ""
    return ""
