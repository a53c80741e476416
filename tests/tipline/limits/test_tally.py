"""The recent use of each circuit is counted, forgotten in time, and bounded."""

from tipline.limits.circuit_counter import KEPT_SECONDS, MOST_CIRCUITS, CircuitCounter
from tipline.requests.circuit import NO_CIRCUIT, Circuit

ONE, TWO = Circuit("one"), Circuit("two")


def test_each_circuit_has_its_own_count_until_ten_minutes_after_it_last_had_something() -> None:
    now = [0.0]
    tally = CircuitCounter(seconds=lambda: now[0])
    tally.add(ONE, 2)
    now[0] = KEPT_SECONDS - 1
    tally.add(ONE, 3)
    tally.add(TWO, 1)
    assert (tally.of(ONE), tally.of(TWO)) == (5, 1)
    now[0] += KEPT_SECONDS
    assert tally.of(ONE) == 5
    now[0] += 1
    assert (tally.of(ONE), tally.of(TWO)) == (0, 0)


def test_a_sweep_forgets_also_when_nobody_comes_any_more() -> None:
    now = [0.0]
    tally = CircuitCounter(seconds=lambda: now[0])
    tally.add(ONE, 1)
    now[0] = KEPT_SECONDS
    tally.sweep()
    assert list(tally._had) == [ONE]
    now[0] += 1
    tally.sweep()
    assert list(tally._had) == []


def test_without_circuits_nothing_is_counted() -> None:
    tally = CircuitCounter()
    tally.add(NO_CIRCUIT, 1)
    assert tally.of(NO_CIRCUIT) == 0


def test_however_many_circuits_come_memory_is_bounded() -> None:
    tally = CircuitCounter()
    for number in range(MOST_CIRCUITS + 1):
        tally.add(Circuit(str(number)), 1)
    assert tally.of(Circuit("0")) == 0
    assert tally.of(Circuit(str(MOST_CIRCUITS))) == 1
