"""Two derivations at a time, and a queue of log-ins that is fair by circuit."""

import threading

import pytest

from tests.tipline.limits.visitors import ONE, TWO, UNKNOWN, Visitor, come, visitors, waiting
from tipline.limits.kdf_queue import MOST_WAITING, MOST_WAITING_A_CIRCUIT, PATIENCE_SECONDS, SLOTS, KdfQueue
from tipline.requests.circuit import Circuit
from tipline.requests.refusals import Reason, Refused


def test_no_more_than_two_run_at_a_time() -> None:
    derivations = KdfQueue()
    with visitors(derivations, ONE, TWO, Circuit("three")) as came:
        assert [visitor.running.is_set() for visitor in came] == [True] * SLOTS + [False]
        came[0].end()
        came[2].running.wait()


def test_circuits_take_turns_however_many_stand_in_line_on_one() -> None:
    derivations = KdfQueue()
    with visitors(derivations, ONE, ONE, ONE, ONE, ONE, TWO) as came:
        first, second, third, _, _, other = came
        first.end()
        third.running.wait()
        second.end()
        other.running.wait()
        assert [visitor.running.is_set() for visitor in came] == [True, True, True, False, False, True]


def test_one_circuit_that_tries_too_often_is_told_so_and_others_are_served() -> None:
    derivations = KdfQueue()
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
    derivations = KdfQueue()
    with visitors(derivations, *[UNKNOWN] * (SLOTS + MOST_WAITING)):
        with pytest.raises(Refused) as caught, derivations.for_login(UNKNOWN):
            pass
        assert caught.value.reason is Reason.BUSY


def test_who_has_waited_long_enough_is_sent_away_politely_and_leaves_no_place_behind() -> None:
    now = [0.0]
    derivations = KdfQueue(seconds=lambda: now[0])
    with visitors(derivations, ONE, TWO, Circuit("three")) as came:
        now[0] = PATIENCE_SECONDS + 1
        with derivations._changed:
            derivations._changed.notify_all()
        came[2].end()
        assert came[2].refused is Reason.BUSY
        assert waiting(derivations) == 0


def test_when_all_places_are_taken_one_with_several_gives_one_up_for_somebody_who_has_none() -> None:
    derivations = KdfQueue()
    crowd = [Circuit(f"crowd {number}") for number in range(MOST_WAITING // MOST_WAITING_A_CIRCUIT)]
    places = [circuit for circuit in crowd for _ in range(MOST_WAITING_A_CIRCUIT)]
    with visitors(derivations, UNKNOWN, UNKNOWN, *places) as came:
        assert waiting(derivations) == MOST_WAITING
        someone = Visitor(derivations, Circuit("someone"))
        while not any(visitor.refused for visitor in came):
            someone.running.wait(0.001)
        assert [visitor.refused for visitor in came if visitor.refused] == [Reason.TOO_MANY_TRIES]
        came[0].end()
        came[1].end()
        someone.may_end.set()
        for visitor in came:
            visitor.may_end.set()
        someone.running.wait()
        someone.end()
        assert someone.refused is None


def test_when_each_place_is_of_another_circuit_one_that_was_let_in_before_gives_it_up_for_a_new_one() -> None:
    derivations = KdfQueue()
    before, places = Circuit("before"), [Circuit(f"crowd {number}") for number in range(MOST_WAITING - 1)]
    with visitors(derivations, before) as came:
        came[0].end()
    with visitors(derivations, UNKNOWN, UNKNOWN, before, *places) as came:
        assert waiting(derivations) == MOST_WAITING
        with pytest.raises(Refused) as refused, derivations.for_login(before):
            raise AssertionError
        assert refused.value.reason is Reason.BUSY
        someone = Visitor(derivations, Circuit("someone"))
        while not came[2].refused:
            came[2].running.wait(0.001)
        with pytest.raises(Refused) as refused, derivations.for_login(Circuit("another")):
            raise AssertionError
        assert refused.value.reason is Reason.BUSY
        assert [visitor.refused for visitor in came if visitor.refused] == [Reason.TOO_MANY_TRIES]
        someone.may_end.set()
        for visitor in came:
            visitor.may_end.set()
        someone.running.wait()
        someone.end()
        assert someone.refused is None


@pytest.mark.parametrize("refusal", [MemoryError(), RuntimeError("can't allocate lock")], ids=["memory", "lock"])
@pytest.mark.parametrize("is_granted", [False, True])
@pytest.mark.parametrize("who", ["login", "tip"])
def test_who_cannot_wait_for_want_of_memory_leaves_no_place_and_no_slot_behind(
    who: str, is_granted: bool, refusal: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    derivations = KdfQueue()
    come_in = derivations.for_login if who == "login" else derivations.for_tip

    def fail(_waits: threading.Condition, _seconds: float | None = None) -> bool:
        monkeypatch.undo()
        if is_granted:  # meanwhile
            derivations._running, derivations._pool_running = 0, False
            derivations._call_next()
        raise refusal

    derivations._running, derivations._pool_running = SLOTS, True  # as others are
    monkeypatch.setattr(threading.Condition, "wait", fail)
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
