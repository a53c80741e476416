"""Decisions on entities: the same, different, or unsure.

Lines are only ever added, and an undo is a line too.
"""

import datetime as dt
import secrets
from dataclasses import dataclass, field
from typing import Final

from reviewer.casebook.database import CasebookDatabase, Row
from reviewer.casebook.entities import ID_BYTES
from reviewer.matching.clusters import Verdict

UNDO: Final = "undo"
_COLUMNS: Final = (
    "d.number, d.one, d.other, d.verdict, d.because, d.reviewer, d.program, d.day, d.undoes,"
    " (SELECT number FROM decisions WHERE undoes = d.number)"
)


@dataclass(frozen=True, slots=True)
class Decision:
    """One line; ``verdict`` is None for an undo.

    ``undone_by`` is the number of the line that undid this one.
    """

    number: int
    one: int
    other: int
    verdict: Verdict | None
    because: str = field(repr=False)
    reviewer: str
    program: str
    day: dt.date
    undoes: int | None
    undone_by: int | None

    @property
    def stands(self) -> bool:
        """True if this is a verdict that was not undone."""
        return self.verdict is not None and self.undone_by is None


class Decisions:
    """Lines go only with an entity that is forgotten."""

    def __init__(self, small: CasebookDatabase) -> None:
        self._small = small

    def add(
        self, one: int, other: int, verdict: Verdict, *, because: str, reviewer: str, program: str, today: dt.date
    ) -> int:
        """Add a decision; its number."""
        return self._add(one, other, str(verdict), because, reviewer, program, today, None)

    def undo(self, doomed: Decision, *, because: str, reviewer: str, program: str, today: dt.date) -> int:
        """Add the line that undoes a decision; its number."""
        return self._add(doomed.one, doomed.other, UNDO, because, reviewer, program, today, doomed.number)

    def find(self, number: int) -> Decision | None:
        row = self._small.row(f"SELECT {_COLUMNS} FROM decisions AS d WHERE d.number = ?", (number,))  # noqa: S608
        return _decision(row) if row else None

    def all(self) -> list[Decision]:
        """Every line, in the order of deciding."""
        return [
            _decision(row)
            for row in self._small.rows(f"SELECT {_COLUMNS} FROM decisions AS d ORDER BY d.number")  # noqa: S608
        ]

    def standing(self) -> list[Decision]:
        """The decisions that were not undone, in the order of deciding."""
        return [one for one in self.all() if one.stands]

    def of(self, entity: int) -> list[Decision]:
        """Every line about an entity."""
        rows = self._small.rows(
            f"SELECT {_COLUMNS} FROM decisions AS d WHERE d.one = ?1 OR d.other = ?1 ORDER BY d.number",  # noqa: S608
            (entity,),
        )
        return [_decision(row) for row in rows]

    def _add(
        self,
        one: int,
        other: int,
        verdict: str,
        because: str,
        reviewer: str,
        program: str,
        today: dt.date,
        undoes: int | None,
    ) -> int:
        self._small.run(
            "INSERT INTO decisions (decision_id, one, other, verdict, because, reviewer, program, day, undoes)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                secrets.token_bytes(ID_BYTES),
                one,
                other,
                verdict,
                because,
                reviewer,
                program,
                today.isoformat(),
                undoes,
            ),
        )
        row = self._small.row("SELECT last_insert_rowid()")
        return int(row[0]) if row else 0


def _decision(row: Row) -> Decision:
    number, one, other, verdict, because, reviewer, program, day, undoes, undone_by = row
    known = None if verdict == UNDO else Verdict(verdict)
    return Decision(
        number, one, other, known, because, reviewer, program, dt.date.fromisoformat(day), undoes, undone_by
    )
