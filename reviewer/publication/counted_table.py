"""A table of counts, with its totals, before and after cells are left out.

Rows and columns have one line more than there are labels: the last line holds the totals. A table of one dimension
has one column without a label, and no totals of rows.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

ROUNDED_TO: Final = 5
"""Totals are rounded to a multiple of this number."""
TOTAL: Final = "total"

Place = tuple[int, int]
"""Row and column, from 0; ``len(rows)`` and ``len(columns)`` are the lines of totals."""


@dataclass(frozen=True, slots=True)
class CountedTable:
    """Exact counts. They never leave the casebook.

    ``cells`` holds for each place inside the table the count of each unit, in the order of the registered units; a
    place without an entry counts nothing. The first unit is the one that is published. Without ``has_row_totals``
    one thing may stand in several cells of a row, so that their sum counts nothing, and is never shown. Then
    ``row_sizes`` has the number of things in each row, which no cell of the row exceeds.
    """

    rows: Sequence[str]
    columns: Sequence[str]
    units: Sequence[str]
    cells: Mapping[Place, Sequence[int]]
    has_row_totals: bool = True
    row_sizes: Sequence[int] = ()

    @property
    def has_columns(self) -> bool:
        """False for a table of one dimension."""
        return bool(self.columns)

    @property
    def width(self) -> int:
        """The number of columns inside, at least 1."""
        return max(1, len(self.columns))

    def places(self) -> Iterator[Place]:
        """All places, row by row, totals included."""
        for row in range(len(self.rows) + 1):
            for column in range(self.width + (1 if self.has_columns else 0)):
                yield row, column

    def is_total(self, place: Place) -> bool:
        """True for a total of a row, of a column, or of all."""
        return place[0] == len(self.rows) or (self.has_columns and place[1] == self.width)

    def never_shown(self) -> frozenset[Place]:
        """The totals of rows, and of all, if the cells of a row have no sum."""
        if self.has_row_totals or not self.has_columns:
            return frozenset()
        return frozenset((row, self.width) for row in range(len(self.rows) + 1))

    def counts(self, place: Place) -> tuple[int, ...]:
        """The count of each unit at a place; a total is a sum of cells."""
        row, column = place
        rows = range(len(self.rows)) if row == len(self.rows) else (row,)
        columns = range(self.width) if column == self.width else (column,)
        found = [self.cells.get((one, other), ()) for one in rows for other in columns]
        return tuple(sum(counts[unit] for counts in found if counts) for unit in range(len(self.units)))

    def value(self, place: Place) -> int:
        """The count of the unit that is published."""
        return self.counts(place)[0]

    def label(self, place: Place) -> str:
        """The words that name a place to a person."""
        row = self.rows[place[0]] if place[0] < len(self.rows) else TOTAL
        if not self.has_columns:
            return row
        return f"{row}, {self.columns[place[1]] if place[1] < self.width else TOTAL}"


@dataclass(frozen=True, slots=True)
class PublishedTable:
    """A number for each place, or None where it was left out. Totals are rounded."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    numbers: Mapping[Place, int | None] = field(default_factory=dict)

    @classmethod
    def of(cls, table: CountedTable, left_out: frozenset[Place]) -> "PublishedTable":
        """The table without these places."""
        numbers: dict[Place, int | None] = {}
        for place in table.places():
            value = table.value(place)
            shown = rounded(value) if table.is_total(place) else value
            numbers[place] = None if place in left_out else shown
        return cls(tuple(table.rows), tuple(table.columns), numbers)

    def label(self, place: Place) -> str:
        """The words that name a place to a person."""
        return CountedTable(self.rows, self.columns, (), {}).label(place)

    @property
    def left_out(self) -> frozenset[Place]:
        """The places without a number."""
        return frozenset(place for place, number in self.numbers.items() if number is None)


def each_once(found: Collection[tuple[int, Place]]) -> Counter[Place]:
    """How many of these things stand behind each place, if each thing counts at one place only.

    A total is a sum of cells: a mailbox or a day that stood behind two cells would count twice in it. Each counts
    where fewest do so far. So a total counts every thing once, and a cell has at least as many as it is given.
    """
    places_of: dict[int, list[Place]] = {}
    for thing, place in sorted(set(found)):
        places_of.setdefault(thing, []).append(place)
    given: Counter[Place] = Counter()
    # Those with one place first: those with several then go where they are missed most.
    for _thing, places in sorted(places_of.items(), key=lambda entry: (len(entry[1]), entry[0])):
        given[min(places, key=lambda place: (given[place], place))] += 1
    return given


def rounded(count: int) -> int:
    """The nearest multiple of :data:`ROUNDED_TO`."""
    return ROUNDED_TO * ((count + ROUNDED_TO // 2) // ROUNDED_TO)
