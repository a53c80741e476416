"""Integer programming against all releases and corrections of eight quarters finds no hidden cell.

``docs/review/publication.md``.
"""

import json
import random
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from reviewer.publication.corrections import changed_by_few
from reviewer.publication.counted_table import ROUNDED_TO, CountedTable, Place, PublishedTable
from reviewer.publication.regions import REGIONS
from reviewer.publication.register import TABLES
from reviewer.publication.suppression import LEAST_WIDTH, LOWER_BOUND, places_left_out

ROOT = Path(__file__).parents[2]
QUARTERS = 8
BOUNDS = (LOWER_BOUND, LOWER_BOUND)
SHAPES = (
    ("language", "conversations", 17, 0),
    ("questionnaire", "conversations", 5, 2),
    ("first-answer", "conversations", 7, 0),
    ("recruited", "persons", len(REGIONS), len(REGIONS)),
    ("supply", "facilities", 6, 5),
    ("help-presses", "presses", 9, 0),
)
"""The releases of a quarter: the tables of this casebook that share no dimension, and those of the other tools."""

REFUSED_BESIDE = {"harmed", "supply-places"}
"""They share a dimension with one of these, so they are refused where either hides a number."""


@dataclass(frozen=True, slots=True)
class Released:
    """A table as it was counted and published; ``corrects`` is the place of the release before, or None."""

    counts: str
    counted: CountedTable
    published: PublishedTable
    corrects: int | None = None


def spread(chance: random.Random, name: str, total: int, rows: int, columns: int) -> CountedTable:
    """So many persons over the cells, as a tip line has them: a few large cells, and many small ones."""
    places = [(row, column) for row in range(rows) for column in range(max(1, columns))]
    weights = [chance.paretovariate(0.7) for _place in places]
    values = dict.fromkeys(places, 0)
    for place in chance.choices(places, weights, k=total):
        values[place] += 1
    cells = {place: (value, max(0, value - chance.choice([0, 0, 1]))) for place, value in values.items()}
    labels = [f"r{n}" for n in range(rows)], [f"c{n}" for n in range(columns)]
    return CountedTable(*labels, ("a", "b"), cells, has_row_totals=TABLES[name].has_row_totals)


def grown(chance: random.Random, table: CountedTable, more: int) -> CountedTable:
    """The same table after so many tips came late."""
    cells = {place: list(counts) for place, counts in table.cells.items()}
    for place in chance.choices(list(cells), [1 + counts[0] for counts in cells.values()], k=more):
        cells[place] = [one + 1 for one in cells[place]]
    return replace(table, cells=cells)


def released(counts: str, table: CountedTable) -> Released:
    return Released(counts, table, PublishedTable.of(table, places_left_out(table, BOUNDS)))


def corrected(first: Released, table: CountedTable, place: int) -> Released:
    then = first.counted
    behind = {then.label(one): then.counts(one) for one in then.places()}
    before = first.published.left_out | changed_by_few(first.published, behind, table, BOUNDS)
    left_out = places_left_out(table, BOUNDS, before=before)
    return Released(first.counts, table, PublishedTable.of(table, left_out), place)


@pytest.fixture(scope="module")
def quarters() -> list[list[Released]]:
    """All tables of all tools over eight quarters, and in every second one a correction of each."""
    chance = random.Random(20261129)
    found = []
    for quarter in range(QUARTERS):
        totals = {one: chance.choice([60, 150, 400]) for one in dict.fromkeys(counts for _n, counts, *_ in SHAPES)}
        first = [released(counts, spread(chance, name, totals[counts], *shape)) for name, counts, *shape in SHAPES]
        late = {one: chance.choice([1, 4, 30]) for one in totals}
        corrections = [
            corrected(one, grown(chance, one.counted, late[one.counts]), place) for place, one in enumerate(first)
        ]
        found.append([*first, *(corrections if quarter % 2 else [])])
    return found


@pytest.fixture(scope="module")
def solver() -> str:
    """A Python that has an integer solver."""
    made = subprocess.run([ROOT / "scripts/judge-environment"], capture_output=True, text=True, check=True)
    return made.stdout.strip()


def every(one: Released) -> int:
    """Of a large table every eighth cell is attacked: it has hundreds, and each takes two programs."""
    return 8 if len(one.counted.rows) * one.counted.width > 100 else 1


def attacked(
    solver: str, quarters: Sequence[Sequence[Released]], *, slack: int, grows: bool
) -> list[list[dict[Place, tuple[int, int]]]]:
    """The interval of each hidden cell, as the attacker proves it from everything that was published."""
    lines = [
        json.dumps({
            "slack": slack,
            "grows": grows,
            "tables": [
                {
                    "rows": list(one.published.rows), "columns": list(one.published.columns),
                    "counts": one.counts, "corrects": one.corrects, "every": every(one),
                    "numbers": [number for _place, number in sorted(one.published.numbers.items())],
                }
                for one in quarter
            ],
        })
        for quarter in quarters
    ]  # fmt: skip
    done = subprocess.run(
        [solver, ROOT / "lab/publication/attack.py"],
        input="\n".join(lines),
        capture_output=True,
        text=True,
        check=True,
    )
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(found) == len(quarters)
    return [
        [{tuple(map(int, place.split(","))): tuple(ends) for place, ends in table.items()} for table in tables]
        for tables in found
    ]


def test_every_table_of_this_casebook_is_attacked() -> None:
    assert TABLES.keys() - REFUSED_BESIDE == {name for name, *_more in SHAPES}
    published = [dimension for name in TABLES.keys() - REFUSED_BESIDE for dimension in TABLES[name].dimensions]
    assert len(published) == len(set(published)), "these may be published for one quarter"
    for name in REFUSED_BESIDE:
        assert set(TABLES[name].dimensions) <= set(published), "and this one is refused beside them"


def test_no_hidden_cell_is_determined_or_proven_within_five(quarters: list[list[Released]], solver: str) -> None:
    tables = [one for quarter in quarters for one in quarter]
    with_numbers = [one for one in tables if any(number is not None for number in one.published.numbers.values())]
    assert len(with_numbers) >= len(tables) // 2, "the rule must leave something to publish"
    hidden = 0
    for quarter, found in zip(
        quarters, attacked(solver, quarters, slack=ROUNDED_TO // 2, grows=False), strict=True
    ):
        for one, intervals in zip(quarter, found, strict=True):
            for place, (lowest, highest) in intervals.items():
                assert lowest <= one.counted.value(place) <= highest, "the attacker's program must be right"
                assert highest - lowest >= LEAST_WIDTH
                hidden += 1
    assert hidden > 300


def test_who_knows_that_no_count_fell_proves_no_cell_that_a_release_and_its_correction_hide(
    quarters: list[list[Released]], solver: str
) -> None:
    with_corrections = [quarter for quarter in quarters if any(one.corrects is not None for one in quarter)]
    count = 0
    for quarter, found in zip(
        with_corrections, attacked(solver, with_corrections, slack=ROUNDED_TO // 2, grows=True), strict=True
    ):
        for one, intervals in zip(quarter, found, strict=True):
            before = quarter[one.corrects].published.left_out if one.corrects is not None else None
            for place, (lowest, highest) in intervals.items():
                assert lowest <= one.counted.value(place) <= highest
                if before is None or place in before:
                    assert highest - lowest >= LEAST_WIDTH
                    count += 1
    assert count > 100


def test_where_only_small_cells_are_left_out_the_same_program_finds_cells_below_11(
    quarters: list[list[Released]], solver: str
) -> None:
    """The control: without the further cells, and with exact totals, small counts are read off."""
    control = []
    for quarter in quarters:
        shown = []
        for one in quarter:
            table = one.counted
            small = frozenset(place for place in table.places() if table.value(place) < LOWER_BOUND)
            numbers = {place: None if place in small else table.value(place) for place in table.places()}
            spoilt = PublishedTable(tuple(table.rows), tuple(table.columns), numbers)
            shown.append(Released(one.counts, table, spoilt, one.corrects))
        control.append(shown)
    found = [
        place
        for quarter in attacked(solver, control, slack=0, grows=False)
        for one in quarter
        for place, (lowest, highest) in one.items()
        if lowest == highest < LOWER_BOUND
    ]
    assert found
