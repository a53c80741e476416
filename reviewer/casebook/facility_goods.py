"""Goods and buyers of facilities, and goods by country that stand on a list."""

import datetime as dt
import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from reviewer.casebook.database import CasebookDatabase

_LISTED: Final = "l.list, l.line, l.country, l.good_key, l.good, l.child, l.forced, l.derived"


@dataclass(frozen=True, slots=True)
class FacilityGood:
    """A good of a facility; ``because`` is empty where its list says so, and else the reason of staff."""

    facility: int
    good: str
    key: str
    because: str
    day: dt.date


@dataclass(frozen=True, slots=True)
class ListedGood:
    """A row of a list of goods by country. ``derived``: the good is made of one that is listed."""

    facility_list: int
    line: int
    country: str
    key: str
    good: str
    child: bool
    forced: bool
    derived: bool


@dataclass(frozen=True, slots=True)
class Buyer:
    """A buyer of a facility, by the line of its list; ``good`` and ``since`` may be empty."""

    facility: int
    line: int
    buyer: str
    good: str
    since: str


class FacilityGoods:
    """Each method is a part of the caller's transaction."""

    def __init__(self, small: CasebookDatabase) -> None:
        self._small = small

    def add(self, good: FacilityGood) -> bool:
        """Keep a good of a facility; False if it is there already."""
        values = (good.facility, good.key, good.good, good.because, good.day.isoformat())
        return bool(self._small.run("INSERT OR IGNORE INTO facility_goods VALUES (?, ?, ?, ?, ?)", values))

    def remove(self, facility: int, key: str) -> bool:
        """Delete a good that staff said; False if there is none."""
        statement = "DELETE FROM facility_goods WHERE facility = ? AND good_key = ? AND because <> ''"
        return bool(self._small.run(statement, (facility, key)))

    def goods(self, facilities: Collection[int]) -> list[FacilityGood]:
        """The goods of these facilities."""
        rows = self._small.rows(
            "SELECT facility, good, good_key, because, day FROM facility_goods"
            " WHERE facility IN (SELECT value FROM json_each(?)) ORDER BY facility, good_key",
            (json.dumps(list(facilities)),),
        )
        return [
            FacilityGood(number, good, key, because, dt.date.fromisoformat(day))
            for number, good, key, because, day in rows
        ]

    def add_listed(self, good: ListedGood) -> None:
        """Keep a row of a list of goods."""
        self._small.run(
            "INSERT INTO listed_goods VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(good.facility_list, good.line, good.country, good.key, good.good),
                *(int(good.child), int(good.forced), int(good.derived)),
            ),
        )

    def listed_for(self, facilities: Collection[int], facility_list: int) -> list[tuple[int, ListedGood]]:
        """The rows of a list of goods about goods and countries of these facilities, each with the facility."""
        rows = self._small.rows(
            f"SELECT f.number, {_LISTED} FROM facilities AS f"  # noqa: S608 -- names of columns
            " JOIN facility_goods AS g ON g.facility = f.number"
            " JOIN listed_goods AS l ON l.good_key = g.good_key AND l.country = f.country AND l.list = ?"
            " WHERE f.number IN (SELECT value FROM json_each(?)) ORDER BY f.number, l.line",
            (facility_list, json.dumps(list(facilities))),
        )
        return [(number, _listed(row)) for number, *row in rows]

    def all_listed(self, facility_list: int) -> list[ListedGood]:
        """Every row of a list of goods."""
        rows = self._small.rows(
            f"SELECT {_LISTED} FROM listed_goods AS l WHERE list = ?",  # noqa: S608 -- names of columns
            (facility_list,),
        )
        return [_listed(row) for row in rows]

    def listed_at(self, facility_list: int, line: int) -> ListedGood | None:
        """The row of a list of goods at this line."""
        row = self._small.row(
            f"SELECT {_LISTED} FROM listed_goods AS l WHERE list = ? AND line = ?",  # noqa: S608 -- ours
            (facility_list, line),
        )
        return _listed(row) if row else None

    def with_good(self, key: str, country: str) -> Iterator[int]:
        """The facilities of this country with this good, in the order of their numbers."""
        after, size = 0, 500
        while rows := self._small.rows(
            "SELECT g.facility FROM facility_goods AS g JOIN facilities AS f ON f.number = g.facility"
            " WHERE g.good_key = ? AND g.facility > ? AND f.country = ? ORDER BY g.facility LIMIT ?",
            (key, after, country, size),
        ):
            yield from (row[0] for row in rows)
            after = rows[-1][0]

    def add_buyer(self, buyer: Buyer) -> None:
        """Keep who buys from a facility."""
        values = (buyer.facility, buyer.line, buyer.buyer, buyer.good, buyer.since)
        self._small.run("INSERT OR IGNORE INTO facility_buyers VALUES (?, ?, ?, ?, ?)", values)

    def with_buyer(self, words: str, *, most: int) -> list[int]:
        """The facilities from which a buyer with these words in the name buys."""
        rows = self._small.rows(
            "SELECT DISTINCT facility FROM facility_buyers WHERE instr(lower(buyer), lower(?)) > 0"
            " ORDER BY facility LIMIT ?",
            (words, most),
        )
        return [number for (number,) in rows]

    def buyers(self, facilities: Collection[int]) -> list[Buyer]:
        """The buyers of these facilities."""
        rows = self._small.rows(
            "SELECT facility, line, buyer, good, since FROM facility_buyers"
            " WHERE facility IN (SELECT value FROM json_each(?)) ORDER BY facility, line",
            (json.dumps(list(facilities)),),
        )
        return [Buyer(*row) for row in rows]


def _listed(row: Sequence[Any]) -> ListedGood:
    return ListedGood(*row[:5], *map(bool, row[5:]))
