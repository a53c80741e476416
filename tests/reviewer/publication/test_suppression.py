"""Cells that are left out of a table cannot be worked out from what is shown."""

import random
from collections import Counter
from collections.abc import Iterable, Sequence

from crypto.keys.at_rest import RestKey
from reviewer.publication.counted_table import CountedTable, Place, PublishedTable, rounded
from reviewer.publication.drawn_prices import drawn_prices
from reviewer.publication.suppression import LOWER_BOUND, places_left_out

BOUNDS = (LOWER_BOUND,)


def line(*counts: int) -> CountedTable:
    """A table of one dimension."""
    rows = [f"r{number}" for number in range(len(counts))]
    return CountedTable(rows, (), ("persons",), {(row, 0): (count,) for row, count in enumerate(counts)})


def square(counts: list[list[int]]) -> CountedTable:
    """A table of two dimensions."""
    rows, columns = [f"r{n}" for n in range(len(counts))], [f"c{n}" for n in range(len(counts[0]))]
    cells = {(r, c): (count,) for r, row in enumerate(counts) for c, count in enumerate(row)}
    return CountedTable(rows, columns, ("persons",), cells)


def left_out(
    table: CountedTable, bounds: Sequence[int] = BOUNDS, *, key: int = 0, before: Iterable[Place] = ()
) -> frozenset[Place]:
    prices = drawn_prices(table, RestKey(bytes([key]) * 32))
    return places_left_out(table, bounds, prices, before=before)


def test_a_table_of_large_counts_is_published_whole_with_rounded_totals() -> None:
    table = line(40, 23, 11)
    assert left_out(table) == frozenset()
    assert PublishedTable.of(table, frozenset()).numbers == {(0, 0): 40, (1, 0): 23, (2, 0): 11, (3, 0): 75}


def test_a_lone_small_cell_takes_one_other_with_it_mostly_a_small_one_and_no_one_can_foresee_which() -> None:
    drawn = [left_out(line(40, 23, 4, 90), key=key) - {(2, 0)} for key in range(100)]
    assert {len(one) for one in drawn} == {1}
    often = Counter(place for (place,) in drawn)
    assert often[1, 0] > often[0, 0] > often[3, 0] > 0
    assert drawn[7] == left_out(line(40, 23, 4, 90), key=7) - {(2, 0)}


def test_small_cells_that_are_few_together_take_another_with_them() -> None:
    """The total minus what is shown would say that there are four, and four are too few."""
    assert left_out(line(40, 23, 2, 2)) in ({(1, 0), (2, 0), (3, 0)}, {(0, 0), (2, 0), (3, 0)})


def test_a_table_of_few_people_says_nothing_at_all() -> None:
    table = line(3, 2, 5)
    assert left_out(table) == frozenset(table.places())


def test_a_cell_of_nobody_is_left_out_as_a_small_one_is() -> None:
    assert (1, 0) in left_out(line(40, 0, 30))


def test_each_unit_must_reach_its_own_bound() -> None:
    """Thirty tips of four mailboxes may be one person who writes often."""
    table = CountedTable(
        ("a", "b", "c"), (), ("persons", "mailboxes"), {(0, 0): (30, 4), (1, 0): (30, 30), (2, 0): (50, 50)}
    )
    assert left_out(table, (11, 11)) in ({(0, 0), (1, 0)}, {(0, 0), (2, 0)})


def test_what_an_earlier_release_left_out_stays_left_out() -> None:
    assert (0, 0) in left_out(line(40, 23, 50), before=[(0, 0)])


def test_totals_are_rounded_to_the_nearest_multiple() -> None:
    assert [rounded(count) for count in (11, 12, 13, 17, 18)] == [10, 10, 15, 15, 20]


def test_one_small_cell_of_a_square_takes_a_circle_with_it() -> None:
    """Its row and its column would each give it away, and so would those of the cells left out for it."""
    table = square([[3, 20, 80], [30, 40, 90], [70, 60, 50]])
    for key in range(20):
        hidden = left_out(table, key=key)
        assert (0, 0) in hidden
        assert 4 <= len(hidden) < len(list(table.places()))
        for line_of in range(4):
            assert sum(row == line_of for row, _column in hidden) != 1
            assert sum(column == line_of for _row, column in hidden) != 1


def test_what_is_shown_is_large_and_what_is_hidden_in_a_line_is_large_together() -> None:
    chance = random.Random(7)
    for _ in range(40):
        table = square([[int(chance.expovariate(1 / 20)) for _ in range(5)] for _ in range(6)])
        gone = left_out(table)
        for place in table.places():
            if place not in gone:
                assert table.value(place) >= LOWER_BOUND
        for row in range(6):
            hidden = [(row, column) for column in range(5) if (row, column) in gone]
            if hidden and (row, 5) not in gone:
                assert sum(table.value(place) for place in hidden) >= LOWER_BOUND
