"""The archive flag of submissions: archived ones are listed last, and nothing is deleted."""

import datetime as dt

from reviewer.casebook.database import CasebookDatabase


class ArchivedSubmissions:
    """The day of archiving, by the number of a submission."""

    def __init__(self, small: CasebookDatabase) -> None:
        self._small = small

    def mark(self, submission: int, *, today: dt.date) -> None:
        """Archive it; repeating changes nothing."""
        self._small.run("INSERT OR IGNORE INTO handled VALUES (?, ?)", (submission, today.isoformat()))

    def unmark(self, submission: int) -> None:
        self._small.run("DELETE FROM handled WHERE submission = ?", (submission,))

    def all(self) -> dict[int, dt.date]:
        """The archiving day of each archived submission."""
        return {number: dt.date.fromisoformat(day) for number, day in self._small.rows("SELECT * FROM handled")}
