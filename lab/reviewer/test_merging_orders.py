"""Items among three laptops in other orders than the one in tests/reviewer/sharing."""

from tests.reviewer.laptops import Laptops
from tests.reviewer.sharing.test_merging import come_to_one_state, laptops  # noqa: F401 -- a fixture


def test_three_other_orders_end_in_one_state_after_sending_again(
    laptops: Laptops,  # noqa: F811 -- the fixture
) -> None:
    come_to_one_state(laptops, seeds=(1, 2, 3))
