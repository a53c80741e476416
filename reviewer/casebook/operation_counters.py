"""Lamport counters of operations, and those that jump too far ahead.

A counter is one more than the highest that its author knew, so the counters of all operations lie close together. A
colleague with another program can sign the highest number there is, which no later act of the others could exceed.
So a counter counts only if it is reached from 0 in bounded steps.
"""

from typing import TYPE_CHECKING, Final

from crypto.primitives.canonical_json import LARGEST_NUMBER

if TYPE_CHECKING:
    from reviewer.casebook.database import CasebookDatabase

LARGEST_STEP: Final = 1_000_000
"""The largest step; the highest number is out of reach by ten billion operations."""


class OperationCounters:
    """The counters of all operations here, of all authors."""

    def __init__(self, small: "CasebookDatabase") -> None:
        self._small = small

    def next(self) -> int:
        """One more than the highest counter that is not too far ahead."""
        row = self._small.row(
            "SELECT coalesce(max(counter), 0) + 1 FROM operations WHERE counter <= ?", (self.reach(),)
        )
        return min(int(row[0]), LARGEST_NUMBER) if row else 1

    def reach(self) -> int:
        """The highest counter that counts: operations beyond it change nothing."""
        row = self._small.row("SELECT max(counter) FROM operations")
        highest = (row[0] or 0) if row else 0
        if highest <= LARGEST_STEP:
            return LARGEST_NUMBER
        row = self._small.row(
            "SELECT min(before) FROM (SELECT counter, lag(counter, 1, 0) OVER (ORDER BY counter) AS before"
            " FROM operations) WHERE counter - before > ?",
            (LARGEST_STEP,),
        )
        return LARGEST_NUMBER if row is None or row[0] is None else int(row[0])

    def too_far_ahead(self) -> dict[bytes, int]:
        """The authors of operations beyond the reach, each with how many."""
        rows = self._small.rows(
            "SELECT author, count(*) FROM operations WHERE counter > ? GROUP BY author", (self.reach(),)
        )
        return {bytes(author): count for author, count in rows}
