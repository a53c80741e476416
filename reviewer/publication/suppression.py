"""Leaves out the cells of a table that could tell of few people. ``docs/review/publication.md``.

A cell is *small* if any of its units is below its lower bound. More cells are left out until

- the cells left out of each line whose total is shown are together at least the lower bound, and
- each of them could differ by :data:`LEAST_WIDTH` while every number that is shown stays as it is.

Which further cells these are follows from prices: :mod:`reviewer.publication.drawn_prices`.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from reviewer.publication.circulation import Circulation
from reviewer.publication.counted_table import CountedTable, Place

LOWER_BOUND: Final = 11
"""Persons, mailboxes, presses and days: each count behind a number that is shown is at least this."""
LEAST_WIDTH: Final = 5
"""The highest minus the lowest value that a cell left out could have."""


def is_small(counts: Sequence[int], bounds: Sequence[int]) -> bool:
    """True if any unit is below its lower bound. Nothing at all is small too."""
    return any(count < bound for count, bound in zip(counts, bounds, strict=True))


def places_left_out(
    table: CountedTable, bounds: Sequence[int], prices: Mapping[Place, float], *, before: Iterable[Place] = ()
) -> frozenset[Place]:
    """The places that must have no number. ``before``: those that the release to be corrected left out.

    To protect a small number, the cheapest others are left out: ``prices`` has one for each place.

    The grand total is among them where nothing else would do; then all places are, as a table without a total says
    nothing.
    """
    everything = frozenset(table.places())
    small = {place for place in everything if is_small(table.counts(place), bounds)}
    left_out = frozenset(small | set(before)) | table.never_shown()
    graph = Circulation(table)
    while True:
        more = _of_thin_lines(table, bounds, left_out, prices) or _of_narrow_cells(
            graph, left_out, left_out - table.never_shown(), prices
        )
        if more is None:
            return everything
        if not more:
            return left_out
        left_out |= more


def _of_thin_lines(
    table: CountedTable, bounds: Sequence[int], left_out: frozenset[Place], prices: Mapping[Place, float]
) -> frozenset[Place]:
    """For the first line whose hidden cells are few together: its cheapest shown cell, or its total."""
    for total, cells in _lines(table):
        hidden = [place for place in cells if place in left_out]
        if total in left_out or not hidden:
            continue
        sums = [sum(table.counts(place)[unit] for place in hidden) for unit in range(len(bounds))]
        if is_small(sums, bounds):
            shown = [place for place in cells if place not in left_out]
            return frozenset({min(shown, key=prices.__getitem__, default=total)})
    return frozenset()


def _of_narrow_cells(
    graph: Circulation, left_out: frozenset[Place], protected: frozenset[Place], prices: Mapping[Place, float]
) -> frozenset[Place] | None:
    """For the first cell with a narrow interval: the cheapest ones that widen it; None if nothing does."""
    for place in sorted(protected):
        if graph.width(place, left_out, enough=LEAST_WIDTH) < LEAST_WIDTH:
            more = graph.cheapest_circle(place, left_out, prices, room=LEAST_WIDTH)
            return more or None
    return frozenset()


def _lines(table: CountedTable) -> Iterable[tuple[Place, list[Place]]]:
    """Each total with the places that it sums up; the grand total sums up each line of totals."""
    last_row, last_column = len(table.rows), table.width
    if table.has_columns:
        for row in range(last_row + 1):
            yield (row, last_column), [(row, column) for column in range(last_column)]
    for column in range(last_column + (1 if table.has_columns else 0)):
        yield (last_row, column), [(row, column) for row in range(last_row)]
