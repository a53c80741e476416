"""A place is served after a drill that shows it, and hours without a relay or a desk are counted."""

from pathlib import Path

import pytest

from crypto.beacon.drill_rule import heard_at_least, is_enough
from crypto.beacon.rotating_id import Meaning
from duty.drill import Drill
from duty.judgement import RelayState
from duty.uncovered import Uncovered, is_working, keep_uncovered, load_uncovered
from tests.duty.test_judgement import judge, only, post_of
from tests.relay.place_of_tests import BUTTON, NOON, SetClock, frame, relay

MINUTE = 60


def test_the_bound_is_that_of_clopper_and_pearson() -> None:
    assert heard_at_least(60, 60) == pytest.approx(0.05 ** (1 / 60), abs=1e-9)
    assert heard_at_least(0, 0) == heard_at_least(0, 9) == 0
    # The published sizes for 95 % with 95 % confidence: 59 without a miss, 93 with one, 124 with two.
    for presses, misses in ((59, 0), (93, 1), (124, 2)):
        assert heard_at_least(presses - misses, presses) >= 0.95
        assert heard_at_least(presses - 1 - misses, presses - 1) < 0.95
        assert is_enough(presses - misses, presses) == (presses >= 60)


class DrillAtTheButton:
    """A person who presses each minute, and a relay that hears it or not."""

    def __init__(self) -> None:
        self.clock = SetClock()
        self.drill = Drill(BUTTON)
        self._desk, self._relay = judge(), relay(3, self.clock)

    def press(self, *, is_heard: bool = True, meaning: Meaning = Meaning.DRILL) -> bool:
        self.drill.pressed(now=self.clock.seconds)
        found = False
        for _second in range(2):
            self.clock.seconds += 5
            if is_heard:
                post = post_of(self._relay, frame(self.clock.seconds, meaning))
                found |= self.drill.take(only(self._desk.judge(post, now=self.clock.seconds)))
        self.clock.seconds += 3 * MINUTE - 10
        return found


def test_sixty_presses_without_a_miss_are_a_served_place_and_fifty_nine_are_not() -> None:
    room = DrillAtTheButton()
    for number in range(1, 61):
        assert not room.drill.result(now=room.clock.seconds).is_served
        assert room.press(), number
    result = room.drill.result(now=room.clock.seconds)
    assert (result.presses, result.heard, result.is_served) == (60, 60, True)


def test_a_press_whose_ten_seconds_reach_into_two_posts_counts_once_and_a_miss_needs_93_presses() -> None:
    room = DrillAtTheButton()
    assert not room.press(is_heard=False)
    assert room.drill.result(now=room.clock.seconds).missed == 1
    for number in range(2, 94):
        assert room.press()
        result = room.drill.result(now=room.clock.seconds)
        assert (result.presses, result.heard) == (number, number - 1)
        assert result.is_served is (number == 93)


def test_a_press_for_help_and_another_button_are_no_drill_and_the_next_press_waits_for_the_last() -> None:
    room = DrillAtTheButton()
    assert not room.press(meaning=Meaning.HELP_1)
    assert room.drill.result(now=room.clock.seconds).missed == 1
    room.drill.pressed(now=room.clock.seconds)
    with pytest.raises(ValueError, match="wait until"):
        room.drill.pressed(now=room.clock.seconds + 30)
    other = Drill(99)
    other.pressed(now=NOON)
    post = post_of(relay(3, SetClock()), frame(NOON, Meaning.DRILL))
    assert not other.take(only(judge().judge(post, now=NOON)))


def test_a_press_that_was_heard_at_once_is_over_before_the_next_so_that_none_is_taken_for_its_rest() -> None:
    room, desk = DrillAtTheButton(), judge()
    began = room.clock.seconds
    for number in range(1, 4):
        room.drill.pressed(now=room.clock.seconds)
        heard_by = relay(3, room.clock)
        room.clock.seconds += 4
        found = only(
            desk.judge(post_of(heard_by, frame(room.clock.seconds, Meaning.DRILL)), now=room.clock.seconds)
        )
        assert room.drill.take(found), number
        result = room.drill.result(now=room.clock.seconds)
        assert (result.is_waiting, result.rest_seconds) == (False, 16)
        with pytest.raises(ValueError, match="wait until"):
            room.drill.pressed(now=room.clock.seconds)
        room.clock.seconds += result.rest_seconds
        assert room.drill.result(now=room.clock.seconds).rest_seconds == 0
    assert (result.heard, result.missed) == (3, 0)
    assert room.clock.seconds - began == 60


def test_the_second_relays_late_post_about_the_press_before_is_no_proof_of_the_next_one() -> None:
    desk, drill = judge(), Drill(BUTTON)
    clock, slow = SetClock(), SetClock(NOON - 900)  # relay 5 is a quarter of an hour behind
    first, second = relay(3, clock), relay(5, slow)
    for one in (first, second):
        desk.judge(post_of(one), now=NOON + 2)
    drill.pressed(now=NOON)
    clock.seconds, slow.seconds = NOON + 1, NOON - 899
    second.take_frame(frame(NOON, Meaning.DRILL), rssi=-70)
    assert drill.take(only(desk.judge(post_of(first, frame(NOON, Meaning.DRILL)), now=NOON + 4)))
    drill.pressed(now=NOON + 20)
    slow.seconds = NOON - 881  # its slot came at the 19th second, and its post took 25
    late = only(desk.judge(post_of(second), now=NOON + 44))
    assert not drill.take(late)
    assert drill.result(now=NOON + 141).missed == 1
    # A press that this relay alone hears counts, although its clock is wrong.
    drill.pressed(now=NOON + 141)
    slow.seconds = NOON - 900 + 142
    assert drill.take(only(desk.judge(post_of(second, frame(NOON, Meaning.DRILL)), now=NOON + 170)))


def test_hours_without_a_working_relay_or_without_a_desk_are_counted_and_kept(tmp_path: Path) -> None:
    place, now = Uncovered(NOON, NOON), NOON
    for minute in range(1, 121):
        now = NOON + minute * MINUTE
        place = place.tick(now=now, is_working=minute > 30)
    assert place.seconds == 30 * MINUTE
    keep_uncovered(tmp_path / "hours", {4: place})
    (again,) = load_uncovered(tmp_path / "hours").values()
    # The desk was off for two hours, and then its clock went back by one.
    off = again.tick(now=now + 7200, is_working=True)
    assert off.hours == pytest.approx(2.5)
    assert off.tick(now=now + 3600, is_working=True).seconds == off.seconds
    assert load_uncovered(tmp_path / "none") == {}
    (tmp_path / "hours").write_text("[1]")
    with pytest.raises(ValueError, match="hours of places"):
        load_uncovered(tmp_path / "hours")


def test_a_place_works_while_one_relay_posts_and_hears() -> None:
    well, silent = RelayState(NOON, NOON), RelayState(NOON - 121, NOON)
    deaf = RelayState(NOON, NOON - 601)
    assert is_working([silent, well], now=NOON)
    assert not is_working([silent, deaf], now=NOON)
    assert not is_working([], now=NOON)
