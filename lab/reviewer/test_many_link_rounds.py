"""Findings, entities and links come to one state at three reviewers, in any order of rounds: many orders."""

from collections.abc import Iterator

import pytest

from tests.reviewer.colleagues import Colleague
from tests.reviewer.desk_stage import Desk
from tests.reviewer.laptops import Laptops, three_laptops
from tests.reviewer.linking.test_link_rounds import TEXT, after_any_order

SEEDS, STEPS = 30, 60
_OF_THE_SHORT_TEST = 1


@pytest.fixture
def laptops(desk: Desk, second: Colleague) -> Iterator[Laptops]:
    with three_laptops(desk, second, TEXT) as three:
        yield three


@pytest.mark.parametrize("seed", range(_OF_THE_SHORT_TEST, SEEDS + _OF_THE_SHORT_TEST))
def test_any_of_thirty_orders_of_rounds_gives_one_state(laptops: Laptops, seed: int) -> None:
    first = after_any_order(laptops, seed, steps=STEPS)
    assert all(first[part] for part in ("findings", "entities", "decisions", "opposite"))
