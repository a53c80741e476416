"""The first signal ends a program in order, and further ones do not disturb it."""

import signal
import threading
from contextlib import suppress

import pytest

from system.signals import StopAsked, StopSignals, ended_in_order

ENDING = [signal.SIGTERM, signal.SIGHUP, signal.SIGINT]

pytestmark = pytest.mark.usefixtures("signals_end")


@pytest.mark.parametrize("number", ENDING)
def test_each_of_them_ends_the_block_as_ctrl_c_does(number: signal.Signals) -> None:
    before = [signal.getsignal(each) for each in ENDING]
    with pytest.raises(KeyboardInterrupt), ended_in_order():
        signal.raise_signal(number)
    assert [signal.getsignal(each) for each in ENDING] == before


@pytest.mark.parametrize("first", ENDING)
def test_further_ones_do_not_disturb_the_clearing_up(first: signal.Signals) -> None:
    """A terminal that is closed may send two, and anyone who waits presses Ctrl-C again."""
    cleared = []

    def half_way() -> None:
        try:
            signal.raise_signal(first)
        finally:
            for number in ENDING:
                signal.raise_signal(number)
                cleared.append(number)

    with pytest.raises(KeyboardInterrupt), ended_in_order():
        half_way()
    assert cleared == ENDING


def test_what_was_ignored_from_the_start_stays_ignored() -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    with ended_in_order():
        signal.raise_signal(signal.SIGHUP)
    assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN


def test_in_another_thread_nothing_changes() -> None:
    seen: list[object] = []

    def enter() -> None:
        with ended_in_order():
            seen.extend(signal.getsignal(each) for each in ENDING)

    before = [signal.getsignal(each) for each in ENDING]
    thread = threading.Thread(target=enter)
    thread.start()
    thread.join()
    assert seen == before


def test_stop_signals_hear_a_closed_terminal_unless_it_was_ignored() -> None:
    with StopSignals() as stop:
        stop.wait_from_now()
        signal.raise_signal(signal.SIGHUP)
        assert stop.wait(0)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    with StopSignals() as stop, suppress(StopAsked):
        stop.wait_from_now()
        signal.raise_signal(signal.SIGHUP)
        assert not stop.wait(0)
