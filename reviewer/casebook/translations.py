"""Translations beside the texts of a submission, each with its author and its day."""

import datetime as dt
from dataclasses import dataclass, field

from reviewer.casebook.database import CasebookDatabase
from reviewer.casebook.search_index import SearchIndex


@dataclass(frozen=True, slots=True)
class Translation:
    """A translation of one text; ``part`` names the text, see :mod:`reviewer.cases.text_parts`.

    With ``is_from_outside`` the text came from a translator outside of the team and is untrusted.
    """

    number: int
    part: str
    day: dt.date
    author: str
    is_from_outside: bool
    text: str = field(repr=False)


class Translations:
    """Written once, destroyed as a whole, and searched together with the submission."""

    def __init__(self, small: CasebookDatabase) -> None:
        self._small = small

    def add(
        self, submission: int, part: str, text: str, *, author: str, is_from_outside: bool, today: dt.date
    ) -> None:
        self._small.run(
            "INSERT INTO translations (submission, part, day, author, is_from_outside, text)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (submission, part, today.isoformat(), author, int(is_from_outside), text),
        )
        SearchIndex(self._small).put(submission)

    def of(self, submission: int) -> list[Translation]:
        """All translations of a submission, in the order of writing."""
        rows = self._small.rows(
            "SELECT number, part, day, author, is_from_outside, text FROM translations WHERE submission = ?"
            " ORDER BY number",
            (submission,),
        )
        return [
            Translation(number, part, dt.date.fromisoformat(day), author, bool(outside), text)
            for number, part, day, author, outside, text in rows
        ]

    def destroy(self, submission: int, number: int) -> bool:
        """Destroy a translation; False if there is none. No trace of it stays in the casebook."""
        gone = self._small.run("DELETE FROM translations WHERE submission = ? AND number = ?", (submission, number))
        index = SearchIndex(self._small)
        index.put(submission)
        index.wipe_leavings()
        return gone > 0
