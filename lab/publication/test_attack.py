"""Integer programming against all releases and corrections of eight quarters finds no hidden cell.

``docs/review/publication.md``.
"""

import datetime as dt
import json
import random
import subprocess
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from crypto.keys.at_rest import RestKey
from crypto.primitives.week import Quarter
from reviewer.publication.corrections import changed_by_few
from reviewer.publication.counted_table import ROUNDED_TO, CountedTable, Place, PublishedTable
from reviewer.publication.drawn_prices import drawn_prices
from reviewer.publication.regions import REGIONS
from reviewer.publication.register import TABLES
from reviewer.publication.release_record import Release
from reviewer.publication.subtraction import refuse_subtraction
from reviewer.publication.suppression import LEAST_WIDTH, LOWER_BOUND, places_left_out
from system.errors import ProgramError

ROOT = Path(__file__).parents[2]
QUARTERS = 8
BOUNDS = (LOWER_BOUND, LOWER_BOUND)
KEY = RestKey(bytes(32))
CONVERSATIONS, PERSONS, SOURCES, PRESSES = "conversations", "persons", "sources", "presses"
SHAPES = {
    "language": (CONVERSATIONS, 17, 0),
    "questionnaire": (CONVERSATIONS, 5, 2),
    "first-answer": (CONVERSATIONS, 7, 0),
    "harmed": (PERSONS, 5, 0),
    "recruited": (PERSONS, len(REGIONS), len(REGIONS)),
    "supply": (SOURCES, 6, 5),
    "supply-places": (SOURCES, 6, 0),
    "help-presses": (PRESSES, 9, 0),
}
IN_TURN = ({"harmed", "supply-places"}, {"questionnaire", "supply"})
"""These share dimensions with each other, so a quarter has the ones or the others."""
WITHIN = {SOURCES: CONVERSATIONS}


@dataclass(frozen=True, slots=True)
class Released:
    """A table as it was counted and published; ``corrects`` is the place of the release before, or None."""

    name: str
    counted: CountedTable
    published: PublishedTable
    corrects: int | None = None


def spread(chance: random.Random, name: str, total: int) -> CountedTable:
    """``total`` things over the cells, as a tip line has them: a few large cells, and many small ones."""
    _counts, rows, columns = SHAPES[name]
    labels = [f"r{n}" for n in range(rows)], [f"c{n}" for n in range(columns)]
    if name == "supply":
        return ticked(chance, total, *labels)
    places = [(row, column) for row in range(rows) for column in range(max(1, columns))]
    weights = [chance.paretovariate(0.7) for _place in places]
    values = dict.fromkeys(places, 0)
    for place in chance.choices(places, weights, k=total):
        values[place] += 1
    cells = {place: (value, max(0, value - chance.choice([0, 0, 1]))) for place, value in values.items()}
    return CountedTable(*labels, ("a", "b"), cells)


def ticked(chance: random.Random, total: int, rows: list[str], columns: list[str]) -> CountedTable:
    """Sources in rows of at least eleven, each with one indicator or several."""
    rows = rows[: max(1, total // 20)]
    sizes = [LOWER_BOUND] * len(rows)
    for row in chance.choices(range(len(rows)), k=max(0, total - sum(sizes))):
        sizes[row] += 1
    often = [chance.choice([0.1, 0.4, 0.9]) for _column in columns]
    counted: Counter[Place] = Counter()
    for row, size in enumerate(sizes):
        for _source in range(size):
            some = [column for column, share in enumerate(often) if chance.random() < share]
            counted.update((row, column) for column in some or [chance.randrange(len(columns))])
    cells = {
        (row, column): (counted[row, column],) * 2 for row in range(len(rows)) for column in range(len(columns))
    }
    return CountedTable(rows, columns, ("a", "b"), cells, has_row_totals=False, row_sizes=sizes)


def grown(chance: random.Random, table: CountedTable, more: int) -> CountedTable:
    """The same table after so many tips came late."""
    cells = {place: list(counts) for place, counts in table.cells.items()}
    sizes = list(table.row_sizes)
    for place in chance.choices(list(cells), [1 + counts[0] for counts in cells.values()], k=more):
        cells[place] = [one + 1 for one in cells[place]]
        if sizes:
            sizes[place[0]] += 1
    return replace(table, cells=cells, row_sizes=sizes)


def released(name: str, table: CountedTable) -> Released:
    return Released(name, table, PublishedTable.of(table, left_out(table)))


def left_out(table: CountedTable, before: Iterable[Place] = ()) -> frozenset[Place]:
    return places_left_out(table, BOUNDS, drawn_prices(table, KEY), before=before)


def corrected(first: Released, table: CountedTable, place: int) -> Released:
    then = first.counted
    behind = {then.label(one): then.counts(one) for one in then.places()}
    before = first.published.left_out | changed_by_few(first.published, behind, table, BOUNDS)
    return Released(first.name, table, PublishedTable.of(table, left_out(table, before)), place)


def is_refused(one: Released, others: Sequence[Released]) -> bool:
    """True if the program would not publish it beside these."""
    day = dt.date(2026, 11, 29)
    earlier = [
        Release("00", 1, other.name, Quarter(2026, 3), other.published, day, "", "", is_corrected=False)
        for other in others
    ]
    try:
        refuse_subtraction(TABLES[one.name], one.published, earlier)
    except ProgramError:
        return True
    return False


@pytest.fixture(scope="module")
def quarters() -> list[list[Released]]:
    """All tables of all tools over eight quarters, and in every second one a correction of each."""
    chance = random.Random(20261129)
    found = []
    for quarter in range(QUARTERS):
        totals = {one: chance.choice([60, 150, 400]) for one in (CONVERSATIONS, PERSONS, PRESSES)}
        totals[SOURCES] = int(totals[CONVERSATIONS] * chance.choice([0.6, 0.8, 0.95]))
        names = [name for name in SHAPES if name not in IN_TURN[quarter // 2 % 2]]
        first: list[Released] = []
        for name in names:
            one = released(name, spread(chance, name, totals[SHAPES[name][0]]))
            if not is_refused(one, first):
                first.append(one)
        late = {one: chance.choice([1, 4, 30]) for one in totals}
        late[SOURCES] = min(late[SOURCES], late[CONVERSATIONS])
        corrections = [
            corrected(one, grown(chance, one.counted, late[SHAPES[one.name][0]]), place)
            for place, one in enumerate(first)
        ]
        found.append([*first, *(corrections if quarter % 2 else [])])
    assert {one.name for quarter in found for one in quarter} == set(SHAPES)
    return found


@pytest.fixture(scope="module")
def solver() -> str:
    """A Python that has an integer solver."""
    made = subprocess.run([ROOT / "scripts/judge-environment"], capture_output=True, text=True, check=True)
    return made.stdout.strip()


def every(one: Released) -> int:
    """Of a large table every eighth cell is attacked: it has hundreds, and each takes two programs."""
    return 8 if len(one.counted.rows) * one.counted.width > 100 else 1


def told(one: Released) -> dict[str, object]:
    """A table as the attacker reads it."""
    counts = SHAPES[one.name][0]
    return {
        "rows": list(one.published.rows), "columns": list(one.published.columns),
        "counts": counts, "within": WITHIN.get(counts), "corrects": one.corrects, "every": every(one),
        "numbers": [number for _place, number in sorted(one.published.numbers.items())],
    }  # fmt: skip


def attacked(
    solver: str, quarters: Sequence[Sequence[Released]], *, slack: int, grows: bool
) -> list[list[dict[Place, tuple[int, int]]]]:
    """The interval of each hidden cell, as the attacker proves it from everything that was published."""
    lines = [{"slack": slack, "grows": grows, "tables": [told(one) for one in quarter]} for quarter in quarters]
    found = solved(solver, lines)
    assert len(found) == len(quarters)
    return [
        [{tuple(map(int, place.split(","))): tuple(ends) for place, ends in table.items()} for table in tables]
        for tables in found
    ]


def rests(solver: str, published: Mapping[int, Sequence[Released]]) -> list[tuple[int, int]]:
    """How many conversations of all quarters until then are no source of a table; by quarter, from 0.

    ``published`` has the tables of each quarter.
    """
    tables = [told(one) | {"quarter": quarter} for quarter, some in published.items() for one in some]
    (found,) = solved(solver, [{"slack": ROUNDED_TO // 2, "grows": False, "rests": True, "tables": tables}])
    return [(least, most) for one in found if one is not None for least, most in [one]]


def solved(solver: str, lines: Sequence[dict[str, object]]) -> list[list]:
    """The answer of the attacker's program to each line."""
    done = subprocess.run(
        [solver, ROOT / "lab/publication/attack.py"],
        input="\n".join(map(json.dumps, lines)),
        capture_output=True,
        text=True,
        check=True,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_every_table_of_this_casebook_is_attacked() -> None:
    assert TABLES.keys() == SHAPES.keys()
    for names in ({*TABLES} - IN_TURN[0], {*TABLES} - IN_TURN[1]):
        published = [dimension for name in names for dimension in TABLES[name].dimensions]
        assert len(published) == len(set(published)), "these may be published for one quarter"


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


def test_conversations_of_all_quarters_less_sources_tell_of_no_few(solver: str) -> None:
    def in_a_row(name: str, *counts: int) -> Released:
        cells = {(row, 0): (count, count) for row, count in enumerate(counts)}
        return released(name, CountedTable([f"r{row}" for row in range(len(counts))], (), ("a", "b"), cells))

    first, second, sources = in_a_row("language", 20), in_a_row("language", 12), in_a_row("supply-places", 31)
    assert rests(solver, {0: [first], 1: [second, sources]}) == [(1, 1)], "of 32 conversations one is no source"
    assert is_refused(sources, [second])
    assert is_refused(second, [sources])

    chance = random.Random(20261130)
    refused = 0
    published: dict[int, list[Released]] = {}
    for quarter in range(QUARTERS):
        conversations = chance.choice([14, 30, 60])
        # Sources of earlier quarters write again, so there can be more of them than conversations.
        counted = int(conversations * chance.choice([0.7, 0.8, 1.3, 1.6]))
        published[quarter] = [released("language", spread(chance, "language", conversations))]
        name = ("supply", "supply-places")[quarter % 2]
        one = released(name, spread(chance, name, counted))
        if is_refused(one, published[quarter]):
            refused += 1
        else:
            published[quarter].append(one)
    found = rests(solver, published)
    assert refused
    assert found
    assert all(least >= LOWER_BOUND or most - least >= LEAST_WIDTH for least, most in found)


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
            shown.append(Released(one.name, table, spoilt, one.corrects))
        control.append(shown)
    found = [
        place
        for quarter in attacked(solver, control, slack=0, grows=False)
        for one in quarter
        for place, (lowest, highest) in one.items()
        if lowest == highest < LOWER_BOUND
    ]
    assert found
