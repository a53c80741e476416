"""The diary of a facility, the workers that are known there, and releases of sentences: all by staff."""

import datetime as dt
import json
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final

from reviewer.casebook.database import CasebookDatabase, Row
from reviewer.casebook.held_sentences import HeldSentences
from reviewer.casebook.mailbox_voice import MailboxVoice, tips_of_mailbox

_ENTRY: Final = (
    "SELECT number, facility, step, did, person, document, readers, day, due_day, done_day FROM diary_entries"
)
_RELEASE: Final = (
    "SELECT number, facility, indicator, reader, because, day, to_renew, withdrawn_day, withdrawn_because"
    " FROM sentence_releases"
)
_IN: Final = "facility IN (SELECT value FROM json_each(?))"


@dataclass(frozen=True, slots=True)
class DiaryEntry:
    """A deed of staff, done or due. ``step`` is one of the OECD's six; ``readers`` may read it."""

    number: int
    facility: int
    step: int
    did: str = field(repr=False)
    person: str = field(repr=False)
    document: str = field(repr=False)
    readers: frozenset[str]
    day: dt.date
    due_day: dt.date | None
    done_day: dt.date | None

    @property
    def name(self) -> str:
        """As ``Y-4``."""
        return f"Y-{self.number}"


@dataclass(frozen=True, slots=True)
class KnownWorkers:
    """How many people work at a facility, as staff know it from ``source``."""

    facility: int
    workers: int
    source: str = field(repr=False)
    day: dt.date


@dataclass(frozen=True, slots=True)
class SentenceRelease:
    """A sentence about an indicator may be told to one kind of reader; ``withdrawn_day`` ends that.

    ``is_to_renew``: a source that it may rest on left the place since, and no report says it.
    """

    number: int
    facility: int
    indicator: str
    reader: str
    because: str = field(repr=False)
    day: dt.date
    is_to_renew: bool
    withdrawn_day: dt.date | None
    withdrawn_because: str = field(repr=False)


class DueDiligence:
    """Each method is a part of the caller's transaction."""

    def __init__(self, small: CasebookDatabase) -> None:
        self._small = small

    def add_entry(self, entry: DiaryEntry) -> int:
        """Keep an entry; its number. The number of ``entry`` is not looked at."""
        self._small.run(
            "INSERT INTO diary_entries (facility, step, did, person, document, readers, day, due_day, done_day)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(entry.facility, entry.step, entry.did, entry.person, entry.document),
                *(
                    " ".join(sorted(entry.readers)),
                    entry.day.isoformat(),
                    _text(entry.due_day),
                    _text(entry.done_day),
                ),
            ),
        )
        row = self._small.row("SELECT last_insert_rowid()")
        return int(row[0]) if row else 0

    def entry(self, number: int) -> DiaryEntry | None:
        """The entry with this number."""
        row = self._small.row(f"{_ENTRY} WHERE number = ?", (number,))
        return _entry(row) if row else None

    def entries(self, facilities: Collection[int]) -> list[DiaryEntry]:
        """The entries about these facilities, by step and day."""
        rows = self._small.rows(f"{_ENTRY} WHERE {_IN} ORDER BY step, day, number", (_numbers(facilities),))
        return [_entry(row) for row in rows]

    def done(self, number: int, day: dt.date) -> None:
        """An entry is done since that day."""
        self._small.run("UPDATE diary_entries SET done_day = ? WHERE number = ?", (day.isoformat(), number))

    def delete_entry(self, number: int) -> None:
        """Delete an entry."""
        self._small.run("DELETE FROM diary_entries WHERE number = ?", (number,))

    def add_workers(self, known: KnownWorkers) -> None:
        """Keep a figure; the newest of a facility counts."""
        self._small.run(
            "INSERT INTO facility_workers (facility, workers, source, day) VALUES (?, ?, ?, ?)",
            (known.facility, known.workers, known.source, known.day.isoformat()),
        )

    def workers(self, facilities: Collection[int]) -> list[KnownWorkers]:
        """The newest figure of each of these facilities."""
        rows = self._small.rows(
            "SELECT facility, workers, source, day FROM facility_workers WHERE number IN (SELECT max(number)"
            " FROM facility_workers WHERE facility IN (SELECT value FROM json_each(?)) GROUP BY facility)"
            " ORDER BY number",
            (_numbers(facilities),),
        )
        return [
            KnownWorkers(facility, workers, source, dt.date.fromisoformat(day))
            for facility, workers, source, day in rows
        ]

    def mailbox_voice(self, submission: int) -> MailboxVoice:
        """The answers of the mailbox of a tip; without a mailbox, of the tip alone."""
        return MailboxVoice.of(self._small, tips_of_mailbox(self._small, submission))

    def tips_of_mailbox(self, submission: int) -> list[int]:
        """The tips of the same mailbox, itself among them; without a mailbox, itself alone."""
        return tips_of_mailbox(self._small, submission)

    def contents_of_mailbox(self, submission: int) -> list[bytes]:
        """The digests of contents that a tip of the mailbox of this tip has in common with another tip.

        Where such contents went, a mark stands for them.
        """
        mailbox = tips_of_mailbox(self._small, submission)
        rows = self._small.rows(
            "SELECT DISTINCT mine.sha256 FROM same_contents AS mine JOIN same_contents AS equal"
            " ON equal.sha256 = mine.sha256 AND equal.submission <> mine.submission"
            " WHERE mine.submission IN (SELECT value FROM json_each(?))",
            (json.dumps(mailbox),),
        )
        return [*(bytes(sha256) for (sha256,) in rows), *HeldSentences(self._small).marks_of(mailbox)]

    def joins_others(self, submission: int) -> bool:
        """True if equal contents in the mailbox of a tip make one source of two others."""
        mailbox = tips_of_mailbox(self._small, submission)
        return HeldSentences(self._small).equal_mailboxes(mailbox, mailbox) > 1

    def held_readers(self, facilities: Collection[int]) -> set[str]:
        """The readers to whom nothing from tips is told: tips went whose source had not said yes."""
        return {reader for _facility, reader in HeldSentences(self._small).at(facilities)}

    def held_sentences(self) -> HeldSentences:
        """Sentences that stay held back although their tips are gone."""
        return HeldSentences(self._small)

    def release(self, facility: int, indicator: str, reader: str, *, because: str, today: dt.date) -> None:
        """Keep that a sentence may be told."""
        self._small.run(
            "INSERT INTO sentence_releases (facility, indicator, reader, because, day) VALUES (?, ?, ?, ?, ?)",
            (facility, indicator, reader, because, today.isoformat()),
        )

    def withdraw(self, release: SentenceRelease, *, because: str, today: dt.date) -> None:
        """It may not be told any longer; the row stays with the reason."""
        self._small.run(
            "UPDATE sentence_releases SET withdrawn_day = ?, withdrawn_because = ? WHERE number = ?",
            (today.isoformat(), because, release.number),
        )

    def releases(self, facilities: Collection[int]) -> list[SentenceRelease]:
        """All releases about these facilities, withdrawn ones too, in the order in which they were made."""
        rows = self._small.rows(f"{_RELEASE} WHERE {_IN} ORDER BY number", (_numbers(facilities),))
        return [_release(row) for row in rows]


def _entry(row: Row) -> DiaryEntry:
    number, facility, step, did, person, document, readers, day, due, done = row
    return DiaryEntry(
        *(number, facility, step, did, person, document, frozenset(readers.split()), dt.date.fromisoformat(day)),
        *(_day(due), _day(done)),
    )


def _release(row: Row) -> SentenceRelease:
    number, facility, indicator, reader, because, day, to_renew, withdrawn, withdrawn_because = row
    return SentenceRelease(
        *(number, facility, indicator, reader, because, dt.date.fromisoformat(day), bool(to_renew)),
        *(_day(withdrawn), withdrawn_because),
    )


def _numbers(facilities: Collection[int]) -> str:
    return json.dumps(sorted(facilities))


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _text(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None
