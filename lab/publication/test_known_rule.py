"""The rule is known and the key is not: which number protects another one tells nothing more.

Everyone can make all tables, and keep those for which some key gives the published one. Then each number that is
left out of a line could be 0, and could be all that is left out of it.
"""

import itertools
import random
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from crypto.keys.at_rest import RestKey
from reviewer.publication.counted_table import ROUNDED_TO, CountedTable, Place, PublishedTable
from reviewer.publication.drawn_prices import drawn_prices
from reviewer.publication.suppression import LEAST_WIDTH, LOWER_BOUND, places_left_out

ROWS = ["r0", "r1", "r2"]
MOST = 40
TOTAL_PLACE = (len(ROWS), 0)
Counts = tuple[int, ...]
Numbers = tuple[int | None, ...]


def published(counts: Counts, prices: Mapping[Place, float]) -> Numbers:
    """The numbers that others read, and the rounded total."""
    table = CountedTable(ROWS, (), ("a",), {(row, 0): (count,) for row, count in enumerate(counts)})
    shown = PublishedTable.of(table, places_left_out(table, (LOWER_BOUND,), prices))
    return tuple(number for _place, number in sorted(shown.numbers.items()))


def of_some_key(_counts: Counts) -> Iterable[Mapping[Place, float]]:
    """Each row may be cheaper than each other one."""
    for first in range(len(ROWS)):
        yield {(row, 0): float((row - first) % len(ROWS)) for row in range(len(ROWS))} | {TOTAL_PLACE: 1e9}


def of_the_smallest(counts: Counts) -> Iterable[Mapping[Place, float]]:
    """Prices that everyone knows: the smallest of the others is left out."""
    yield {(row, 0): float(count) for row, count in enumerate(counts)} | {TOTAL_PLACE: 1e9}


def intervals(found: Mapping[Numbers, Sequence[Counts]]) -> list[tuple[int, int, int]]:
    """Of each hidden number the lowest and the highest, and the highest sum of all that are hidden."""
    told: list[tuple[int, int, int]] = []
    for numbers, tables in found.items():
        *rows, total = numbers
        hidden = [row for row, number in enumerate(rows) if number is None]
        most = max(sum(counts[row] for row in hidden) for counts in tables)
        # Else the counts that are tried do not hold all tables that fit.
        if total is not None and most < MOST - LEAST_WIDTH:
            for row in hidden:
                values = [counts[row] for counts in tables]
                told.append((min(values), max(values), most))
    return told


def test_who_knows_the_rule_tells_no_number_more_narrowly_in_a_table_of_three_rows() -> None:
    drawn, smallest = defaultdict[Numbers, list[Counts]](list), defaultdict[Numbers, list[Counts]](list)
    for counts in itertools.product(range(MOST + 1), repeat=len(ROWS)):
        for rule, found in ((of_some_key, drawn), (of_the_smallest, smallest)):
            for numbers in {published(counts, prices) for prices in rule(counts)}:
                found[numbers].append(counts)
    told = intervals(drawn)
    assert len(told) > 500
    assert {(lowest, most - highest) for lowest, highest, most in told} == {(0, 0)}
    assert min(most for _lowest, _highest, most in told) >= LOWER_BOUND
    widths = [highest - lowest for lowest, highest, _most in intervals(smallest)]
    assert min(widths) == 0, "without the key a 10 could be told exactly"


def square(counts: Sequence[int]) -> CountedTable:
    cells = {(place // 2, place % 2): (count,) for place, count in enumerate(counts)}
    return CountedTable(["r0", "r1"], ["c0", "c1"], ("a",), cells)


def shown(table: CountedTable, key: int) -> Mapping[Place, int | None]:
    prices = drawn_prices(table, RestKey(bytes([key]) * 32))
    return PublishedTable.of(table, places_left_out(table, (LOWER_BOUND,), prices)).numbers


def fitting(numbers: Mapping[Place, int | None]) -> Iterable[Counts]:
    """Squares of which all four cells are hidden that have these totals, which are rounded."""
    row, column, total = numbers[0, 2] or 0, numbers[2, 0] or 0, numbers[2, 2] or 0
    slack = range(-(ROUNDED_TO // 2), ROUNDED_TO // 2 + 1)
    for first in range(min(row, column) + ROUNDED_TO):
        for one, other, rest in itertools.product(slack, repeat=3):
            counts = first, row - first + one, column - first + other, total - row - column + first + rest
            if min(counts) >= 0:
                yield counts


def test_who_knows_the_rule_tells_no_number_more_narrowly_in_a_table_of_two_rows_and_two_columns() -> None:
    chance = random.Random(20261130)
    attacked = 0
    for _ in range(30):
        counts = [chance.choice([0, 2, 5, 8, 10, 11, 12, 14, 18]) for _cell in range(4)]
        numbers = shown(square(counts), key=0)
        if any(numbers[place] is not None for place in square(counts).places() if max(place) < 2):
            continue
        if any(numbers[place] is None for place in ((0, 2), (2, 0), (2, 2))):
            continue
        found = [one for one in fitting(numbers) if any(shown(square(one), key) == numbers for key in range(3))]
        assert all(max(values) - min(values) >= LEAST_WIDTH for values in zip(*found, strict=True))
        attacked += 1
    assert attacked > 10
