"""Server and reviewer each end in order by a module of its own (ADR 24): both keep the same promises."""

import signal
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress

import pytest

import system.signals

Block = Callable[[], AbstractContextManager[None]]
ENDING = [signal.SIGTERM, signal.SIGHUP, signal.SIGINT]


@pytest.fixture(params=[system.signals.ended_in_order, system.signals.ended_in_order])
def block(request: pytest.FixtureRequest) -> Block:
    found: Block = request.param
    return found


pytestmark = pytest.mark.usefixtures("signals_end")


@pytest.mark.parametrize("number", ENDING)
def test_each_of_them_ends_the_block_as_ctrl_c_does(block: Block, number: signal.Signals) -> None:
    before = [signal.getsignal(each) for each in ENDING]
    with pytest.raises(KeyboardInterrupt), block():
        signal.raise_signal(number)
    assert [signal.getsignal(each) for each in ENDING] == before


@pytest.mark.parametrize("first", ENDING)
def test_further_ones_do_not_disturb_the_clearing_up(block: Block, first: signal.Signals) -> None:
    """A terminal that is closed may send two, and whoever waits presses Ctrl-C again."""
    cleared = []

    def half_way() -> None:
        try:
            signal.raise_signal(first)
        finally:
            for number in ENDING:
                signal.raise_signal(number)
                cleared.append(number)

    with pytest.raises(KeyboardInterrupt), block():
        half_way()
    assert cleared == ENDING


def test_what_was_ignored_from_the_start_stays_ignored(block: Block) -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    with block():
        signal.raise_signal(signal.SIGHUP)
    assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN


def test_in_another_thread_nothing_changes(block: Block) -> None:
    seen: list[object] = []

    def enter() -> None:
        with block():
            seen.extend(signal.getsignal(each) for each in ENDING)

    before = [signal.getsignal(each) for each in ENDING]
    thread = threading.Thread(target=enter)
    thread.start()
    thread.join()
    assert seen == before


def test_stop_signals_hear_a_closed_terminal_unless_it_was_ignored() -> None:
    with system.signals.StopSignals() as stop:
        stop.wait_from_now()
        signal.raise_signal(signal.SIGHUP)
        assert stop.wait(0)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    with system.signals.StopSignals() as stop, suppress(system.signals.StopAsked):
        stop.wait_from_now()
        signal.raise_signal(signal.SIGHUP)
        assert not stop.wait(0)
