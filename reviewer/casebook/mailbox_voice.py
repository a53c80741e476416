"""The answers of one mailbox to ``voice`` about who may be told, and what of them outlives its tips.

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

_VOICE: Final = "voice"
_YES: Final = "yes"
_WORDS_KNOWN: Final = ("act", "words-known")
_DIGEST_DIGITS: Final = 64

Fields = Sequence[tuple[str, str]]


@dataclass(slots=True)
class MailboxVoice:
    """The answers of a mailbox by day and reader, its tips of ``voice``, and its ticks.

    ``are_ticks_gone``: answers of it were deleted, so it may have ticked anything.
    """

    answers: dict[dt.date, list[dict[str, str]]] = field(default_factory=dict)
    in_voice: set[int] = field(default_factory=set)
    ticked: set[str] = field(default_factory=set)
    are_words_known: bool = False
    are_ticks_gone: bool = False

    @classmethod
    def of(cls, small: CasebookDatabase, tips: Collection[int]) -> "MailboxVoice":
        """The answers and ticks of these tips of one mailbox, by the numbers of their submissions."""
        voice, known = cls(), Questionnaires(small)
        ended = _ended(small, tips)
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

    def _add(
        self, known: Questionnaires, number: int, day: dt.date, fields: Fields, ended: Collection[str] | None
    ) -> None:
        self.are_words_known |= _WORDS_KNOWN in fields
        self.are_ticks_gone |= ended is not None
        name, answers = _answered(known, fields)
        self.ticked.update(indicators_ticked(name, answers))
        if name == _VOICE:
            self.in_voice.add(number)
            said = {
                reader: "" if reader in (ended or ()) else _answer(answers, key)
                for reader, key in ASKED_FOR.items()
            }
            self.answers.setdefault(day, []).append(said)


class HeldSentences:
    """Sentences that stay held back once their tips go. Each method is a part of the caller's transaction."""

    def __init__(self, small: CasebookDatabase) -> None:
        self._small = small

    def keep(self, tips: Collection[int], *, in_bin: bytes = b"") -> None:
        """Call this before the rows of these tips go; ``in_bin`` is the digest of one that may come back.

        Kept are the facilities and the readers for whom a source had not said yes, and nothing else of the tips.
        """
        left = set(tips)
        while left:
            mailbox = tips_of_mailbox(self._small, min(left))
            gone = left.intersection(mailbox)
            left -= gone | {min(left)}
            for facility, reader in self._held(mailbox, gone):
                self._small.run("INSERT OR IGNORE INTO sentences_held VALUES (?, ?, ?)", (facility, reader, in_bin))
            self._mark_others(mailbox, gone)

    def on_list(self, facility_list: int) -> list[int]:
        """The facilities of a list for which a sentence is held back."""
        rows = self._small.rows(
            "SELECT DISTINCT facility FROM sentences_held"
            " WHERE facility IN (SELECT number FROM facilities WHERE list = ?) ORDER BY facility",
            (facility_list,),
        )
        return [facility for (facility,) in rows]

    def carry_over(self, facility: int, others: Collection[int]) -> None:
        """Hold back for these facilities, too: they are the same place, and the first one goes with its list."""
        self._small.run(
            "INSERT OR IGNORE INTO sentences_held SELECT o.value, h.reader, h.in_bin FROM sentences_held AS h"
            " JOIN json_each(?2) AS o WHERE h.facility = ?1",
            (facility, json.dumps(sorted(others))),
        )

    def readers(self, facilities: Collection[int]) -> set[str]:
        """The readers to whom no sentence from tips is told about these facilities."""
        rows = self._small.rows(
            "SELECT DISTINCT reader FROM sentences_held WHERE facility IN (SELECT value FROM json_each(?))",
            (json.dumps(sorted(facilities)),),
        )
        return {reader for (reader,) in rows}

    def _held(self, mailbox: Sequence[int], gone: Collection[int]) -> list[tuple[int, str]]:
        """The places where a source without a yes leaves no accepted tip or no answer, with the readers."""
        accepted = self._small.rows(
            "SELECT submission, facility FROM facility_tips WHERE undone_day IS NULL"
            " AND submission IN (SELECT value FROM json_each(?))",
            (json.dumps(list(mailbox)),),
        )
        if not accepted:
            return []
        rest = [one for one in mailbox if one not in gone]
        voice = MailboxVoice.of(self._small, mailbox)
        stays = {facility for tip, facility in accepted if tip in rest}
        if not MailboxVoice.of(self._small, rest).was_asked:
            stays = set()
        is_bridge = self._joins_sources(mailbox, gone)
        return [
            (facility, reader)
            for facility in {facility for _tip, facility in accepted}
            for reader in ASKED_FOR
            if is_bridge or (facility not in stays and voice.was_asked and not voice.is_yes(reader))
        ]

    def _joins_sources(self, mailbox: Sequence[int], gone: Collection[int]) -> bool:
        """True if equal contents in a tip that goes make one source of this mailbox and another one.

        Without that tip they would count as two.
        """
        return (
            self._small.row(
                "SELECT 1 FROM same_contents AS mine JOIN same_contents AS equal ON equal.sha256 = mine.sha256"
                " JOIN facility_tips AS t ON t.submission = equal.submission AND t.undone_day IS NULL"
                " WHERE mine.submission IN (SELECT value FROM json_each(?1))"
                " AND equal.submission NOT IN (SELECT value FROM json_each(?2)) LIMIT 1",
                (json.dumps(sorted(gone)), json.dumps(list(mailbox))),
            )
            is not None
            and len(mailbox) > 1
        )

    def _mark_others(self, mailbox: Sequence[int], gone: Collection[int]) -> None:
        others = [one for one in mailbox if one not in gone]
        went = answers_of(self._small, sorted(gone)) if others else {}
        if not any(fields for _day, fields in went.values()):
            return
        known, ended = Questionnaires(self._small), _ended(self._small, mailbox)
        over = [
            # Who has the words could answer later, too.
            (dt.date.max if _WORDS_KNOWN in fields else day, _no_yes(known, fields, ended.get(one, ())))
            for one, (day, fields) in went.items()
        ]
        for number, (day, _fields) in answers_of(self._small, others).items():
            readers = set(ended.get(number, ())).union(*(some for gone_day, some in over if day <= gone_day))
            self._small.run(
                "INSERT OR REPLACE INTO voices_ended VALUES (?, ?)", (number, " ".join(sorted(readers)))
            )


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


def _ended(small: CasebookDatabase, tips: Collection[int]) -> dict[int, Collection[str]]:
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


def _no_yes(known: Questionnaires, fields: Fields, ended: Collection[str]) -> set[str]:
    """The readers for whom a tip that goes may have taken a yes back."""
    name, answers = _answered(known, fields)
    if _WORDS_KNOWN in fields:
        return set(ASKED_FOR)
    if name != _VOICE:
        return set()
    return {reader for reader, key in ASKED_FOR.items() if reader in ended or _answer(answers, key) != _YES}


def _answer(answers: Sequence[Answer], key: str) -> str:
    for one in answers:
        if one.question.key == key and one.question.type is QuestionType.CHOICE and one.fits:
            return one.values[0] if len(one.values) == 1 else ""
    return ""
