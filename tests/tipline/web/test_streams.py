"""The stream that ends next under pressure. The clock is the test's own."""

from collections.abc import Iterable

from tipline.requests.circuit import Circuit
from tipline.web.streams import NEW_SECONDS, SILENT_SECONDS, WORTH_BYTES, Stream, Streams

NOW = 10_000.0


def stream(circuit: int, *, silent_seconds: float = 1.0, is_upload: bool = True) -> Stream:
    return Stream(Circuit(str(circuit)), NOW - silent_seconds, is_upload=is_upload)


def streams(held: Iterable[Stream]) -> Streams:
    made = Streams()
    for each in held:
        made.add(each)
    return made


def order(held: Iterable[Stream], *, now: float = NOW) -> list[Stream]:
    """All that may end, in their order."""
    made = streams(held)
    return list(iter(lambda: made.end_next(now), None))


def test_the_circuit_with_most_streams_loses_one_first_however_long_others_are_silent() -> None:
    greedy = [stream(1, silent_seconds=1) for _ in range(3)]
    modest = [stream(2, silent_seconds=100) for _ in range(2)]
    made = streams([*modest, *greedy])
    assert made.end_next(NOW) in greedy
    # Now both have two, and a newcomer with one is not asked.
    made.add(stream(3, silent_seconds=170))
    assert {made.end_next(NOW) in greedy, made.end_next(NOW) in greedy} == {True, False}
    assert made.end_next(NOW) is None


def test_a_circuit_loses_nothing_to_one_that_holds_as_many() -> None:
    made = streams([stream(1) for _ in range(3)])
    assert made.end_next(NOW, for_one_of=3) is None
    assert made.end_next(NOW, for_one_of=2) is not None


def test_of_the_uploads_of_a_circuit_the_one_ends_whose_last_kibibyte_came_longest_ago() -> None:
    held = [stream(1, silent_seconds=seconds) for seconds in (5, 50, 20)]
    assert order(held) == [held[1], held[2]], "and the last one is its only upload"


def test_a_stream_that_has_brought_no_upload_goes_before_the_uploads_of_its_circuit() -> None:
    upload = stream(1, silent_seconds=100)
    idle = stream(1, silent_seconds=1, is_upload=False)
    assert order([upload, idle]) == [idle]


def test_a_circuits_only_upload_goes_after_all_others_and_after_180_seconds_of_silence() -> None:
    only = [stream(1, silent_seconds=SILENT_SECONDS), stream(2, silent_seconds=SILENT_SECONDS - 1)]
    several = [stream(3, silent_seconds=0), stream(3, silent_seconds=0)]
    alone = stream(4, silent_seconds=NEW_SECONDS, is_upload=False)
    ended = order([*only, *several, alone])
    assert ended[0] in several
    assert ended[1:] == [alone, only[0]]


def test_an_upload_is_a_circuits_only_one_however_many_idle_streams_it_has_beside() -> None:
    upload = stream(1, silent_seconds=SILENT_SECONDS - 1)
    idle = [stream(1, is_upload=False) for _ in range(9)]
    assert sorted(map(id, order([upload, *idle]))) == sorted(map(id, idle))


def test_a_connection_that_has_just_come_on_a_circuit_of_its_own_is_left_alone() -> None:
    assert order([stream(1, silent_seconds=NEW_SECONDS - 1, is_upload=False)]) == []


def test_a_byte_now_and_then_is_silence_and_a_kibibyte_ends_it() -> None:
    trickling, slow = stream(1, silent_seconds=SILENT_SECONDS), stream(2, silent_seconds=SILENT_SECONDS)
    for second in range(9):
        trickling.moved(1, NOW - second)
    slow.moved(WORTH_BYTES // 2, NOW - 60)
    slow.moved(WORTH_BYTES // 2, NOW - 30)
    assert slow.moved_at == NOW - 30
    assert order([trickling, slow]) == [trickling]


def test_what_the_server_works_on_never_ends() -> None:
    held = [stream(1, silent_seconds=500) for _ in range(3)]
    for each in held:
        each.may_end = False
    assert order(held) == []


def test_only_those_that_are_asked_about_end_though_others_count() -> None:
    greedy, modest = [stream(1) for _ in range(5)], [stream(2) for _ in range(2)]
    made = streams([*greedy, *modest])
    assert made.end_next(NOW, among=lambda each: each in (greedy[4], *modest)) is greedy[4]
    assert made.end_next(NOW, among=lambda each: each in modest) in modest


def test_a_stream_that_is_over_counts_no_more() -> None:
    made = Streams()
    first, second = stream(1), stream(1)
    made.add(first)
    made.add(second)
    made.drop(first)
    made.drop(first)
    assert made.held_by(Circuit("1")) == 1
    assert made.end_next(NOW) is None
    made.drop(second)
    assert made.held_by(Circuit("1")) == 0


def test_streams_that_tor_does_not_tell_apart_are_one_circuit_and_the_one_that_brings_something_stays() -> None:
    held = [Stream(Circuit(""), NOW - seconds, is_upload=True) for seconds in (100, 1, 50)]
    assert order(held) == [held[0], held[2]]
