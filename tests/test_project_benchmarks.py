"""What measurements are judged by: limits that are reckoned, ratios, and answers that count as faults."""

import importlib
import random
import shlex
from pathlib import Path

import pytest

from tests.acceptance.rows import read_rows

BENCHMARKS = Path(__file__).parent.parent / "benchmarks"
RUNS = 20_000


@pytest.fixture(autouse=True)
def found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Benchmarks are programs: each finds the others in the folder that it lies in."""
    monkeypatch.syspath_prepend(BENCHMARKS)


def test_what_times_may_tell_is_limited_where_chance_of_all_pairs_together_ends() -> None:
    openings, buttons = importlib.import_module("mailbox_times"), importlib.import_module("button_times")
    pairs = {"benchmarks/mailbox_times.py": len(openings.PAIRS), "benchmarks/button_times.py": len(buttons.PAIRS)}
    (row,) = (row for row in read_rows() if row.number == 20)
    assert len(row.measures) == len(pairs)
    for measure in row.measures:
        command, _, rounds = shlex.split(measure.command)
        assert measure.below == openings.limit(int(rounds), pairs[command]), measure.command


def test_throws_of_a_coin_reach_that_limit_in_fewer_than_one_of_a_hundred_runs_and_the_one_below_in_more() -> None:
    openings = importlib.import_module("mailbox_times")
    limit, coin = openings.limit(100, 7), random.Random(20)
    highest = [max(_share(coin.getrandbits(100).bit_count()) for _ in range(7)) for _ in range(RUNS)]
    assert limit == 67
    assert sum(one >= limit for one in highest) < RUNS / 100
    assert sum(one >= limit - 1 for one in highest) >= RUNS / 100


def _share(heads: int) -> int:
    return max(heads, 100 - heads)
