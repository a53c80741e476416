"""Items among three laptops in other orders than those of tests/reviewer."""

import pytest

from tests.reviewer.colleagues import Colleague
from tests.reviewer.desk_stage import Desk
from tests.reviewer.laptops import three_laptops
from tests.reviewer.linking import test_link_rounds
from tests.reviewer.sharing.test_merging import come_to_one_state


def test_three_other_orders_end_in_one_state_after_sending_again(desk: Desk, second: Colleague) -> None:
    with three_laptops(desk, second) as laptops:
        come_to_one_state(laptops, seeds=(1, 2, 3))


@pytest.mark.parametrize("seed", [1, 2])
def test_two_other_orders_give_one_state_of_findings_entities_and_links(
    desk: Desk, second: Colleague, seed: int
) -> None:
    with three_laptops(desk, second, test_link_rounds.TEXT) as laptops:
        test_link_rounds.test_any_order_of_rounds_gives_one_state_of_findings_entities_and_links(laptops, seed)
