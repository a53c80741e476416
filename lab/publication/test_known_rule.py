"""The rule is known: the choice of a number that protects another one tells more, but nothing up to 5.

``docs/review/publication.md`` says so. Everyone can make all tables, and keep those that look like the published
one.
"""

import itertools
from collections import defaultdict

from reviewer.publication.counted_table import CountedTable, PublishedTable
from reviewer.publication.suppression import LEAST_WIDTH, LOWER_BOUND, places_left_out

ROWS = ["r0", "r1", "r2"]
MOST = 40


def published(counts: tuple[int, ...]) -> tuple[int | None, ...]:
    """The numbers that others read, and the rounded total."""
    table = CountedTable(ROWS, (), ("a",), {(row, 0): (count,) for row, count in enumerate(counts)})
    shown = PublishedTable.of(table, places_left_out(table, (LOWER_BOUND,)))
    return tuple(number for _place, number in sorted(shown.numbers.items()))


def test_who_knows_the_rule_tells_no_number_up_to_5_more_narrowly_in_a_table_of_three_rows() -> None:
    alike: dict[tuple[int | None, ...], list[tuple[int, ...]]] = defaultdict(list)
    for counts in itertools.product(range(MOST + 1), repeat=len(ROWS)):
        alike[published(counts)].append(counts)
    widths: dict[bool, list[int]] = {True: [], False: []}
    for numbers, tables in alike.items():
        if all(number is None for number in numbers):
            continue
        for row, number in enumerate(numbers[:-1]):
            if number is None:
                found = [counts[row] for counts in tables]
                widths[min(found) <= LEAST_WIDTH].append(max(found) - min(found))
    assert len(widths[True]) > 500
    assert min(widths[True]) >= LEAST_WIDTH
    assert min(widths[False]) == 0, "a 10 can be told exactly, as the page says"
