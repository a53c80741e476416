"""Items among three laptops in other orders than the one in tests/reviewer/sharing."""

from tests.reviewer.colleagues import Colleague
from tests.reviewer.desk_stage import Desk
from tests.reviewer.laptops import three_laptops
from tests.reviewer.sharing.test_merging import come_to_one_state


def test_three_other_orders_end_in_one_state_after_sending_again(desk: Desk, second: Colleague) -> None:
    with three_laptops(desk, second) as laptops:
        come_to_one_state(laptops, seeds=(1, 2, 3))
