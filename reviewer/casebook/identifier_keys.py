"""The index of identifiers: which findings can be read as the same number, address or account."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from reviewer.casebook.database import CasebookDatabase
from reviewer.casebook.findings import not_hidden


class IdentifierMark(StrEnum):
    """Set by a person only. COMMON says nothing about a tip; STOPPED is never a finding."""

    COMMON = "common"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Identifier:
    """One reading of a number, address or account in its normal form."""

    kind: str
    key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Spread:
    """How far an identifier is spread. All tips of one mailbox count as one mailbox."""

    tips: int
    mailboxes: int

    def __str__(self) -> str:
        tips = f"{self.tips:,} tip{'s' if self.tips != 1 else ''}"
        return f"{tips}, {self.mailboxes:,} mailbox{'es' if self.mailboxes != 1 else ''}"


class IdentifierKeys:
    """Each question takes only findings that were not dismissed."""

    def __init__(self, small: CasebookDatabase) -> None:
        self._small = small

    def of(self, finding: int) -> list[Identifier]:
        """The readings of a finding, the likeliest first."""
        rows = self._small.rows("SELECT kind, key FROM identifier_keys WHERE finding = ? ORDER BY rank", (finding,))
        return [Identifier(kind, key) for kind, key in rows]

    def spread(self, one: Identifier) -> Spread:
        """The tips and mailboxes in which an identifier stands."""
        row = self._small.row(
            "SELECT count(DISTINCT f.submission), count(DISTINCT r.thread) FROM identifier_keys AS k"  # noqa: S608
            " CROSS JOIN findings AS f ON f.number = k.finding"
            " CROSS JOIN inbox_rows AS r ON r.submission = f.submission"
            f" WHERE k.key = ? AND k.kind = ? AND f.state <> 'dismissed' AND {self._unhidden()}",
            (one.key, one.kind),
        )
        return Spread(*row) if row else Spread(0, 0)

    def places(
        self, one: Identifier, *, most: int, with_dismissed: bool = False, with_hidden: bool = False
    ) -> list[tuple[int, int]]:
        """Submission and finding of each place of an identifier, the newest tips first."""
        rows = self._small.rows(
            "SELECT f.submission, f.number FROM identifier_keys AS k"  # noqa: S608
            " CROSS JOIN findings AS f ON f.number = k.finding"
            " WHERE k.key = ? AND k.kind = ? AND (? OR f.state <> 'dismissed')"
            f" AND {'1' if with_hidden else self._unhidden()}"
            " ORDER BY f.submission DESC, f.number LIMIT ?",
            (one.key, one.kind, int(with_dismissed), most),
        )
        return [(row[0], row[1]) for row in rows]

    def entities(self, one: Identifier, *, with_hidden: bool = False) -> list[int]:
        """The entities with a finding that can be read as this identifier."""
        rows = self._small.rows(
            "SELECT DISTINCT f.entity FROM identifier_keys AS k"  # noqa: S608
            " CROSS JOIN findings AS f ON f.number = k.finding"
            " WHERE k.key = ? AND k.kind = ? AND f.entity IS NOT NULL"
            f" AND {'1' if with_hidden else self._unhidden()} ORDER BY 1",
            (one.key, one.kind),
        )
        return [row[0] for row in rows]

    def shared(self, one: int, other: int, *, most: int) -> list[Identifier]:
        """Identifiers that stand in both of two tips."""
        in_tip = (
            "SELECT k.kind, k.key FROM findings AS f JOIN identifier_keys AS k ON k.finding = f.number"
            " WHERE f.submission = ? AND f.state <> 'dismissed'"
        )
        rows = self._small.rows(f"{in_tip} INTERSECT {in_tip} ORDER BY 1, 2 LIMIT ?", (one, other, most))
        return [Identifier(kind, key) for kind, key in rows]

    def count_new(self, *, most: int) -> tuple[int, int, int]:
        """New findings, tips with some, and new findings that stood in an earlier tip of another mailbox.

        At most ``most`` findings are counted, from the newest tips on.
        """
        unhidden = self._unhidden()
        row = self._small.row(
            "SELECT count(*), count(DISTINCT submission), coalesce(sum(EXISTS (SELECT 1 FROM identifier_keys AS k"  # noqa: S608
            " CROSS JOIN identifier_keys AS o ON o.key = k.key AND o.kind = k.kind AND o.finding <> k.finding"
            " CROSS JOIN findings AS f ON f.number = o.finding"
            " WHERE k.finding = n.number AND f.submission < n.submission AND f.state <> 'dismissed'"
            f" AND {unhidden}"
            " AND (SELECT thread FROM inbox_rows WHERE submission = f.submission)"
            " IS NOT (SELECT thread FROM inbox_rows WHERE submission = n.submission)"
            " AND NOT EXISTS (SELECT 1 FROM marked_identifiers AS m WHERE m.kind = k.kind AND m.key = k.key))), 0)"
            " FROM (SELECT number, submission FROM findings AS f"
            f" WHERE state = 'new' AND kind NOT IN ('place', 'date') AND {unhidden}"
            " ORDER BY submission DESC LIMIT ?) AS n",
            (most,),
        )
        return (row[0], row[1], row[2]) if row else (0, 0, 0)

    def _unhidden(self) -> str:
        return not_hidden(self._small, "f.submission")

    def is_marked(self, one: Identifier, mark: IdentifierMark) -> bool:
        """True if a person marked this identifier so."""
        return (
            self._small.row(
                "SELECT 1 FROM marked_identifiers WHERE kind = ? AND key = ? AND mark = ?",
                (one.kind, one.key, str(mark)),
            )
            is not None
        )

    def set_mark(self, one: Identifier, mark: IdentifierMark, *, today: dt.date) -> None:
        """Mark an identifier."""
        self._small.run(
            "INSERT OR IGNORE INTO marked_identifiers VALUES (?, ?, ?, ?)",
            (one.kind, one.key, str(mark), today.isoformat()),
        )

    def remove_mark(self, one: Identifier, mark: IdentifierMark) -> bool:
        """Take a mark away; False if there was none."""
        return bool(
            self._small.run(
                "DELETE FROM marked_identifiers WHERE kind = ? AND key = ? AND mark = ?",
                (one.kind, one.key, str(mark)),
            )
        )

    def remove_marks(self, some: Iterable[Identifier]) -> None:
        """Take every mark of these identifiers away."""
        for one in some:
            self._small.run("DELETE FROM marked_identifiers WHERE kind = ? AND key = ?", (one.kind, one.key))

    def marked(self, mark: IdentifierMark) -> list[Identifier]:
        """All identifiers with this mark."""
        rows = self._small.rows(
            "SELECT kind, key FROM marked_identifiers WHERE mark = ? ORDER BY 1, 2", (str(mark),)
        )
        return [Identifier(kind, key) for kind, key in rows]

    def forget(self, digests: Sequence[bytes]) -> None:
        """Keep the keyed digests of identifiers that were forgotten."""
        for digest in digests:
            self._small.run("INSERT OR IGNORE INTO forgotten_identifiers VALUES (?)", (digest,))

    def forgotten(self) -> set[bytes]:
        """The keyed digests of all identifiers that were forgotten."""
        return {bytes(row[0]) for row in self._small.rows("SELECT digest FROM forgotten_identifiers")}
