"""Readings of places and dates: ``geonames:2950159``, ``country:DE``, ``2026-04-01/2026-04-30``.

They link nothing: two texts that name one town tell nothing of each other. So they are no identifiers, and lie in a
table of their own.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from reviewer.casebook.database import CasebookDatabase
from reviewer.casebook.findings import not_hidden

PLACE, DATE = "place", "date"
SAID_KINDS: Final = (PLACE, DATE)
"""Kinds of findings that are said of an entity: they can be kept for one of any kind."""


class FindingReadings:
    """Each method is a part of the caller's transaction. Readings go with their finding."""

    def __init__(self, small: CasebookDatabase) -> None:
        self._small = small

    def put(self, finding: int, readings: Iterable[str]) -> None:
        """Replace the readings of a finding, the likeliest first."""
        self._small.run("DELETE FROM finding_readings WHERE finding = ?", (finding,))
        for rank, reading in enumerate(dict.fromkeys(readings)):
            self._small.run("INSERT INTO finding_readings VALUES (?, ?, ?)", (finding, rank, reading))

    def of(self, finding: int) -> list[str]:
        """The readings of a finding, the likeliest first."""
        return self.some([finding]).get(finding, [])

    def some(self, findings: Sequence[int]) -> Mapping[int, list[str]]:
        """The readings of those of these findings that have some; a thousand at most."""
        places = ", ".join("?" * len(findings))
        found: dict[int, list[str]] = {}
        for finding, reading in self._small.rows(
            f"SELECT finding, reading FROM finding_readings WHERE finding IN ({places}) ORDER BY finding, rank",  # noqa: S608
            findings,
        ):
            found.setdefault(finding, []).append(reading)
        return found

    def new_with(self, reading: str) -> list[int]:
        """The findings with this reading that no person has kept or dismissed."""
        return [
            row[0]
            for row in self._small.rows(
                "SELECT number FROM findings JOIN finding_readings ON finding = number"
                " WHERE reading = ? AND state = 'new'",
                (reading,),
            )
        ]

    def kept_with_one(self, kind: str) -> list[tuple[str, int]]:
        """The reading and the thread of each kept finding of a kind that has exactly one reading."""
        rows = self._small.rows(
            "SELECT min(r.reading), t.thread FROM findings AS f JOIN finding_readings AS r ON r.finding = f.number"  # noqa: S608
            " JOIN inbox_rows AS t ON t.submission = f.submission WHERE f.kind = ? AND f.state = 'kept'"
            f" AND {not_hidden(self._small, 'f.submission')} GROUP BY f.number HAVING count(*) = 1",
            (kind,),
        )
        return [(row[0], row[1]) for row in rows]
