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


@dataclass(frozen=True, slots=True)
class SharedDecision:
    """A line as its reviewer said it; ``decision_id`` is random and the same everywhere."""

    decision_id: bytes
    one: int
    other: int
    because: str = field(repr=False)
    reviewer: str
    program: str
    day: dt.date


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

    def put_shared(self, said: SharedDecision, verdict: str) -> None:
        """Keep a decision of a reviewer, once."""
        self._put(said, verdict, None)

    def put_shared_undo(self, said: SharedDecision, undoes: bytes) -> None:
        """Keep the line that undoes a decision, in place of a later one of another reviewer."""
        row = self._small.row("SELECT number FROM decisions WHERE decision_id = ?", (undoes,))
        if row is None:
            return
        here = self._small.row("SELECT decision_id, number FROM decisions WHERE undoes = ?", (row[0],))
        if here is not None and here[0] != said.decision_id:
            self._small.run("DELETE FROM decisions WHERE number = ?", (here[1],))
        self._put(said, UNDO, row[0])

    def id_of(self, number: int) -> bytes:
        """The random id of a line.

        Raises:
            LookupError: there is no such line.
        """
        row = self._small.row("SELECT decision_id FROM decisions WHERE number = ?", (number,))
        if row is None:
            raise LookupError("no decision has this number")
        return bytes(row[0])

    def number_of(self, decision_id: bytes) -> int | None:
        """The number of the line with this id, if it is here."""
        row = self._small.row("SELECT number FROM decisions WHERE decision_id = ?", (decision_id,))
        return int(row[0]) if row else None

    def has_other(self, said: SharedDecision, verdict: str) -> bool:
        """True if another decision, or one of another reviewer, is here under this id."""
        row = self._small.row(
            "SELECT one, other, verdict, reviewer FROM decisions WHERE decision_id = ?", (said.decision_id,)
        )
        return row is not None and tuple(row) != (said.one, said.other, verdict, said.reviewer)

    def _put(self, said: SharedDecision, verdict: str, undoes: int | None) -> None:
        # A line that is here already would use up a number.
        if self._small.row("SELECT 1 FROM decisions WHERE decision_id = ?", (said.decision_id,)) is not None:
            return
        self._small.run(
            "INSERT OR IGNORE INTO decisions"
            " (decision_id, one, other, verdict, because, reviewer, program, day, undoes)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(said.decision_id, said.one, said.other, verdict, said.because, said.reviewer, said.program),
                *(said.day.isoformat(), undoes),
            ),
        )

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
