"""Two derivations at a time, a queue that is fair by circuit, and a slot that log-ins cannot take from tips."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tipline.circuit import Circuit
from tipline.derivations import MOST_WAITING, MOST_WAITING_A_CIRCUIT, PATIENCE_SECONDS, SLOTS, Derivations
from tipline.refusals import Reason, Refused

ONE, TWO, UNKNOWN = Circuit("one"), Circuit("two"), Circuit("")


class Visitor:
    """Somebody who logs in, in a thread of their own."""

    def __init__(self, derivations: Derivations, circuit: Circuit) -> None:
        self.circuit = circuit
        self.running = threading.Event()
        self.may_end = threading.Event()
        self.refused: Reason | None = None
        self._derivations = derivations
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        try:
            with self._derivations.for_login(self.circuit):
                self.running.set()
                self.may_end.wait()
        except Refused as refused:
            self.refused = refused.reason

    def end(self) -> None:
        self.may_end.set()
        self._thread.join()


def waiting(derivations: Derivations) -> int:
    with derivations._changed:
        return len(derivations._logins)


def tips_waiting(derivations: Derivations) -> int:
    with derivations._changed:  # free only once whoever stands in line waits
        return len(derivations._tips)


def come(derivations: Derivations, circuit: Circuit) -> Visitor:
    """A visitor who runs or stands in line when this returns."""
    before = waiting(derivations)
    visitor = Visitor(derivations, circuit)
    while not visitor.running.is_set() and waiting(derivations) <= before:
        visitor.running.wait(0.001)
    return visitor


@contextmanager
def visitors(derivations: Derivations, *circuits: Circuit) -> Iterator[list[Visitor]]:
    came = [come(derivations, circuit) for circuit in circuits]
    try:
        yield came
    finally:
        for visitor in came:
            visitor.may_end.set()
        for visitor in came:
            visitor.end()


def test_no_more_than_two_run_at_a_time() -> None:
    derivations = Derivations()
    with visitors(derivations, ONE, TWO, Circuit("three")) as came:
        assert [visitor.running.is_set() for visitor in came] == [True] * SLOTS + [False]
        came[0].end()
        came[2].running.wait()


def test_circuits_take_turns_however_many_stand_in_line_on_one() -> None:
    derivations = Derivations()
    with visitors(derivations, ONE, ONE, ONE, ONE, ONE, TWO) as came:
        first, second, third, _, _, other = came
        first.end()
        third.running.wait()
        second.end()
        other.running.wait()
        assert [visitor.running.is_set() for visitor in came] == [True, True, True, False, False, True]


def test_one_circuit_that_tries_too_often_is_told_so_and_others_are_served() -> None:
    derivations = Derivations()
    with visitors(derivations, *[ONE] * (SLOTS + MOST_WAITING_A_CIRCUIT)) as came:
        with pytest.raises(Refused) as caught, derivations.for_login(ONE):
            pass
        assert caught.value.reason is Reason.TOO_MANY_TRIES
        other = come(derivations, TWO)
        came[0].end()
        came[2].running.wait()
        came[1].end()
        other.running.wait()
        other.end()


def test_without_circuits_all_share_one_queue_and_only_the_whole_is_limited() -> None:
    derivations = Derivations()
    with visitors(derivations, *[UNKNOWN] * (SLOTS + MOST_WAITING)):
        with pytest.raises(Refused) as caught, derivations.for_login(UNKNOWN):
            pass
        assert caught.value.reason is Reason.BUSY


def test_who_has_waited_long_enough_is_sent_away_politely_and_leaves_no_place_behind() -> None:
    now = [0.0]
    derivations = Derivations(seconds=lambda: now[0])
    with visitors(derivations, ONE, TWO, Circuit("three")) as came:
        now[0] = PATIENCE_SECONDS + 1
        with derivations._changed:
            derivations._changed.notify_all()
        came[2].end()
        assert came[2].refused is Reason.BUSY
        assert waiting(derivations) == 0


def test_a_pool_that_is_low_gets_the_slot_that_log_ins_then_cannot_take() -> None:
    derivations = Derivations()
    with visitors(derivations, ONE) as came, derivations.for_pool(low=True, wait_seconds=0) as granted:
        assert granted
        late = come(derivations, TWO)
        assert not late.running.is_set()
        came[0].end()
        late.running.wait()
        late.end()


def test_once_the_pool_has_enough_a_log_in_has_the_second_slot_at_once() -> None:
    derivations = Derivations()
    with derivations.for_pool(low=True, wait_seconds=0):
        pass
    with visitors(derivations, ONE, TWO) as came:
        assert not came[1].running.is_set()
        derivations.pool_has_enough()
        assert came[1].running.wait(5)


def test_a_pool_that_comes_and_is_low_no_more_leaves_the_second_slot_to_a_log_in_before_it_waits() -> None:
    derivations = Derivations()
    with derivations.for_pool(low=True, wait_seconds=0):
        pass

    def pool() -> None:
        with derivations.for_pool(low=False, wait_seconds=60):
            pass

    waiting_pool = threading.Thread(target=pool)
    with visitors(derivations, ONE, TWO) as came:
        assert not came[1].running.is_set()
        waiting_pool.start()
        assert came[1].running.wait(5)
        assert derivations._pool_waits
    waiting_pool.join()


def test_a_pool_that_cannot_wait_for_want_of_memory_keeps_no_further_tip_waiting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    derivations = Derivations()
    served = threading.Event()

    def tip() -> None:
        with derivations.for_tip(ONE, is_first=False):
            served.set()

    def fail(_seconds: float | None = None) -> bool:
        monkeypatch.undo()
        derivations._running = 0  # meanwhile
        raise MemoryError

    derivations._running = SLOTS  # as others are
    waiting_tip = threading.Thread(target=tip, daemon=True)
    waiting_tip.start()
    while not tips_waiting(derivations):
        served.wait(0.001)
    monkeypatch.setattr(derivations._changed, "wait", fail)
    with pytest.raises(MemoryError), derivations.for_pool(low=True, wait_seconds=60):
        raise AssertionError
    assert served.wait(5)
    waiting_tip.join()


def test_a_pool_that_is_woken_too_late_takes_its_turn_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    derivations = Derivations(seconds=lambda: now[0])

    def too_late(_seconds: float | None = None) -> bool:
        monkeypatch.undo()
        now[0], derivations._running = 61.0, 0
        return False

    derivations._running = SLOTS  # as others are
    monkeypatch.setattr(derivations._changed, "wait", too_late)
    with derivations.for_pool(low=True, wait_seconds=60) as granted:
        assert granted


def test_a_pool_that_is_not_low_waits_until_nothing_else_goes_on() -> None:
    derivations = Derivations()
    with visitors(derivations, ONE), derivations.for_pool(low=False, wait_seconds=0) as granted:
        assert not granted
    with derivations.for_pool(low=False, wait_seconds=0) as granted:
        assert granted


def test_a_tip_is_served_before_the_log_ins_that_stand_in_line() -> None:
    derivations = Derivations()
    served = threading.Event()

    def tip() -> None:
        with derivations.for_tip(ONE):
            served.set()

    with visitors(derivations, ONE, TWO, Circuit("three"), Circuit("four")) as came:
        waiting_tip = threading.Thread(target=tip)
        waiting_tip.start()
        while not len(derivations._first_tips):
            served.wait(0.001)
        came[0].end()
        served.wait()
        waiting_tip.join()


def test_tips_of_circuits_take_turns_however_many_stand_in_line_on_one() -> None:
    derivations = Derivations()
    served: list[Circuit] = []

    def tip(circuit: Circuit) -> None:
        with derivations.for_tip(circuit):
            served.append(circuit)

    waiting_tips = [threading.Thread(target=tip, args=(circuit,)) for circuit in (ONE, ONE, ONE, TWO)]
    with derivations.for_tip(UNKNOWN):
        for number, thread in enumerate(waiting_tips, start=1):
            thread.start()
            while len(derivations._first_tips) < number:
                thread.join(0.001)
    for thread in waiting_tips:
        thread.join()
    assert served == [ONE, TWO, ONE, ONE]


def test_first_tips_of_circuits_go_before_further_ones() -> None:
    derivations = Derivations()
    served: list[Circuit] = []

    def tip(circuit: Circuit, *, is_first: bool) -> None:
        with derivations.for_tip(circuit, is_first=is_first):
            served.append(circuit)

    threads = [
        threading.Thread(target=tip, args=(circuit,), kwargs={"is_first": circuit is TWO})
        for circuit in (ONE, ONE, TWO)
    ]
    with derivations.for_tip(UNKNOWN):
        for number, thread in enumerate(threads, start=1):
            thread.start()
            while len(derivations._first_tips) + len(derivations._tips) < number:
                thread.join(0.001)
    for thread in threads:
        thread.join()
    assert served == [TWO, ONE, ONE]


def test_further_tips_and_a_pool_that_is_low_take_turns() -> None:
    derivations = Derivations()
    served: list[str] = []
    over = threading.Event()

    def pool() -> None:
        while not over.is_set():
            with derivations.for_pool(low=True, wait_seconds=60) as granted:
                if granted:
                    served.append("pool")

    def tip() -> None:
        with derivations.for_tip(ONE, is_first=False):
            served.append("tip")
            while not derivations._pool_waits:  # its thread may need a moment to stand in line again
                over.wait(0.001)

    tips = [threading.Thread(target=tip) for _ in range(20)]
    filling = threading.Thread(target=pool)
    with derivations.for_tip(UNKNOWN):
        for number, thread in enumerate(tips, start=1):
            thread.start()
            while len(derivations._tips) < number:
                thread.join(0.001)
        filling.start()
        while not derivations._pool_waits:
            filling.join(0.001)
    for thread in tips:
        thread.join()
    over.set()
    filling.join()
    while_both_wait = served[: len(served) - served[::-1].index("tip")]
    assert while_both_wait == ["pool", "tip"] * 20


def test_when_all_places_are_taken_one_with_several_gives_one_up_for_somebody_who_has_none() -> None:
    derivations = Derivations()
    crowd = [Circuit(f"crowd {number}") for number in range(MOST_WAITING // MOST_WAITING_A_CIRCUIT)]
    places = [circuit for circuit in crowd for _ in range(MOST_WAITING_A_CIRCUIT)]
    with visitors(derivations, UNKNOWN, UNKNOWN, *places) as came:
        assert waiting(derivations) == MOST_WAITING
        somebody = Visitor(derivations, Circuit("somebody"))
        while not any(visitor.refused for visitor in came):
            somebody.running.wait(0.001)
        assert [visitor.refused for visitor in came if visitor.refused] == [Reason.TOO_MANY_TRIES]
        came[0].end()
        came[1].end()
        somebody.may_end.set()
        for visitor in came:
            visitor.may_end.set()
        somebody.running.wait()
        somebody.end()
        assert somebody.refused is None


def test_when_each_place_is_of_another_circuit_one_that_was_let_in_before_gives_it_up_for_a_new_one() -> None:
    derivations = Derivations()
    before, places = Circuit("before"), [Circuit(f"crowd {number}") for number in range(MOST_WAITING - 1)]
    with visitors(derivations, before) as came:
        came[0].end()
    with visitors(derivations, UNKNOWN, UNKNOWN, before, *places) as came:
        assert waiting(derivations) == MOST_WAITING
        with pytest.raises(Refused) as refused, derivations.for_login(before):
            raise AssertionError
        assert refused.value.reason is Reason.BUSY
        somebody = Visitor(derivations, Circuit("somebody"))
        while not came[2].refused:
            came[2].running.wait(0.001)
        with pytest.raises(Refused) as refused, derivations.for_login(Circuit("another")):
            raise AssertionError
        assert refused.value.reason is Reason.BUSY
        assert [visitor.refused for visitor in came if visitor.refused] == [Reason.TOO_MANY_TRIES]
        somebody.may_end.set()
        for visitor in came:
            visitor.may_end.set()
        somebody.running.wait()
        somebody.end()
        assert somebody.refused is None


@pytest.mark.parametrize("refusal", [MemoryError(), RuntimeError("can't allocate lock")], ids=["memory", "lock"])
@pytest.mark.parametrize("is_granted", [False, True])
@pytest.mark.parametrize("who", ["login", "tip"])
def test_who_cannot_wait_for_want_of_memory_leaves_no_place_and_no_slot_behind(
    who: str, is_granted: bool, refusal: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    derivations = Derivations()
    come_in = derivations.for_login if who == "login" else derivations.for_tip

    def fail(_seconds: float | None = None) -> bool:
        monkeypatch.undo()
        if is_granted:  # meanwhile
            derivations._running, derivations._pool_running = 0, False
            derivations._call_next()
        raise refusal

    derivations._running, derivations._pool_running = SLOTS, True  # as others are
    monkeypatch.setattr(derivations._changed, "wait", fail)
    with pytest.raises(MemoryError), come_in(ONE):
        raise AssertionError
    assert len(derivations._logins) + len(derivations._first_tips) == 0
    if is_granted:
        assert (derivations._running, derivations._pool_running) == (0, False)


def test_circuits_are_told_apart_by_what_tor_hands_on_and_connections_without_tor() -> None:
    tor = "fc00:dead:beef:4dad::0:26"
    assert Circuit.of({"REMOTE_ADDR": tor, "REMOTE_PORT": "1"}) == Circuit.of(
        {"REMOTE_ADDR": tor, "REMOTE_PORT": "2"}
    )
    assert Circuit.of({"REMOTE_ADDR": "127.0.0.1", "REMOTE_PORT": "1"}) != Circuit.of(
        {"REMOTE_ADDR": "127.0.0.1", "REMOTE_PORT": "2"}
    )
    assert not Circuit.of({"REMOTE_ADDR": ""}).is_known
    assert Circuit.of({"REMOTE_ADDR": "", "HTTP_X_FORWARDED_FOR": "1"}) == UNKNOWN
