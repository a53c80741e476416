"""Facts of a decision: the passages that a person saw, and what spoke against it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reviewer.casebook.database import CasebookDatabase, number_list
from reviewer.casebook.findings import StoredFinding, TextPlace, not_hidden


@dataclass(frozen=True, slots=True)
class DecisionPassage:
    """A stretch of a tip that was before the eyes of the person who decided."""

    submission: int
    kind: str
    text: TextPlace
    first: int
    length: int

    @property
    def end(self) -> int:
        """The place behind the last letter."""
        return self.first + self.length

    @classmethod
    def of(cls, finding: StoredFinding) -> "DecisionPassage":
        """The stretch of a finding."""
        return cls(finding.submission, finding.kind, finding.text, finding.first, finding.length)


class DecisionFacts:
    """Each method is a part of the caller's change. Facts go with their decision, and with their tip."""

    def __init__(self, small: CasebookDatabase) -> None:
        self._small = small

    def put(self, decision: int, against: str, passages: Iterable[DecisionPassage]) -> None:
        """Keep the facts of a decision, each once."""
        if against:
            self._small.run("INSERT OR IGNORE INTO decision_against VALUES (?, ?)", (decision, against))
        for one in passages:
            self._small.run(
                "INSERT OR IGNORE INTO decision_passages VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    *(decision, one.submission, one.kind, one.text.part, one.text.sealed_place, one.text.place),
                    *(one.first, one.length),
                ),
            )

    def against(self, decision: int) -> str:
        """The words of the person who decided on what spoke against; empty for nothing."""
        row = self._small.row("SELECT against FROM decision_against WHERE decision = ?", (decision,))
        return str(row[0]) if row else ""

    def standing_in(self, submissions: Sequence[int]) -> list[int]:
        """The decisions that were not undone and have a passage in one of these tips, the newest first."""
        numbers = number_list(submissions)
        rows = self._small.rows(
            "SELECT DISTINCT p.decision FROM decision_passages AS p JOIN decisions AS d ON d.number = p.decision"  # noqa: S608
            f" WHERE p.submission IN {numbers} AND {not_hidden(self._small, 'p.submission')}"
            " AND d.verdict <> 'undo'"
            " AND NOT EXISTS (SELECT 1 FROM decisions WHERE undoes = d.number) ORDER BY p.decision DESC"
        )
        return [row[0] for row in rows]

    def passages(self, decision: int) -> list[DecisionPassage]:
        """The passages in the order of their tips."""
        rows = self._small.rows(
            "SELECT submission, kind, part, sealed_place, place, first, length FROM decision_passages"  # noqa: S608
            f" WHERE decision = ? AND {not_hidden(self._small, 'submission')}"
            " ORDER BY submission, part, sealed_place, place, first",
            (decision,),
        )
        return [
            DecisionPassage(submission, kind, TextPlace(part, sealed, place), first, length)
            for submission, kind, part, sealed, place, first, length in rows
        ]
