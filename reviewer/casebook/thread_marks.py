"""Marks of staff on a thread: owner, labels, status with its reason, star and due day.

They are read here. :mod:`reviewer.casebook.shared_marks` writes them, from the operations of all reviewers.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from reviewer.casebook.database import CasebookDatabase


class Status(StrEnum):
    """How far staff are with a thread."""

    OPEN = "open"
    IN_WORK = "in work"
    WAITING = "waiting"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class ThreadState:
    """The marks of a thread, and the days since when it waits. Days are None where there is none."""

    thread: int
    owner: str = ""
    status: Status = Status.OPEN
    reason: str = field(default="", repr=False)
    labels: Sequence[str] = field(default=(), repr=False)
    is_starred: bool = False
    due_day: dt.date | None = None
    set_by: str = ""
    set_day: dt.date | None = None
    waits_for_us: dt.date | None = None
    waits_for_source: dt.date | None = None
    is_answered: bool = False


_COLUMNS = """thread, owner, status, reason, is_starred, due_day, set_by, set_day, waits_for_us, waits_for_source,
    is_answered"""


class ThreadMarks:
    """The state of each thread, by the thread's number."""

    def __init__(self, small: CasebookDatabase) -> None:
        self._small = small

    def some(self, threads: Sequence[int]) -> dict[int, ThreadState]:
        """The state of these threads, a thousand at most, by number."""
        places = ", ".join("?" * len(threads))
        labels: dict[int, list[str]] = {}
        for thread, label in self._small.rows(
            f"SELECT thread, label FROM inbox_labels WHERE thread IN ({places}) ORDER BY label",  # noqa: S608
            threads,
        ):
            labels.setdefault(thread, []).append(label)
        rows = self._small.rows(
            f"SELECT {_COLUMNS} FROM inbox_threads WHERE thread IN ({places})",  # noqa: S608
            threads,
        )
        return {
            thread: ThreadState(
                thread=thread,
                owner=owner,
                status=Status(status),
                reason=reason,
                labels=labels.get(thread, ()),
                is_starred=bool(starred),
                due_day=_day(due),
                set_by=by,
                set_day=_day(day),
                waits_for_us=_day(us),
                waits_for_source=_day(source),
                is_answered=bool(answered),
            )
            for thread, owner, status, reason, starred, due, by, day, us, source, answered in rows
        }

    def of(self, thread: int) -> ThreadState:
        """The state of one thread."""
        return self.some([thread]).get(thread, ThreadState(thread))

    def owners(self, *, most: int) -> list[str]:
        """Names of owners in use, in their order."""
        return [str(name) for name in self._distinct("inbox_threads", "owner", most) if name]

    def labels(self, *, most: int) -> list[str]:
        """Labels in use, in their order."""
        return [str(name) for name in self._distinct("inbox_labels", "label", most)]

    def languages(self, *, most: int) -> list[str]:
        """Languages of pages, as sources sent them: untrusted text."""
        return [str(name) for name in self._distinct("inbox_rows", "language", most) if name]

    def forms(self, *, most: int) -> list[str]:
        """Names of questionnaires, as sources sent them: untrusted text."""
        return [str(name) for name in self._distinct("inbox_rows", "form", most) if name]

    def submissions(self, thread: int) -> list[int]:
        """Numbers of the submissions of a thread, in the order in which they came here."""
        return [
            row[0]
            for row in self._small.rows(
                "SELECT submission FROM inbox_rows WHERE thread = ? ORDER BY submission", (thread,)
            )
        ]

    def forget(self, thread: int) -> None:
        """Forget all marks of a thread, and its place in a case: its last submission was deleted for good."""
        self._small.run("DELETE FROM case_threads WHERE thread = ?", (thread,))
        self._small.run("DELETE FROM case_splits WHERE thread = ?", (thread,))
        self._small.run(
            "DELETE FROM inbox_threads WHERE thread = ?1"
            " AND NOT EXISTS (SELECT 1 FROM inbox_rows WHERE thread = ?1)",
            (thread,),
        )

    def _distinct(self, table: str, column: str, most: int) -> list[object]:
        """Distinct values from an index: one step a value, however many rows there are."""
        rows = self._small.rows(
            f"WITH RECURSIVE each(value) AS (SELECT min({column}) FROM {table} UNION ALL"  # noqa: S608
            f" SELECT (SELECT min({column}) FROM {table} WHERE {column} > value) FROM each"
            " WHERE value IS NOT NULL LIMIT ?) SELECT value FROM each WHERE value IS NOT NULL",
            (most + 1,),
        )
        return [row[0] for row in rows]


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
