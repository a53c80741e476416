"""Refuses a table that tells a cell together with an earlier release, of any tool.

This is the place that decides which releases can be taken from each other (``docs/review/publication.md``):

- *Another quarter.* A conversation, a person and a press count in one quarter only. A mailbox whose tips were
  accepted in two quarters counts in both, so sources of two quarters have no sum. They lie within the conversations
  of all quarters until then: see below.
- *The same table.* It is a correction: :mod:`reviewer.publication.corrections`.
- *A common dimension.* Along it both tables have the same sums, or one bounds the other. What one hides the other
  could tell: refused, unless neither hides anything.
- *The same population.* Tables without a common dimension share their grand total, and nothing else: any two tables
  with one grand total can be of the same things. The check of each table counts its grand total as known. So taken
  together they tell no more than each alone, but for one thing: two exact totals tell how many came in between.
- *Sources within conversations.* The one less the other tells how many conversations are no source. This is a
  count of people, and must not be known to be small. Conversations of earlier quarters make this rest larger and
  less sure, so it is enough that it is safe without them. Where sources are more than the conversations of their
  quarter, it is not, and they are refused. Cells of sources are bounded by the row in which they stand:
  :mod:`reviewer.publication.circulation` takes the sizes of rows for known.
- *Persons beside conversations and sources.* A conversation tells of none or of many, so neither bounds the other.
- *Presses beside all others.* No press has a mailbox, and nothing here joins the two. Disjoint things have no sum
  in common, so nothing can be subtracted.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from reviewer.publication.counted_table import ROUNDED_TO, TOTAL, CountedTable, Place, PublishedTable
from reviewer.publication.register import TABLES, Population, RegisteredTable
from reviewer.publication.release_record import Release
from reviewer.publication.suppression import LEAST_WIDTH, LOWER_BOUND, is_small
from system.errors import ProgramError

WITHIN: Final[Mapping[Population, Population]] = {Population.SOURCES: Population.CONVERSATIONS}
"""Populations whose things are things of another one too."""
_BOUNDLESS: Final = 1 << 40
Span = tuple[int, int]
"""The lowest and the highest number that fits what was published."""


def refuse_subtraction(new: RegisteredTable, published: PublishedTable, others: Iterable[Release]) -> None:
    """Refuse a table with which an earlier release tells a cell, or a small rest of a population.

    ``others`` are the releases of all tools of this quarter, without those that this one corrects.

    Raises:
        ProgramError: it does; the message names the cell.
    """
    for one in others:
        if (other := TABLES.get(one.table)) is not None:  # else it never left, or require_whole_record refuses
            _refuse_common_dimension(new, published, other, one)
            _refuse_small_rest(new, published, other, one)


def told_by_totals(
    counts_of: Callable[[str], Mapping[str, Sequence[int]]],
    new: RegisteredTable,
    counted: CountedTable,
    published: PublishedTable,
    others: Sequence[Release],
) -> frozenset[Place]:
    """The smallest cell, if this table and an earlier one tell how few things came in between.

    That is so where both are of one population and quarter, and neither hides a number, so that both totals are
    exact, and these differ by few. ``counts_of`` gives the counts of each unit behind a release by its id, as far
    as this home has them.
    """
    if published.left_out or not new.has_row_totals:
        return frozenset()
    total = _grand_total(published)
    for one in others:
        other = TABLES.get(one.table)
        if other is None or other.population != new.population or not other.has_row_totals:
            continue
        least, most = size_of(other, one.published)
        now = counted.counts(total)
        then = counts_of(one.release_id).get(one.published.label(_grand_total(one.published)), now)
        is_known = least == most != now[0]
        if is_known and is_small([abs(a - b) for a, b in zip(now, (most, *then[1:]), strict=True)], new.bounds):
            inside = (place for place in counted.places() if not counted.is_total(place))
            return frozenset({min(inside, key=lambda place: (counted.value(place), place))})
    return frozenset()


def size_of(table: RegisteredTable, published: PublishedTable) -> Span:
    """The lowest and the highest size of the population, as everyone can work it out from the numbers.

    Where a thing may stand in several columns, the lowest is that of one way to fill the table: what is known for
    sure can be less.
    """
    numbers, width, last = published.numbers, max(1, len(published.columns)), len(published.rows)
    rows = [[numbers[row, column] for column in range(width)] for row in range(last)]
    if not table.has_row_totals:
        return _size_of_sources(rows, [numbers[last, at] for at in range(width)])
    if not published.columns:
        return _sum([_exact(one) for (one,) in rows], numbers[last, 0])
    by_row = [_sum([_exact(one) for one in row], numbers[at, width]) for at, row in enumerate(rows)]
    by_column = [_sum([_exact(row[at]) for row in rows], numbers[last, at]) for at in range(width)]
    return _both(_sum(by_row, numbers[last, width]), _sum(by_column, numbers[last, width]))


def _refuse_common_dimension(
    new: RegisteredTable, published: PublishedTable, other: RegisteredTable, release: Release
) -> None:
    shared = [dimension for dimension in new.dimensions if dimension in other.dimensions]
    if not shared:
        return
    for one, numbers in ((other, release.published), (new, published)):
        hidden = numbers.left_out - _never_shown(one, numbers)
        if hidden or not one.has_row_totals:
            cell = numbers.label(min(hidden or numbers.numbers))
            raise ProgramError(
                f"with the published {release.table} of {release.quarter}, this table could tell “{cell}” of"
                f" {one.name}",
                hint=f"both count by {shared[0]}; a dimension is published in one table of a quarter only",
            )


def _refuse_small_rest(
    new: RegisteredTable, published: PublishedTable, other: RegisteredTable, release: Release
) -> None:
    """Refuse sources beside conversations where the conversations that are no source are known to be few."""
    sizes = {new.population: size_of(new, published), other.population: size_of(other, release.published)}
    for inner, outer in WITHIN.items():
        if sizes.keys() != {inner, outer}:
            continue
        least, most = max(0, sizes[outer][0] - sizes[inner][1]), sizes[outer][1] - sizes[inner][0]
        # Below 0 some sources wrote their first tip before, and all quarters together could tell the rest.
        if least < LOWER_BOUND and most - least < LEAST_WIDTH:
            raise ProgramError(
                f"with the published {release.table} of {release.quarter}, this table could tell the conversations"
                f" in “{TOTAL}” that are no source",
                hint="publish one of the two",
            )


def _size_of_sources(rows: Sequence[Sequence[int | None]], totals: Sequence[int | None]) -> Span:
    """One thing stands in one row, and there in one column or more."""
    sizes, most = [max(LOWER_BOUND, *(one or 0 for one in row)) for row in rows], 0
    for at, total in enumerate(totals):
        least_here, most_here = _sum([_exact(row[at]) for row in rows], total)
        most = min(_BOUNDLESS, most + most_here)
        hidden = [row for row, cells in enumerate(rows) if cells[at] is None]
        inside = sum(row[at] or 0 for row in rows) + sum(sizes[row] for row in hidden)
        if hidden and inside < least_here:
            sizes[hidden[0]] += least_here - inside
    return sum(sizes), most


def _grand_total(table: PublishedTable) -> Place:
    return len(table.rows), len(table.columns)


def _exact(number: int | None) -> Span:
    """A cell: one that is left out may be anything."""
    return (0, _BOUNDLESS) if number is None else (number, number)


def _sum(parts: Sequence[Span], total: int | None) -> Span:
    """The sum of a line, by its parts and by its rounded total."""
    summed = sum(least for least, _most in parts), min(_BOUNDLESS, sum(most for _least, most in parts))
    slack = ROUNDED_TO // 2
    return summed if total is None else _both(summed, (total - slack, total + slack))


def _both(one: Span, other: Span) -> Span:
    return max(one[0], other[0]), min(one[1], other[1])


def _never_shown(registered: RegisteredTable, table: PublishedTable) -> frozenset[Place]:
    """The totals of rows in a table whose rows have none."""
    has_totals = registered.has_row_totals
    return CountedTable(table.rows, table.columns, (), {}, has_row_totals=has_totals).never_shown()
