"""Cases: threads that staff joined by hand, with notes of their own.

A thread is in at most one case. A case that was merged keeps its threads and notes and names the case it was merged
into, so that undoing the merge loses nothing. Threads that were split off remember it in the same way.
They are read here, but for private notes. :mod:`reviewer.casebook.shared_cases` writes them, from the operations of
all reviewers.
"""

import datetime as dt
from dataclasses import dataclass, field

from reviewer.casebook.database import CasebookDatabase, Row
from reviewer.casebook.marks import Note

_COLUMNS = "number, case_id, name, opened_day, merged_into, split_from"
_BELOW = """WITH RECURSIVE below(number) AS (VALUES (?1) UNION SELECT cases.number FROM cases
    JOIN below ON cases.merged_into = below.number)"""
_UNDONE = """case_id IN (SELECT case_id FROM cases_undone)
    AND NOT EXISTS (SELECT 1 FROM case_threads WHERE case_number = cases.number)
    AND NOT EXISTS (SELECT 1 FROM case_notes WHERE case_number = cases.number)
    AND NOT EXISTS (SELECT 1 FROM cases AS other WHERE other.merged_into = cases.number)"""
"""A case whose split was undone, and in which nothing is."""


@dataclass(frozen=True, slots=True)
class CaseRecord:
    """One case. ``case_id`` is the same at every reviewer; ``number`` is of this casebook."""

    number: int
    case_id: bytes
    name: str = field(repr=False)
    opened_day: dt.date
    merged_into: int | None
    split_from: int | None


class CaseRegister:
    """The tables of cases; :mod:`reviewer.cases.case_work` checks and logs."""

    def __init__(self, small: CasebookDatabase) -> None:
        self._small = small

    def find(self, number: int) -> CaseRecord | None:
        row = self._small.row(f"SELECT {_COLUMNS} FROM cases WHERE number = ?", (number,))  # noqa: S608
        return _record(row) if row else None

    def all(self) -> list[CaseRecord]:
        """Cases that are merged into no other, the newest first."""
        return [
            _record(row)
            for row in self._small.rows(
                f"SELECT {_COLUMNS} FROM cases WHERE merged_into IS NULL AND NOT ({_UNDONE}) ORDER BY number DESC"  # noqa: S608
            )
        ]

    def merged(self, number: int) -> list[CaseRecord]:
        """Cases that were merged into this one directly."""
        return [
            _record(row)
            for row in self._small.rows(
                f"SELECT {_COLUMNS} FROM cases WHERE merged_into = ? ORDER BY number",  # noqa: S608
                (number,),
            )
        ]

    def whole(self, number: int) -> int:
        """The case that this one is part of now; itself unless it was merged."""
        while (found := self.find(number)) is not None and found.merged_into is not None:
            number = found.merged_into
        return number

    def of_thread(self, thread: int) -> int | None:
        """The case of a thread, whole; None if it is in none."""
        row = self._small.row("SELECT case_number FROM case_threads WHERE thread = ?", (thread,))
        return self.whole(int(row[0])) if row else None

    def threads(self, number: int) -> list[int]:
        """The threads of a case and of all that were merged into it."""
        return [
            row[0]
            for row in self._small.rows(
                f"{_BELOW} SELECT thread FROM case_threads"  # noqa: S608
                " WHERE case_number IN (SELECT number FROM below) ORDER BY thread",
                (number,),
            )
        ]

    def count(self) -> dict[int, int]:
        """Numbers of threads, by the case in which each is now."""
        counts: dict[int, int] = {}
        for number, threads in self._small.rows("SELECT case_number, count(*) FROM case_threads GROUP BY 1"):
            whole = self.whole(number)
            counts[whole] = counts.get(whole, 0) + threads
        return counts

    def number_of(self, case_id: bytes) -> int:
        """The number of a case in this casebook.

        Raises:
            LookupError: it is not here.
        """
        row = self._small.row("SELECT number FROM cases WHERE case_id = ?", (case_id,))
        if row is None:
            raise LookupError("no case has this id")
        return int(row[0])

    def place_of(self, thread: int) -> int | None:
        """The case in which a thread is, without regard to merges; None if it is in none."""
        row = self._small.row("SELECT case_number FROM case_threads WHERE thread = ?", (thread,))
        return int(row[0]) if row else None

    def split_threads(self, number: int) -> list[tuple[int, int]]:
        """Threads that were split off to this case and are in it still, each with the case that it came from."""
        return [
            (row[0], row[1])
            for row in self._small.rows(
                "SELECT s.thread, s.came_from FROM case_splits AS s JOIN case_threads AS t ON t.thread = s.thread"
                " AND t.case_number = s.case_number WHERE s.case_number = ? ORDER BY s.thread",
                (number,),
            )
        ]

    def with_merged(self, number: int) -> list[int]:
        """A case and all that were merged into it, by their numbers."""
        return [row[0] for row in self._small.rows(f"{_BELOW} SELECT number FROM below", (number,))]  # noqa: S608

    def add_note(self, number: int, text: str, *, today: dt.date) -> None:
        self._small.run(
            "INSERT INTO case_notes (case_number, day, text) VALUES (?, ?, ?)", (number, today.isoformat(), text)
        )

    def notes(self, number: int) -> list[Note]:
        """Notes of a case and of all that were merged into it, in the order of writing."""
        rows = self._small.rows(
            f"{_BELOW} SELECT n.number, n.day, n.text, c.operation, o.author FROM case_notes AS n"  # noqa: S608
            " LEFT JOIN case_note_operations AS c ON c.note = n.number"
            " LEFT JOIN operations AS o ON o.sha256 = c.operation"
            " WHERE n.case_number IN (SELECT number FROM below) ORDER BY n.number",
            (number,),
        )
        return [Note(row[0], dt.date.fromisoformat(row[1]), row[2], row[3], row[4]) for row in rows]

    def case_of_note(self, note: int) -> int:
        """The case on which a note was written, which may be merged into another.

        Raises:
            LookupError: there is no such note.
        """
        row = self._small.row("SELECT case_number FROM case_notes WHERE number = ?", (note,))
        if row is None:
            raise LookupError("no note of a case has this number")
        return int(row[0])

    def destroy_note(self, note: int) -> None:
        self._small.run("DELETE FROM case_notes WHERE number = ?", (note,))


def _record(row: Row) -> CaseRecord:
    number, case_id, name, opened, merged, split = row
    return CaseRecord(number, bytes(case_id), name, dt.date.fromisoformat(opened), merged, split)
