"""The next request in line for a thread is of the circuit that holds least."""

from tipline.requests.circuit import Circuit
from tipline.web.streams import Stream
from tipline.web.thread_queue import ThreadQueue

HELD = {Circuit("many"): 20, Circuit("few"): 2, Circuit("one"): 1}


def line(places: int) -> ThreadQueue:
    return ThreadQueue(places, held_by=HELD.__getitem__)


def stream(circuit: str) -> Stream:
    return Stream(Circuit(circuit), 0.0)


def test_a_newcomer_goes_before_all_who_hold_many() -> None:
    made = line(3)
    many, few, one = [stream("many") for _ in range(5)], stream("few"), stream("one")
    for each in (*many, few, one):
        made.join(each)
    assert [made.next() for _ in range(3)] == [one, few, many[0]]
    assert made.is_short


def test_there_are_no_more_threads_than_places_and_each_that_comes_back_is_given_again() -> None:
    made = line(1)
    first, second = stream("few"), stream("few")
    made.join(first)
    made.join(second)
    assert made.next() is first
    assert made.next() is None
    assert made.has_thread(first)
    made.leave(first)
    assert made.next() is second
    made.leave(second)
    assert made.next() is None, "no one waits"
    assert not made.is_short


def test_a_line_is_short_until_as_many_were_told_to_leave_as_wait() -> None:
    made = line(1)
    has, waits = stream("many"), stream("one")
    made.join(has)
    assert made.next() is has
    assert not made.is_short
    made.join(waits)
    assert made.is_short
    made.will_leave(has)
    assert not made.is_short
    made.leave(has)
    assert made.next() is waits
    made.join(has)
    assert made.is_short


def test_a_request_that_left_the_line_gets_no_thread() -> None:
    made = line(2)
    gone, stays = stream("one"), stream("one")
    made.join(gone)
    made.join(stays)
    made.leave(gone)
    made.leave(gone)
    assert gone not in made
    assert stays in made
    assert made.next() is stays
    assert made.next() is None
