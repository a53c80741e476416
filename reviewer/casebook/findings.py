"""Findings: stretches of the texts of tips, each with its kind and what staff said about it.

A finding has a place and no words. The words are cut from the stored text, so they go where the text goes.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from reviewer.casebook.database import CasebookDatabase, Row, number_list
from reviewer.casebook.overview import Overview
from reviewer.errors import CasebookError

BY_HAND: Final = 0
"""The version of a finding that a person added."""

_COLUMNS: Final = "number, submission, part, sealed_place, place, first, length, kind, version, state, entity"


class FindingState(StrEnum):
    """NEW until a person keeps or dismisses the finding."""

    NEW = "new"
    KEPT = "kept"
    DISMISSED = "dismissed"


@dataclass(frozen=True, slots=True, order=True)
class TextPlace:
    """One text of a tip: a field, the name of a file, or one of these inside a sealed file."""

    part: str
    sealed_place: int
    place: int


@dataclass(frozen=True, slots=True)
class StoredFinding:
    """One finding. ``first`` and ``length`` count letters of the stored text, from 0."""

    number: int
    submission: int
    text: TextPlace
    first: int
    length: int
    kind: str
    version: int
    state: FindingState
    entity: int | None

    @property
    def end(self) -> int:
        """The place behind the last letter."""
        return self.first + self.length


@dataclass(frozen=True, slots=True)
class NewFinding:
    """A finding to be stored; ``keys`` are the readings of an identifier, the likeliest first."""

    text: TextPlace
    first: int
    length: int
    kind: str
    keys: Sequence[str]


def not_hidden(small: CasebookDatabase, column: str) -> str:
    """A condition without the tips that a colleague's quarantine hides; ``column`` has the submission."""
    hidden = Overview(small).hidden()
    return f"{column} NOT IN {number_list(sorted(hidden))}" if hidden else "1"


class CasebookFindings:
    """Findings, and the tips that were read; each method is a part of the caller's transaction."""

    def __init__(self, small: CasebookDatabase) -> None:
        self._small = small

    def unread(self, *, most: int) -> list[int]:
        """Submissions that were opened and not read yet, the oldest first."""
        return [
            row[0]
            for row in self._small.rows(
                "SELECT number FROM submissions AS s WHERE unopenable IS NULL AND NOT EXISTS"
                " (SELECT 1 FROM tip_readings WHERE submission = s.number) ORDER BY number LIMIT ?",
                (most,),
            )
        ]

    def has_unread(self) -> bool:
        """True if a tip that came after the last one that was read waits. It costs the same in any casebook."""
        return (
            self._small.row(
                "SELECT 1 FROM submissions WHERE unopenable IS NULL"
                " AND number > (SELECT coalesce(max(submission), 0) FROM tip_readings) LIMIT 1"
            )
            is not None
        )

    def read_all_again(self) -> None:
        """All tips count as not read from now on. Findings that were kept or dismissed stay so."""
        self._small.run("DELETE FROM tip_readings")

    def note_read(self, submission: int, *, version: int, has_more: bool) -> None:
        """This tip was read; ``has_more`` if a limit left findings out."""
        self._small.run(
            "INSERT OR REPLACE INTO tip_readings VALUES (?, ?, ?)", (submission, version, int(has_more))
        )

    def has_more(self, submission: int) -> bool:
        """True if a limit left out findings of this tip."""
        return (
            self._small.row("SELECT 1 FROM tip_readings WHERE submission = ? AND has_more", (submission,))
            is not None
        )

    def drop_new(self, submission: int) -> None:
        """Remove the findings of a tip that no person looked at or added."""
        self._small.run(
            "DELETE FROM findings WHERE submission = ? AND state = 'new' AND version <> ?", (submission, BY_HAND)
        )

    def add(self, submission: int, found: NewFinding, *, version: int) -> int:
        """Store a finding with its readings; its number."""
        self._small.run(
            "INSERT INTO findings (submission, part, sealed_place, place, first, length, kind, version)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(submission, found.text.part, found.text.sealed_place, found.text.place),
                *(found.first, found.length, found.kind, version),
            ),
        )
        row = self._small.row("SELECT last_insert_rowid()")
        number = int(row[0]) if row else 0
        self._add_keys(number, found.kind, found.keys)
        return number

    def put_keys(self, number: int, kind: str, keys: Iterable[str]) -> None:
        """Replace the readings of a finding."""
        self._small.run("DELETE FROM identifier_keys WHERE finding = ?", (number,))
        self._add_keys(number, kind, keys)

    def _add_keys(self, number: int, kind: str, keys: Iterable[str]) -> None:
        for rank, key in enumerate(dict.fromkeys(keys)):
            self._small.run("INSERT INTO identifier_keys VALUES (?, ?, ?, ?)", (number, rank, kind, key))

    def at(self, submission: int, text: TextPlace, first: int, length: int) -> StoredFinding | None:
        """The finding on exactly these letters."""
        found = self._select(
            "submission = ? AND part = ? AND sealed_place = ? AND place = ? AND first = ? AND length = ?",
            (submission, text.part, text.sealed_place, text.place, first, length),
            with_hidden=True,
        )
        return found[0] if found else None

    def put_shared(
        self, submission: int, text: TextPlace, first: int, length: int, kind: str, version: int
    ) -> None:
        """Store a finding that a colleague decided on; new ones of ours on the same letters go.

        Its readings are for the next reading of the tip.
        """
        self._small.run(
            "DELETE FROM findings WHERE submission = ? AND part = ? AND sealed_place = ? AND place = ?"
            " AND first < ? AND first + length > ? AND state = 'new' AND version <> ?",
            (submission, text.part, text.sealed_place, text.place, first + length, first, BY_HAND),
        )
        self.add(submission, NewFinding(text, first, length, kind, ()), version=version)

    def read_tip_again(self, submission: int) -> None:
        """This tip counts as not read."""
        self._small.run("DELETE FROM tip_readings WHERE submission = ?", (submission,))

    def has_kept(self, submission: int, entity: int) -> bool:
        """True if a finding of this tip is kept for the entity."""
        return (
            self._small.row("SELECT 1 FROM findings WHERE submission = ? AND entity = ?", (submission, entity))
            is not None
        )

    def find(self, number: int, *, with_hidden: bool = False) -> StoredFinding:
        """The finding with this number.

        Raises:
            CasebookError: there is none, or a colleague's quarantine hides its tip.
        """
        found = self._select("number = ?", (number,), with_hidden=with_hidden)
        if not found:
            raise CasebookError(f"there is no finding {number}", hint="tipline-review findings HOME lists them")
        return found[0]

    def of(self, submission: int, *, with_hidden: bool = False) -> list[StoredFinding]:
        """The findings of a tip in the order of its text."""
        return self._select(
            "submission = ? ORDER BY part, sealed_place, place, first", (submission,), with_hidden=with_hidden
        )

    def of_entity(self, entity: int, *, with_hidden: bool = False) -> list[StoredFinding]:
        """The findings that belong to an entity, in the order of their tips."""
        return self._select("entity = ? ORDER BY submission, number", (entity,), with_hidden=with_hidden)

    def listed(
        self, *, kind: str | None, state: str | None, most: int, before: int | None = None
    ) -> list[StoredFinding]:
        """Findings of all tips, the newest tips first, down from the tip ``before``."""
        return self._select(
            "(?1 IS NULL OR kind = ?1) AND (?2 IS NULL OR state = ?2) AND (?3 IS NULL OR submission < ?3)"
            " ORDER BY submission DESC, part, sealed_place, place, first LIMIT ?4",
            (kind, state, before, most),
        )

    def with_new(self, *, most: int) -> list[tuple[int, int]]:
        """The newest tips with new findings, and the number of these; places and dates wait for no one."""
        rows = self._small.rows(
            "SELECT submission, count(*) FROM findings"  # noqa: S608
            f" WHERE state = 'new' AND kind NOT IN ('place', 'date') AND {not_hidden(self._small, 'submission')}"
            " GROUP BY submission ORDER BY submission DESC LIMIT ?",
            (most,),
        )
        return [(row[0], row[1]) for row in rows]

    def set_state(self, number: int, state: FindingState, entity: int | None = None) -> None:
        """Keep the finding for an entity, dismiss it, or make it new again."""
        self._small.run("UPDATE findings SET state = ?, entity = ? WHERE number = ?", (str(state), entity, number))

    def set_kind(self, number: int, kind: str) -> None:
        """Change the kind, as a person says; its readings are for the caller to replace."""
        self._small.run("UPDATE findings SET kind = ? WHERE number = ?", (kind, number))

    def remove(self, number: int) -> None:
        """Remove a finding and its readings."""
        self._small.run("DELETE FROM findings WHERE number = ?", (number,))

    def _select(
        self, condition: str, values: Sequence[object], *, with_hidden: bool = False
    ) -> list[StoredFinding]:
        unhidden = "1" if with_hidden else not_hidden(self._small, "submission")
        rows = self._small.rows(
            f"SELECT {_COLUMNS} FROM findings WHERE {unhidden} AND {condition}",  # noqa: S608
            values,
        )
        return [_finding(row) for row in rows]


def _finding(row: Row) -> StoredFinding:
    number, submission, part, sealed_place, place, first, length, kind, version, state, entity = row
    text = TextPlace(part, sealed_place, place)
    return StoredFinding(number, submission, text, first, length, kind, version, FindingState(state), entity)
