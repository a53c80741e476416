"""Questions about two facilities, and decisions on them: by a rule of the program, or by a person.

Nothing is joined in place. Facilities that are the same are what the decisions in force connect
(``reviewer/matching/clusters.py``).
"""

import datetime as dt
import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from reviewer.casebook.database import CasebookDatabase, Row

_COLUMNS = "SELECT number, one, other, verdict, rule, because, day, undone_day FROM facility_decisions"

_UNDECIDED = (
    "FROM facility_questions AS q WHERE NOT EXISTS (SELECT 1 FROM facility_decisions AS d"
    " WHERE d.one = q.one AND d.other = q.other AND d.undone_day IS NULL)"
)


class FacilityAnswer(StrEnum):
    """An answer to the question if two facilities are the same place."""

    SAME = "same"
    DIFFERENT = "different"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class FacilityQuestion:
    """Two facilities by number, the lower one first. ``score`` from 0 to 1 puts questions into order."""

    one: int
    other: int
    score: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FacilityDecision:
    """A decision on two facilities. ``rule`` is empty where a person decided; then ``because`` says why."""

    number: int
    one: int
    other: int
    answer: FacilityAnswer
    rule: str
    because: str
    day: dt.date
    undone_day: dt.date | None

    @property
    def is_by_rule(self) -> bool:
        """True where no person decided."""
        return bool(self.rule)


class FacilityMatches:
    """Each method is a part of the caller's transaction."""

    def __init__(self, small: CasebookDatabase) -> None:
        self._small = small

    def add_keys(self, facility: int, keys: Iterable[bytes]) -> None:
        """Keep the keys by which a facility is found."""
        for key in keys:
            self._small.run("INSERT OR IGNORE INTO facility_keys VALUES (?, ?)", (key, facility))

    def with_key(self, key: bytes, *, most: int) -> list[int]:
        """At most ``most`` facilities with this key."""
        rows = self._small.rows("SELECT facility FROM facility_keys WHERE key = ? LIMIT ?", (key, most))
        return [int(row[0]) for row in rows]

    def ask(self, question: FacilityQuestion) -> None:
        """Keep a question; the same one again is no error."""
        self._small.run(
            "INSERT OR IGNORE INTO facility_questions VALUES (?, ?, ?, ?)",
            (question.one, question.other, question.score, " ".join(question.reasons)),
        )

    def questions(self) -> list[FacilityQuestion]:
        """All questions, also answered ones, the most alike first."""
        rows = self._small.rows(
            "SELECT one, other, score, reasons FROM facility_questions ORDER BY score DESC, one, other"
        )
        return [FacilityQuestion(one, other, score, tuple(reasons.split())) for one, other, score, reasons in rows]

    def undecided(self, *, most: int, after: int = 0) -> list[FacilityQuestion]:
        """Questions about pairs that neither a person nor a rule decided, the most alike first."""
        rows = self._small.rows(
            f"SELECT one, other, score, reasons {_UNDECIDED} ORDER BY score DESC, one, other LIMIT ? OFFSET ?",
            (most, after),
        )
        return [FacilityQuestion(one, other, score, tuple(reasons.split())) for one, other, score, reasons in rows]

    def count_undecided(self, *, most: int) -> int:
        """The number of these, counted up to ``most``."""
        row = self._small.row(f"SELECT count(*) FROM (SELECT 1 {_UNDECIDED} LIMIT ?)", (most,))  # noqa: S608 -- ours
        return int(row[0]) if row else 0

    def put_off(self) -> list[FacilityQuestion]:
        """The questions that a person put off, the most alike first."""
        rows = self._small.rows(
            "SELECT q.one, q.other, q.score, q.reasons FROM facility_decisions AS d"
            " JOIN facility_questions AS q ON q.one = d.one AND q.other = d.other"
            " WHERE d.verdict = 'later' AND d.undone_day IS NULL ORDER BY q.score DESC, q.one, q.other"
        )
        return [FacilityQuestion(one, other, score, tuple(reasons.split())) for one, other, score, reasons in rows]

    def decide(
        self, one: int, other: int, answer: FacilityAnswer, *, rule: str = "", because: str = "", today: dt.date
    ) -> None:
        """Keep a decision; an earlier one of the same kind, by rule or by a person, is undone."""
        first, second = sorted((one, other))
        if (before := self.in_force(one, other, by_rule=bool(rule))) is not None:
            self.undo(before, today=today)
        self._small.run(
            "INSERT INTO facility_decisions (one, other, verdict, rule, because, day) VALUES (?, ?, ?, ?, ?, ?)",
            (first, second, str(answer), rule, because, today.isoformat()),
        )

    def undo(self, decision: FacilityDecision, *, today: dt.date) -> None:
        """A decision no longer counts; it stays readable."""
        self._small.run(
            "UPDATE facility_decisions SET undone_day = ? WHERE number = ?", (today.isoformat(), decision.number)
        )

    def in_force(self, one: int, other: int, *, by_rule: bool) -> FacilityDecision | None:
        """The decision on a pair that counts, by a rule or by a person."""
        found = [
            decision
            for decision in self.of_pair(one, other)
            if decision.undone_day is None and decision.is_by_rule == by_rule
        ]
        return found[0] if found else None

    def of_pair(self, one: int, other: int) -> list[FacilityDecision]:
        """All decisions on a pair, also undone ones."""
        rows = self._small.rows(
            f"{_COLUMNS} WHERE one = ? AND other = ? ORDER BY number", tuple(sorted((one, other)))
        )
        return [_decision(row) for row in rows]

    def of_facility(self, facility: int) -> list[FacilityDecision]:
        """All decisions about a facility, also undone ones."""
        rows = self._small.rows(f"{_COLUMNS} WHERE one = ?1 OR other = ?1 ORDER BY number", (facility,))
        return [_decision(row) for row in rows]

    def are_in_doubt(self, facilities: Collection[int]) -> bool:
        """True if a person keeps two of these apart: by *different*, or by undoing what a rule wrote."""
        numbers = json.dumps(list(facilities))
        found = self._small.row(
            "SELECT 1 FROM facility_decisions WHERE one IN (SELECT value FROM json_each(?1))"
            " AND other IN (SELECT value FROM json_each(?1))"
            " AND (rule <> '' AND undone_day IS NOT NULL OR verdict = 'different' AND undone_day IS NULL) LIMIT 1",
            (numbers,),
        )
        return found is not None

    def all_in_force(self) -> list[FacilityDecision]:
        """Every decision that counts, but for *same* by rule where a person decided the pair."""
        return _counting(self._small.rows(f"{_COLUMNS} WHERE undone_day IS NULL ORDER BY number"))

    def all_by_person(self) -> list[FacilityDecision]:
        """Every decision of a person that counts."""
        rows = self._small.rows(f"{_COLUMNS} WHERE undone_day IS NULL AND rule = '' ORDER BY number")
        return [_decision(row) for row in rows]

    def touching(self, facilities: Collection[int]) -> list[FacilityDecision]:
        """As :meth:`all_in_force`, about these facilities only."""
        numbers = json.dumps(list(facilities))
        rows = self._small.rows(
            f"{_COLUMNS} WHERE undone_day IS NULL AND one IN (SELECT value FROM json_each(?1))"  # noqa: S608 -- ours
            f" UNION {_COLUMNS} WHERE undone_day IS NULL AND other IN (SELECT value FROM json_each(?1)) ORDER BY 1",
            (numbers,),
        )
        return _counting(rows)

    def questions_about(self, facilities: Collection[int]) -> list[FacilityQuestion]:
        """The questions about these facilities, also answered ones."""
        numbers = json.dumps(list(facilities))
        select = "SELECT one, other, score, reasons FROM facility_questions"
        rows = self._small.rows(
            f"{select} WHERE one IN (SELECT value FROM json_each(?1))"  # noqa: S608 -- ours
            f" UNION {select} WHERE other IN (SELECT value FROM json_each(?1)) ORDER BY 3 DESC, 1, 2",
            (numbers,),
        )
        return [FacilityQuestion(one, other, score, tuple(reasons.split())) for one, other, score, reasons in rows]


def _counting(rows: Iterable[Row]) -> list[FacilityDecision]:
    found = [_decision(row) for row in rows]
    by_person = {
        (one.one, one.other) for one in found if not one.is_by_rule and one.answer is not FacilityAnswer.LATER
    }
    return [one for one in found if not one.is_by_rule or (one.one, one.other) not in by_person]


def _decision(row: Row) -> FacilityDecision:
    number, one, other, verdict, rule, because, day, undone = row
    return FacilityDecision(
        *(number, one, other, FacilityAnswer(verdict), rule, because, dt.date.fromisoformat(day)),
        dt.date.fromisoformat(undone) if undone else None,
    )
