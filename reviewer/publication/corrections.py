"""A correction keeps the lines of the first release, and hides what it hid and what changed by few.

With other lines it could tell what the release hid: of 15 counted as "other", 12 have a line of their own now, so 3
are left.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from reviewer.home.home import Home
from reviewer.publication.counted_table import CountedTable, Place, PublishedTable
from reviewer.publication.suppression import is_small
from system.errors import ProgramError


def in_released_lines(released: PublishedTable, counted: CountedTable, *, rest: str) -> CountedTable:
    """The counts in the rows and columns that were published; what has a new row counts as ``rest``.

    Raises:
        ProgramError: the columns are others, or a row that came since counts something and there is no rest.
    """
    rows, columns = list(released.rows), list(released.columns)
    cells: dict[Place, tuple[int, ...]] = {}
    for (row, column), counts in sorted(counted.cells.items()):
        label = counted.rows[row] if counted.rows[row] in rows else rest
        if any(counts) and (label not in rows or set(counted.columns) != set(columns)):
            raise ProgramError(
                f"with the release before, this correction could tell “{counted.label((row, column))}”",
                hint="a correction keeps the rows and columns of the table that it corrects",
            )
        if any(counts):
            place = rows.index(label), columns.index(counted.columns[column]) if columns else 0
            known = cells.get(place, (0,) * len(counts))
            cells[place] = tuple(one + other for one, other in zip(known, counts, strict=True))
    sizes = dict.fromkeys(rows, 0)
    for label, size in zip(counted.rows, counted.row_sizes, strict=False):
        line = label if label in sizes else rest
        if line in sizes:  # else nothing counts in it
            sizes[line] += size
    return replace(
        counted, rows=rows, columns=columns, cells=cells, row_sizes=[*sizes.values()] if counted.row_sizes else ()
    )


def left_out_before(
    home: Home, same: Mapping[str, PublishedTable], counted: CountedTable, bounds: Sequence[int]
) -> set[Place]:
    """Places that a release of this table and quarter left out, or whose number changed by few since.

    ``same`` are the releases by their ids; ``bounds`` has the lower bound of each unit.
    """
    labels = {counted.label(place): place for place in counted.places()}
    gone = {one.label(place) for one in same.values() for place in one.left_out}
    found = {place for label, place in labels.items() if label in gone}
    for release_id, published in same.items():
        found |= changed_by_few(published, counts_behind(home, release_id), counted, bounds)
    return found


def counts_behind(home: Home, release_id: str) -> Mapping[str, Sequence[int]]:
    """By label the counts of each unit behind a release of this home; none for one of another home."""
    return home.casebook.release_counts.of(bytes.fromhex(release_id))


def changed_by_few(
    before: PublishedTable, behind: Mapping[str, Sequence[int]], counted: CountedTable, bounds: Sequence[int]
) -> set[Place]:
    """Cells whose number has changed since a release, and any unit by less than its lower bound.

    ``behind`` are the counts of each unit at the time of the release, by label. For a release of another home there
    are none: then every cell that changed is among them, as nothing says how many mailboxes or days stand behind.
    """
    numbers = {before.label(place): number for place, number in before.numbers.items() if number is not None}
    found = set()
    for place in counted.places():
        label, now = counted.label(place), counted.counts(place)
        known, then = numbers.get(label), behind.get(label, now)
        if known is None or known == now[0] or counted.is_total(place):
            continue
        if is_small([abs(count - was) for count, was in zip(now, then, strict=True)], bounds):
            found.add(place)
    return found
