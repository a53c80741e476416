"""Groups of facilities behind place codes: ``docs/formats/place-code.md``.

This casebook alone has them.
"""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, field

from reviewer.casebook.database import CasebookDatabase, Row

_GROUP = "SELECT number, code, name, made_day, retired_day FROM place_groups"


@dataclass(frozen=True, slots=True)
class PlaceGroup:
    """A group with its code and facilities by number; ``hands_out`` are those with cards."""

    number: int
    code: str = field(repr=False)
    label: str = field(repr=False)
    made_day: dt.date
    retired_day: dt.date | None
    facilities: frozenset[int]
    hands_out: frozenset[int]

    @property
    def name(self) -> str:
        """As ``G-2``."""
        return f"G-{self.number}"


class PlaceGroups:
    """Each method is a part of the caller's transaction."""

    def __init__(self, small: CasebookDatabase) -> None:
        self._small = small

    def add(self, code: str, label: str, facilities: Collection[int], *, today: dt.date) -> int:
        """Keep a new group; its number."""
        self._small.run(
            "INSERT INTO place_groups (code, name, made_day) VALUES (?, ?, ?)", (code, label, today.isoformat())
        )
        row = self._small.row("SELECT last_insert_rowid()")
        number = int(row[0]) if row else 0
        for facility in facilities:
            self._small.run("INSERT INTO place_group_facilities VALUES (?, ?, NULL)", (number, facility))
        return number

    def codes(self) -> set[str]:
        """All codes that were ever given."""
        return {row[0] for row in self._small.rows("SELECT code FROM place_groups")}

    def all(self) -> list[PlaceGroup]:
        """All groups, retired ones too, in the order in which they were made."""
        return [self._group(row) for row in self._small.rows(f"{_GROUP} ORDER BY number")]

    def find(self, number: int) -> PlaceGroup | None:
        """The group with this number."""
        row = self._small.row(f"{_GROUP} WHERE number = ?", (number,))
        return self._group(row) if row else None

    def with_code(self, code: str) -> PlaceGroup | None:
        """The group with this code, also a retired one."""
        row = self._small.row(f"{_GROUP} WHERE code = ?", (code,))
        return self._group(row) if row else None

    def add_facility(self, group: PlaceGroup, facility: int) -> None:
        """Add a facility; one that is in the group already stays as it is."""
        self._small.run(
            "INSERT OR IGNORE INTO place_group_facilities VALUES (?, ?, NULL)", (group.number, facility)
        )

    def hand_out(self, group: PlaceGroup, facility: int, since: dt.date | None) -> None:
        """Record that cards are handed out at a facility of the group, or with None that they are not."""
        self._small.run(
            "UPDATE place_group_facilities SET hands_out_since = ? WHERE place_group = ? AND facility = ?",
            (since.isoformat() if since else None, group.number, facility),
        )

    def retire(self, group: PlaceGroup, *, today: dt.date) -> None:
        """No more cards are printed; the code stays known."""
        self._small.run(
            "UPDATE place_groups SET retired_day = ? WHERE number = ?", (today.isoformat(), group.number)
        )

    def _group(self, row: Row) -> PlaceGroup:
        number, code, label, made, retired = row
        members = self._small.rows(
            "SELECT facility, hands_out_since FROM place_group_facilities WHERE place_group = ?", (number,)
        )
        return PlaceGroup(
            *(number, code, label, dt.date.fromisoformat(made)),
            dt.date.fromisoformat(retired) if retired else None,
            frozenset(facility for facility, _since in members),
            frozenset(facility for facility, since in members if since is not None),
        )
