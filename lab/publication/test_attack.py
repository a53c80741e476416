"""Integer programming against eight quarters of releases finds no hidden cell. ``docs/review/publication.md``."""

import json
import random
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from reviewer.publication.counted_table import ROUNDED_TO, CountedTable, Place, PublishedTable
from reviewer.publication.suppression import LEAST_WIDTH, LOWER_BOUND, places_left_out

ROOT = Path(__file__).parents[2]
QUARTERS = 8
BOUNDS = (LOWER_BOUND, LOWER_BOUND)
SHAPES = ((17, 0), (5, 2), (7, 0), (6, 5), (9, 4))
"""Rows and columns: languages, questionnaires and danger, times to an answer, countries and indicators, regions."""


def a_table(chance: random.Random, rows: int, columns: int) -> CountedTable:
    """Counts as a tip line has them: a few large ones and many small ones."""
    cells: dict[Place, tuple[int, int]] = {}
    for row in range(rows):
        for column in range(max(1, columns)):
            persons = int(chance.paretovariate(0.7) * chance.choice([0, 1, 3, 8]))
            cells[row, column] = (min(persons, 400), min(persons, 400) + chance.choice([0, 0, -2, 1]))
    return CountedTable([f"r{n}" for n in range(rows)], [f"c{n}" for n in range(columns)], ("a", "b"), cells)


@pytest.fixture(scope="module")
def tables() -> list[CountedTable]:
    """All tables of all tools over eight quarters."""
    chance = random.Random(20261129)
    return [a_table(chance, *shape) for _quarter in range(QUARTERS) for shape in SHAPES]


@pytest.fixture(scope="module")
def solver() -> str:
    """A Python that has an integer solver."""
    made = subprocess.run([ROOT / "scripts/judge-environment"], capture_output=True, text=True, check=True)
    return made.stdout.strip()


def attacked(solver: str, published: Sequence[PublishedTable], *, slack: int) -> list[dict[Place, tuple[int, int]]]:
    """The interval of each hidden cell, as the attacker proves it."""
    lines = [
        json.dumps({
            "rows": one.rows, "columns": one.columns, "slack": slack,
            "numbers": [number for _place, number in sorted(one.numbers.items())],
        })
        for one in published
    ]  # fmt: skip
    done = subprocess.run(
        [solver, ROOT / "lab/publication/attack.py"],
        input="\n".join(lines),
        capture_output=True,
        text=True,
        check=True,
    )
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(found) == len(published)
    return [{tuple(map(int, place.split(","))): tuple(ends) for place, ends in one.items()} for one in found]


def test_no_hidden_cell_is_determined_or_proven_within_five(tables: list[CountedTable], solver: str) -> None:
    published = [PublishedTable.of(one, places_left_out(one, BOUNDS)) for one in tables]
    with_numbers = [one for one in published if any(number is not None for number in one.numbers.values())]
    assert len(with_numbers) >= len(tables) // 2, "the rule must leave something to publish"
    hidden = 0
    for counted, intervals in zip(tables, attacked(solver, published, slack=ROUNDED_TO // 2), strict=True):
        for place, (lowest, highest) in intervals.items():
            assert lowest <= counted.value(place) <= highest, "the attacker's program must be right"
            assert highest - lowest >= LEAST_WIDTH
            hidden += 1
    assert hidden > 100


def test_where_only_small_cells_are_left_out_the_same_program_finds_cells_below_11(
    tables: list[CountedTable], solver: str
) -> None:
    """The control: without the further cells, and with exact totals, small counts are read off."""
    published = []
    for table in tables:
        small = frozenset(place for place in table.places() if table.value(place) < LOWER_BOUND)
        numbers = {place: None if place in small else table.value(place) for place in table.places()}
        published.append(PublishedTable(tuple(table.rows), tuple(table.columns), numbers))
    found = [
        place
        for one in attacked(solver, published, slack=0)
        for place, (lowest, highest) in one.items()
        if lowest == highest < LOWER_BOUND
    ]
    assert found
