"""The index of names: which findings are names that may look alike, and how frequent a name is here."""

import heapq
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import Final

from reviewer.casebook.database import CasebookDatabase, number_list
from reviewer.casebook.findings import not_hidden

_MOST_OF_KEY: Final = 300
_CUT_AT_ONCE: Final = 500
_MOST_COUNTED: Final = 500
"""A word of a name that stands in more tips is as frequent as makes no difference."""

TEXTS: Final = (
    ("field", "fields", "value", "x.submission = f.submission AND x.place = f.place"),
    ("file", "files", "name", "x.submission = f.submission AND x.place = f.place"),
    (
        "inside field",
        "inside_fields",
        "value",
        "x.submission = f.submission AND x.sealed_place = f.sealed_place AND x.place = f.place",
    ),
    (
        "inside file",
        "inside_files",
        "name",
        "x.submission = f.submission AND x.sealed_place = f.sealed_place AND x.place = f.place",
    ),
)
"""Part of a tip, table and column of its texts, and how a stretch ``f`` of it is joined to its text ``x``."""


class NameKeys:
    """Each question takes only names that were not dismissed, of tips that are not hidden."""

    def __init__(self, small: CasebookDatabase) -> None:
        self._small = small

    def put(self, finding: int, keys: Sequence[Collection[str]]) -> None:
        """Replace the keys of a name: those of each of its words."""
        self._small.run("DELETE FROM name_keys WHERE finding = ?", (finding,))
        for word, some in enumerate(keys):
            for key in sorted(some):
                self._small.run("INSERT INTO name_keys VALUES (?, ?, ?)", (finding, word, key))

    def has(self, finding: int) -> bool:
        """True if a finding has keys of a name."""
        return self._small.row("SELECT 1 FROM name_keys WHERE finding = ? LIMIT 1", (finding,)) is not None

    def count(self) -> int:
        """The number of names here."""
        row = self._small.row(
            "SELECT count(*) FROM findings WHERE kind = 'person' AND state <> 'dismissed'"  # noqa: S608
            f" AND {not_hidden(self._small, 'submission')}"
        )
        return int(row[0]) if row else 0

    def alike(self, finding: int, keys: Iterable[str], *, most: int) -> list[int]:
        """Names of other tips that share a key with a name, those that share most first.

        A rare key counts more than a frequent one. Of a frequent key only the newest names are taken.
        """
        weights: Counter[int] = Counter()
        for key in sorted(set(keys)):
            rows = self._small.rows(
                "SELECT DISTINCT k.finding FROM name_keys AS k CROSS JOIN findings AS f ON f.number = k.finding"  # noqa: S608
                " WHERE k.key = ? AND f.state <> 'dismissed'"
                " AND f.submission <> (SELECT submission FROM findings WHERE number = ?)"
                f" AND {not_hidden(self._small, 'f.submission')} ORDER BY k.finding DESC LIMIT ?",
                (key, finding, _MOST_OF_KEY),
            )
            for (other,) in rows:
                weights[other] += 1 + _MOST_OF_KEY // len(rows)
        return heapq.nsmallest(most, weights, key=lambda other: (-weights[other], -other))

    def unkept_with(self, keys: Iterable[str], *, most: int) -> list[int]:
        """Names that belong to no entity and have one of these keys; those of hidden tips too."""
        found: dict[int, None] = {}
        for key in keys:
            rows = self._small.rows(
                "SELECT DISTINCT k.finding FROM name_keys AS k CROSS JOIN findings AS f ON f.number = k.finding"
                " WHERE k.key = ? AND f.entity IS NULL ORDER BY k.finding DESC LIMIT ?",
                (key, most),
            )
            found |= dict.fromkeys(row[0] for row in rows)
        return list(found)

    def mailboxes(self, key: str) -> int:
        """The mailboxes in which a name has this key, at most some hundreds."""
        row = self._small.row(
            "SELECT count(DISTINCT thread) FROM (SELECT r.thread FROM name_keys AS k"  # noqa: S608
            " CROSS JOIN findings AS f ON f.number = k.finding"
            " CROSS JOIN inbox_rows AS r ON r.submission = f.submission"
            f" WHERE k.key = ? AND f.state <> 'dismissed' AND {not_hidden(self._small, 'f.submission')} LIMIT ?)",
            (key, _MOST_COUNTED),
        )
        return int(row[0]) if row else 0

    def share_identifier(self, one: int, other: int) -> bool:
        """True if a number, address or account stands in the tips of both findings."""
        in_tip = (
            "SELECT k.kind, k.key FROM findings AS o JOIN findings AS f ON f.submission = o.submission"
            " JOIN identifier_keys AS k ON k.finding = f.number WHERE o.number = ? AND f.state <> 'dismissed'"
        )
        return self._small.row(f"{in_tip} INTERSECT {in_tip} LIMIT 1", (one, other)) is not None

    def words(self, findings: Iterable[int]) -> dict[int, str]:
        """The words of findings by their numbers, cut from the stored texts, some hundreds at once."""
        wanted = list(findings)
        cut: dict[int, str] = {}
        for first in range(0, len(wanted), _CUT_AT_ONCE):
            cut |= self._words(number_list(wanted[first : first + _CUT_AT_ONCE]))
        return cut

    def _words(self, numbers: str) -> dict[int, str]:
        cut = " UNION ALL ".join(
            f"SELECT f.number, substr(x.{column}, f.first + 1, f.length) FROM findings AS f"  # noqa: S608
            f" CROSS JOIN {table} AS x ON {joined} WHERE f.part = '{part}' AND f.number IN {numbers}"
            for part, table, column, joined in TEXTS
        )
        return {row[0]: row[1] for row in self._small.rows(cut)}
