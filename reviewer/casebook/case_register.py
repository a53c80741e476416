"""Cases: threads that staff joined by hand, with notes of their own.

A thread is in at most one case. A case that was merged keeps its threads and notes and names the case it was merged
into, so that undoing the merge loses nothing. Threads that were split off remember it in the same way.
"""

import datetime as dt
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field

from reviewer.casebook.database import CasebookDatabase, Row
from reviewer.casebook.marks import Note

_ID_BYTES = 16
_COLUMNS = "number, case_id, name, opened_day, merged_into, split_from"
_BELOW = """WITH RECURSIVE below(number) AS (VALUES (?1) UNION SELECT cases.number FROM cases
    JOIN below ON cases.merged_into = below.number)"""


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

    def add(self, name: str, *, split_from: int | None = None, today: dt.date) -> int:
        """Open a case; its number."""
        self._small.run(
            "INSERT INTO cases (case_id, name, opened_day, split_from) VALUES (?, ?, ?, ?)",
            (secrets.token_bytes(_ID_BYTES), name, today.isoformat(), split_from),
        )
        row = self._small.row("SELECT last_insert_rowid()")
        return int(row[0]) if row else 0

    def rename(self, number: int, name: str) -> None:
        self._small.run("UPDATE cases SET name = ? WHERE number = ?", (name, number))

    def find(self, number: int) -> CaseRecord | None:
        row = self._small.row(f"SELECT {_COLUMNS} FROM cases WHERE number = ?", (number,))  # noqa: S608
        return _record(row) if row else None

    def all(self) -> list[CaseRecord]:
        """Cases that are merged into no other, the newest first."""
        return [
            _record(row)
            for row in self._small.rows(
                f"SELECT {_COLUMNS} FROM cases WHERE merged_into IS NULL ORDER BY number DESC"  # noqa: S608
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

    def put_thread(self, number: int, thread: int) -> None:
        """Put a thread into a case; it leaves the one that it was in."""
        self._small.run("INSERT OR REPLACE INTO case_threads VALUES (?, ?)", (thread, number))

    def take_thread(self, thread: int) -> None:
        self._small.run("DELETE FROM case_threads WHERE thread = ?", (thread,))

    def merge(self, number: int, *, into: int | None) -> None:
        """Merge a case into another; None undoes it."""
        self._small.run("UPDATE cases SET merged_into = ? WHERE number = ?", (into, number))

    def split(self, threads: Sequence[int], *, into: int) -> None:
        """Move threads to a case that was split off, and remember the case in which each was."""
        for thread in threads:
            self._small.run(
                "INSERT INTO case_splits SELECT ?, thread, case_number FROM case_threads WHERE thread = ?",
                (into, thread),
            )
            self.put_thread(into, thread)

    def undo_split(self, number: int) -> None:
        """Move what was split off back. What came to the case later, and its notes, stay."""
        self._small.run(
            "UPDATE case_threads SET case_number = came_from FROM case_splits AS s"
            " WHERE s.thread = case_threads.thread AND s.case_number = case_threads.case_number"
            " AND s.case_number = ?",
            (number,),
        )
        self._small.run("DELETE FROM case_splits WHERE case_number = ?", (number,))
        self._small.run("UPDATE cases SET split_from = NULL WHERE number = ?", (number,))
        self._small.run(
            "DELETE FROM cases WHERE number = ?1 AND NOT EXISTS (SELECT 1 FROM case_threads WHERE case_number = ?1)"
            " AND NOT EXISTS (SELECT 1 FROM case_notes WHERE case_number = ?1)"
            " AND NOT EXISTS (SELECT 1 FROM cases WHERE merged_into = ?1 OR split_from = ?1)"
            " AND NOT EXISTS (SELECT 1 FROM case_splits WHERE came_from = ?1)",
            (number,),
        )

    def delete(self, number: int) -> None:
        """Delete a case, with all that were merged into it, and their notes. Its threads are in no case then."""
        doomed = [row[0] for row in self._small.rows(f"{_BELOW} SELECT number FROM below", (number,))]  # noqa: S608
        for one in doomed:
            for statement in (
                "DELETE FROM case_notes WHERE case_number = ?",
                "DELETE FROM case_threads WHERE case_number = ?",
                "DELETE FROM case_splits WHERE case_number = ?1 OR came_from = ?1",
                "UPDATE cases SET split_from = NULL WHERE split_from = ?",
                "UPDATE cases SET merged_into = NULL WHERE number = ?",
            ):
                self._small.run(statement, (one,))
        for one in doomed:
            self._small.run("DELETE FROM cases WHERE number = ?", (one,))

    def add_note(self, number: int, text: str, *, today: dt.date) -> None:
        self._small.run(
            "INSERT INTO case_notes (case_number, day, text) VALUES (?, ?, ?)", (number, today.isoformat(), text)
        )

    def notes(self, number: int) -> list[Note]:
        """Notes of a case and of all that were merged into it, in the order of writing."""
        rows = self._small.rows(
            f"{_BELOW} SELECT number, day, text FROM case_notes"  # noqa: S608
            " WHERE case_number IN (SELECT number FROM below) ORDER BY number",
            (number,),
        )
        return [Note(row[0], dt.date.fromisoformat(row[1]), row[2]) for row in rows]

    def destroy_note(self, number: int, note: int) -> bool:
        """Destroy a note of a case, or of one merged into it; False if it has no such note."""
        gone = self._small.run(
            f"{_BELOW} DELETE FROM case_notes WHERE number = ?2"  # noqa: S608
            " AND case_number IN (SELECT number FROM below)",
            (number, note),
        )
        return gone > 0


def _record(row: Row) -> CaseRecord:
    number, case_id, name, opened, merged, split = row
    return CaseRecord(number, bytes(case_id), name, dt.date.fromisoformat(opened), merged, split)
