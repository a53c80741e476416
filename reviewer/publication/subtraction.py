"""Refuses a table that tells a cell together with another one of the same quarter.

Along a dimension that both have, two tables have the same sums. What one of them hides could be worked out with the
other. Where a thing may stand in several cells of a row, the other table has what that row has no total for: the
difference to a cell tells how many are *not* in it, and these may be one person.
"""

from collections.abc import Iterable

from crypto.primitives.week import Quarter
from reviewer.publication.counted_table import CountedTable, Place, PublishedTable
from reviewer.publication.register import TABLES, RegisteredTable
from system.errors import ProgramError


def refuse_subtraction(
    new: RegisteredTable,
    published: PublishedTable,
    others: Iterable[tuple[str, PublishedTable]],
    *,
    quarter: Quarter,
) -> None:
    """Refuse a table that shares a dimension with one of the same quarter, where either hides a cell.

    ``others`` are the other tables of this quarter, by their names. Beside a table whose rows have no total, one
    with the same dimension is always refused.

    Raises:
        ProgramError: it does; the message names the cell.
    """
    for table, other_published in others:
        other = TABLES.get(table)
        if other is None or other.counts_from != new.counts_from:
            continue
        shared = [dimension for dimension in new.dimensions if dimension in other.dimensions]
        if not shared:
            continue
        for one, numbers in ((other, other_published), (new, published)):
            hidden = numbers.left_out - _never_shown(one, numbers)
            if hidden or not one.has_row_totals:
                cell = numbers.label(min(hidden or numbers.numbers))
                raise ProgramError(
                    f"with the published {table} of {quarter}, this table could tell “{cell}” of {one.name}",
                    hint=f"both count by {shared[0]}; a dimension is published in one table of a quarter only",
                )


def _never_shown(registered: RegisteredTable, table: PublishedTable) -> frozenset[Place]:
    """The totals of rows in a table whose rows have none."""
    has_totals = registered.has_row_totals
    return CountedTable(table.rows, table.columns, (), {}, has_row_totals=has_totals).never_shown()
