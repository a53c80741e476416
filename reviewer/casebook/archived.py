"""Which submissions staff have set aside: nothing is lost by it, they stand after the others."""

import datetime as dt

from reviewer.casebook.database import CasebookDatabase


class ArchivedSubmissions:
    """By the number of a submission."""

    def __init__(self, small: CasebookDatabase) -> None:
        self._small = small

    def mark(self, submission: int, *, today: dt.date) -> None:
        """Set it aside; once more changes nothing."""
        self._small.run("INSERT OR IGNORE INTO handled VALUES (?, ?)", (submission, today.isoformat()))

    def unmark(self, submission: int) -> None:
        self._small.run("DELETE FROM handled WHERE submission = ?", (submission,))

    def all(self) -> dict[int, dt.date]:
        """The day on which each was set aside."""
        return {number: dt.date.fromisoformat(day) for number, day in self._small.rows("SELECT * FROM handled")}
