"""Staff's own notes about a submission; they leave the casebook only in its backups."""

import datetime as dt
from dataclasses import dataclass, field

from reviewer.casebook.database import CasebookDatabase
from reviewer.casebook.search_index import SearchIndex


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
