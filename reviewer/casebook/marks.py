"""Marks that staff put on a message: archived, and notes."""

import datetime as dt
from dataclasses import dataclass, field

from reviewer.casebook.database import CasebookDatabase
from reviewer.casebook.search_index import SearchIndex


class ArchivedSubmissions:
    """The day of archiving, by the number of a submission."""

    def __init__(self, small: CasebookDatabase) -> None:
        self._small = small

    def mark(self, submission: int, *, today: dt.date) -> None:
        """Archive it; repeating changes nothing."""
        self._small.run("INSERT OR IGNORE INTO handled VALUES (?, ?)", (submission, today.isoformat()))
        self._put_row(submission, is_archived=True)

    def unmark(self, submission: int) -> None:
        self._small.run("DELETE FROM handled WHERE submission = ?", (submission,))
        self._put_row(submission, is_archived=False)

    def is_marked(self, submission: int) -> bool:
        """True if it is archived."""
        return self._small.row("SELECT 1 FROM handled WHERE submission = ?", (submission,)) is not None

    def _put_row(self, submission: int, *, is_archived: bool) -> None:
        self._small.run("UPDATE inbox_rows SET is_archived = ? WHERE submission = ?", (is_archived, submission))

    def all(self) -> dict[int, dt.date]:
        """The archiving day of each archived submission."""
        return {number: dt.date.fromisoformat(day) for number, day in self._small.rows("SELECT * FROM handled")}


@dataclass(frozen=True, slots=True)
class Note:
    """A note and the day on which it was written."""

    number: int
    day: dt.date
    text: str = field(repr=False)


class Notes:
    """The notes of submissions: written once, and destroyed as a whole."""

    def __init__(self, small: CasebookDatabase) -> None:
        self._small = small

    def add(self, submission: int, text: str, *, today: dt.date) -> None:
        self._small.run(
            "INSERT INTO notes (submission, day, text) VALUES (?, ?, ?)", (submission, today.isoformat(), text)
        )
        SearchIndex(self._small).put(submission)

    def of(self, submission: int) -> list[Note]:
        """The notes of a submission, in the order of writing."""
        rows = self._small.rows(
            "SELECT number, day, text FROM notes WHERE submission = ? ORDER BY number", (submission,)
        )
        return [Note(number, dt.date.fromisoformat(day), text) for number, day, text in rows]

    def destroy(self, submission: int, number: int) -> bool:
        """Destroy a note; False if there is none. No trace of it stays in the casebook."""
        gone = self._small.run("DELETE FROM notes WHERE submission = ? AND number = ?", (submission, number))
        index = SearchIndex(self._small)
        index.put(submission)
        index.wipe_leavings()
        return gone > 0
