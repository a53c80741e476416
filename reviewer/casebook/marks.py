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
    """A note and the day on which it was written.

    ``operation`` is the digest of the operation that it came with, and ``author`` its author's key (32 bytes); both
    are None for a private note, and for one of an earlier version: these are ours, and stay in this casebook.
    """

    number: int
    day: dt.date
    text: str = field(repr=False)
    operation: bytes | None = None
    author: bytes | None = None

    @property
    def is_private(self) -> bool:
        """True if it reaches no colleague, no member, and no paper."""
        return self.operation is None


class Notes:
    """The notes of submissions: written once, and destroyed as a whole."""

    def __init__(self, small: CasebookDatabase) -> None:
        self._small = small

    def add(self, submission: int, text: str, *, today: dt.date) -> None:
        self._small.run(
            "INSERT INTO notes (submission, day, text) VALUES (?, ?, ?)", (submission, today.isoformat(), text)
        )
        SearchIndex(self._small).put(submission)

    def add_shared(self, submission: int, text: str, *, operation: bytes, day: dt.date) -> None:
        """Add a note that an operation brought, ours or a colleague's, once."""
        if self.of_operation(operation) is not None:
            return
        self.add(submission, text, today=day)
        self._small.run("INSERT INTO note_operations SELECT ?, max(number) FROM notes", (operation,))

    def of_operation(self, operation: bytes) -> int | None:
        """The number of the note that came with an operation."""
        row = self._small.row("SELECT note FROM note_operations WHERE operation = ?", (operation,))
        return int(row[0]) if row else None

    def of(self, submission: int) -> list[Note]:
        """The notes of a submission, in the order of writing."""
        rows = self._small.rows(
            "SELECT notes.number, notes.day, text, operation, author FROM notes"
            " LEFT JOIN note_operations ON note_operations.note = notes.number"
            " LEFT JOIN operations ON operations.sha256 = note_operations.operation"
            " WHERE submission = ? ORDER BY notes.number",
            (submission,),
        )
        return [Note(row[0], dt.date.fromisoformat(row[1]), row[2], row[3], row[4]) for row in rows]

    def destroy(self, submission: int, number: int) -> bool:
        """Destroy a note; False if there is none. No trace of it stays in the casebook."""
        gone = self._small.run("DELETE FROM notes WHERE submission = ? AND number = ?", (submission, number))
        index = SearchIndex(self._small)
        index.put(submission)
        index.wipe_leavings()
        return gone > 0
