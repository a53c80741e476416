"""Figures that are kept: sums of open tables that staff brought, and counts behind our releases.

An open table is a row of ``facility_lists``, as each list is, and its origin a row of ``imported_tables``. No row
of the table is kept. Counts behind releases never leave the casebook, and another reviewer does not get them.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from reviewer.casebook.database import CasebookFiles

TABLE_KIND: Final = "table"
"""The kind of a list that describes no individual."""

EXPLOITED_IN, CITIZENSHIP, INDICATOR, ALL = "exploited in", "citizenship", "indicator", "all"
"""Of what a figure is a sum. Figures of ALL have an empty label."""


@dataclass(frozen=True, slots=True, order=True)
class FigureKey:
    """The name of a sum.

    ``label`` is a country (ISO 3166, two letters), a region of the ILO, or the id of an indicator.
    """

    dimension: str
    label: str


class OpenFigures:
    """Each method is a part of the caller's transaction."""

    def __init__(self, files: CasebookFiles) -> None:
        self._small = files.small

    def put(self, number: int, figures: Mapping[FigureKey, float]) -> None:
        """Keep the sums of the list with this number."""
        for key, amount in sorted(figures.items()):
            self._small.run(
                "INSERT INTO open_figures VALUES (?, ?, ?, ?)", (number, key.dimension, key.label, amount)
            )

    def of(self, number: int) -> dict[FigureKey, float]:
        """The sums of a list, which are persons, cases or whatever its maker counts."""
        rows = self._small.rows("SELECT dimension, label, amount FROM open_figures WHERE list = ?", (number,))
        return {FigureKey(dimension, label): amount for dimension, label, amount in rows}


class ReleaseCounts:
    """The count of each unit behind the numbers of a release, at its time.

    A release holds the published unit only. A correction must not tell of few mailboxes or few days either. Each
    method is a part of the caller's transaction.
    """

    def __init__(self, files: CasebookFiles) -> None:
        self._small = files.small

    def put(self, release: bytes, behind: Mapping[str, Sequence[int]]) -> None:
        """Keep the counts behind a release.

        Args:
            release: the digest of its operation.
            behind: the count of each unit, in the order of the registered table, by the label of the number.
        """
        for label, counts in behind.items():
            self._small.run(
                "INSERT INTO release_counts VALUES (?, ?, ?)", (release, label, json.dumps(list(counts)))
            )

    def of(self, release: bytes) -> dict[str, Sequence[int]]:
        """The counts behind a release, by label; none for a release of another home."""
        rows = self._small.rows("SELECT label, counts FROM release_counts WHERE release = ?", (release,))
        return {label: json.loads(counts) for label, counts in rows}
