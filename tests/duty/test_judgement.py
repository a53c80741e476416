"""A press from the air to the duty desk: what rings, what is shown in yellow, and what says nothing."""

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from crypto.beacon.relay_post import seal_post
from crypto.beacon.rotating_id import ButtonSeed, Meaning
from crypto.beacon.sighting import MEASURED, HeardId, MeasuredPlace, RelayWeekKey, Sighting
from duty.alarms import NOT_READY, DutyAlarm, machine_alarms, standing_alarms
from duty.judgement import Colour, Doubt, Judge, Judged, JudgedId, JunkCount
from duty.ledger import Ledger
from duty.presses import OTHER_MACHINE, MachineRole
from duty.watch import DutyWatch
from relay.relay import Relay
from tests.relay.place_of_tests import (
    BUTTON,
    DUTY,
    DUTY_PUBLIC,
    NOON,
    PLACE,
    SECRETS,
    WEEK,
    SetClock,
    frame,
    relay,
    week_file,
)

WEEK_FILE = week_file()
MINUTE = 60


def judge(*, since: int = NOON) -> Judge:
    return Judge([WEEK_FILE], DUTY[:1], since=since)


def post_of(one: Relay, *frames: bytes) -> bytes:
    for raw in frames:
        one.take_frame(raw, rssi=-70)
    made = one.next_post()
    one.confirm(made)
    return made.sealed


def only(judged: Judged) -> JudgedId:
    (finding,) = judged.findings
    return finding


def by_hand(
    button_id: bytes, at: int, *, key: RelayWeekKey | None = None, measured: MeasuredPlace | None = None
) -> bytes:
    """A post as no sound relay makes it."""
    told = Sighting(
        *(3, WEEK, secrets.token_bytes(8), 1, at),
        ids=(HeardId(button_id, at, at, 1, -70),),
        kind=1 if measured is None else MEASURED,
        measured=measured,
    )
    return seal_post(told, key=key or SECRETS[3].of_week(WEEK), duty=DUTY_PUBLIC, intake=())


def test_a_press_that_both_relays_heard_is_red_with_two_sources_and_keeps_copy_b() -> None:
    desk, clock = judge(), SetClock()
    found = [desk.judge(post_of(relay(number, clock), frame(NOON)), now=NOON + 20) for number in (3, 5)]
    for judged, number in zip(found, (3, 5), strict=True):
        finding = only(judged)
        assert (finding.colour, finding.button, finding.place, finding.relay) == (Colour.RED, BUTTON, PLACE, number)
        assert finding.doubts == ()
        assert judged.copy is not None


def test_signs_of_life_and_drills_are_green_and_their_copies_are_not_kept() -> None:
    for meaning in (Meaning.ALIVE, Meaning.DRILL):
        judged = judge().judge(post_of(relay(3, SetClock()), frame(NOON, meaning)), now=NOON)
        assert only(judged).colour is Colour.GREEN
        assert judged.copy is None


@pytest.mark.parametrize("minutes", [-30, 30])
def test_a_button_whose_clock_is_off_by_half_an_hour_still_rings(minutes: int) -> None:
    judged = judge().judge(post_of(relay(3, SetClock()), frame(NOON + minutes * MINUTE)), now=NOON)
    assert only(judged).colour is Colour.RED


def test_a_press_that_is_played_again_after_35_minutes_is_yellow_and_at_once_elsewhere_rings_marked() -> None:
    desk, later = judge(), NOON + 35 * MINUTE
    assert only(desk.judge(post_of(relay(3, SetClock()), frame(NOON)), now=NOON)).colour is Colour.RED
    far = only(desk.judge(post_of(relay(9, SetClock()), frame(NOON)), now=NOON + 5))
    assert (far.colour, far.doubts) == (Colour.RED, (Doubt.ELSEWHERE,))
    old = only(desk.judge(post_of(relay(3, SetClock(later)), frame(NOON)), now=later))
    assert (old.colour, old.doubts) == (Colour.YELLOW, (Doubt.REPLAYED,))


def test_an_id_is_old_when_it_is_heard_longer_than_a_button_sends_one() -> None:
    desk, later = judge(), NOON + 20 * MINUTE
    desk.judge(post_of(relay(3, SetClock()), frame(NOON)), now=NOON)
    again = only(desk.judge(post_of(relay(5, SetClock(later)), frame(NOON)), now=later))
    assert (again.colour, again.doubts) == (Colour.YELLOW, (Doubt.REPLAYED,))


def test_a_press_that_comes_six_hours_late_is_yellow_and_says_late() -> None:
    late = only(judge().judge(post_of(relay(3, SetClock()), frame(NOON)), now=NOON + 6 * 3600))
    assert (late.colour, late.heard, late.doubts[0]) == (Colour.YELLOW, NOON, Doubt.LATE)


def test_a_relay_with_a_wrong_clock_or_an_impossible_place_rings_and_is_marked() -> None:
    clock = only(judge().judge(post_of(relay(3, SetClock(NOON - 3600)), frame(NOON)), now=NOON))
    assert (clock.colour, clock.doubts) == (Colour.RED, (Doubt.CLOCK,))
    nowhere = by_hand(frame(NOON)[18:], NOON, measured=MeasuredPlace(910_000_000, 0, 5))
    place = only(judge().judge(nowhere, now=NOON))
    assert (place.colour, place.doubts) == (Colour.RED, (Doubt.BAD_PLACE,))
    never = only(judge().judge(by_hand(frame(NOON)[18:], 2**32 - 1), now=NOON))
    assert (never.colour, never.doubts) == (Colour.RED, (Doubt.CLOCK,))


def test_each_kind_of_bad_post_is_counted_by_name_and_rings_nothing() -> None:
    desk, good = judge(), post_of(relay(3, SetClock()), frame(NOON))
    wrong = by_hand(frame(NOON)[18:], NOON, key=RelayWeekKey(bytes(32)))
    stranger = relay(5, SetClock())
    assert desk.judge(good, now=NOON).findings
    for raw, kind in (
        (b"", JunkCount.JUNK),
        (good[:-1], JunkCount.JUNK),
        (good[:-1] + bytes([good[-1] ^ 1]), JunkCount.JUNK),
        (secrets.token_bytes(12_288), JunkCount.JUNK),
        (wrong, JunkCount.FORGED),
        (good, JunkCount.REPEATED),
    ):
        assert desk.judge(raw, now=NOON) == Judged(refused=kind)
    removed = Judge([week_file(far=())], DUTY[:1], since=NOON)
    assert removed.judge(post_of(relay(9, SetClock()), frame(NOON)), now=NOON).refused is JunkCount.UNKNOWN_RELAY
    assert removed.judge(post_of(stranger, frame(NOON)), now=NOON).findings
    told = [str(alarm) for alarm in standing_alarms(desk, now=NOON)]
    assert told == ["forged: 3", "junk: 4"]


def test_ids_of_no_button_of_ours_ring_nothing_and_ids_cut_to_three_bytes_would() -> None:
    table = WEEK_FILE.table
    drawn = secrets.token_bytes(8 * 200_000)
    assert not any(drawn[at : at + 8] in table for at in range(0, len(drawn), 8))
    short = {one[:3] for one in table}
    # The control: 3,000 ids of 2^24 are hit about 36 times by 200,000 draws.
    assert any(drawn[at : at + 3] in short for at in range(0, len(drawn), 8))
    unknown = judge().judge(post_of(relay(3, SetClock()), frame(NOON, seed=ButtonSeed(bytes(32)))), now=NOON)
    assert (unknown.findings, unknown.refused) == ((), None)


def test_a_silent_relay_a_deaf_one_a_flooded_one_and_a_silent_button_are_named() -> None:
    desk, clock = judge(), SetClock()
    one = relay(3, clock)

    def alarms() -> set[str]:
        told = standing_alarms(desk, now=clock.seconds)
        return {str(alarm) for alarm in told}

    assert alarms() == set()
    clock.seconds += 11 * MINUTE
    desk.judge(post_of(one), now=clock.seconds)
    assert alarms() == {"relay deaf: 3", "relay silent: 5", "relay silent: 9"}
    desk.judge(post_of(one, b""), now=clock.seconds)
    assert alarms() == {"relay silent: 5", "relay silent: 9"}
    clock.seconds += 27 * 3600
    assert "button silent: 12" in alarms()
    desk.judge(post_of(one, frame(clock.seconds, Meaning.ALIVE)), now=clock.seconds)
    assert "button silent: 12" not in alarms()
    now = clock.seconds
    days = 3 * 86_400
    well = machine_alarms(now=now, fetched=now, other=now, covered=now + days + 1, has_sound=True, has_disk=True)
    assert well == []
    ill = machine_alarms(now=now, fetched=now - 61, other=now - 121, covered=now, has_sound=False, has_disk=False)
    told = {*NOT_READY, DutyAlarm.OTHER_SILENT} - {DutyAlarm.CLOCK, DutyAlarm.NO_FETCH_YET}
    assert {alarm.alarm for alarm in ill} == told
    ends = machine_alarms(now=now, fetched=now, other=now, covered=now + days, has_sound=True, has_disk=True)
    assert [str(alarm) for alarm in ends] == ["week file ends"]


class Machine:
    """A duty machine that is started again and again over one ledger; ``rings`` is what its bell was told last."""

    def __init__(self, ledger: Path, role: MachineRole = MachineRole.FIRST) -> None:
        self.rings = False
        self.copies: list[bytes] = []
        self.watch = DutyWatch(judge(), Ledger(ledger), role, ring=self._ring, keep_copy=self.copies.append)

    def _ring(self, is_ringing: bool) -> None:
        self.rings = is_ringing


@pytest.fixture
def posts() -> Iterator[list[bytes]]:
    clock = SetClock()
    return [post_of(relay(number, clock), frame(NOON)) for number in (3, 5)]


def test_a_press_rings_until_it_is_acknowledged_and_never_again_also_after_a_restart(
    tmp_path: Path, posts: list[bytes]
) -> None:
    machine = Machine(tmp_path / "ledger")
    machine.watch.take(posts[:1], now=NOON + 20)
    assert machine.rings
    (press,) = machine.watch.waiting()
    assert press.is_one_source
    restarted = Machine(tmp_path / "ledger")
    restarted.watch.tick(now=NOON + 25)
    assert restarted.rings
    restarted.watch.take(posts, now=NOON + 26)
    assert not restarted.watch.waiting()[0].is_one_source
    restarted.watch.acknowledge(press.key, by="Amal", now=NOON + 30)
    assert not restarted.rings
    last = Machine(tmp_path / "ledger")
    last.watch.take(posts, now=NOON + 35)
    assert not last.rings
    assert last.watch.waiting() == []
    assert len(last.copies) == 2


def test_later_ids_of_an_acknowledged_press_are_silent_and_the_next_press_rings(tmp_path: Path) -> None:
    machine, clock = Machine(tmp_path / "ledger"), SetClock()
    one = relay(3, clock)
    machine.watch.take([post_of(one, frame(NOON))], now=NOON)
    machine.watch.acknowledge(machine.watch.waiting()[0].key, by="Amal", now=NOON + 9)
    for minutes in range(1, 30):
        clock.seconds = NOON + minutes * MINUTE
        machine.watch.take([post_of(one, frame(clock.seconds))], now=clock.seconds)
        assert not machine.rings
    machine.watch.take([post_of(one, frame(clock.seconds, Meaning.HELP_2))], now=clock.seconds)
    assert machine.rings
    hour = NOON + 3600
    clock.seconds = hour
    machine.watch.acknowledge(machine.watch.waiting()[0].key, by="Amal", now=hour)
    machine.watch.take([post_of(one, frame(hour))], now=hour)
    assert machine.rings


def test_the_second_machine_rings_after_a_minute_and_after_three_both_show_the_plan(
    tmp_path: Path, posts: list[bytes]
) -> None:
    second = Machine(tmp_path / "ledger", MachineRole.SECOND)
    second.watch.take(posts, now=NOON)
    assert not second.rings
    second.watch.tick(now=NOON + 59)
    assert not second.rings
    second.watch.tick(now=NOON + 60)
    assert second.rings
    assert second.watch.unanswered(now=NOON + 179) == []
    assert len(second.watch.unanswered(now=NOON + 180)) == 1


def test_a_muted_press_is_silent_for_ten_minutes_on_one_machine_and_a_new_press_rings_there(
    tmp_path: Path, posts: list[bytes]
) -> None:
    machine = Machine(tmp_path / "ledger")
    machine.watch.take(posts, now=NOON)
    machine.watch.mute(machine.watch.waiting()[0].key, now=NOON)
    assert not machine.rings
    machine.watch.take([post_of(relay(3, SetClock()), frame(NOON, Meaning.HELP_2))], now=NOON + 60)
    assert machine.rings
    machine.watch.acknowledge(machine.watch.waiting()[1].key, by="Amal", now=NOON + 70)
    assert not machine.rings
    machine.watch.tick(now=NOON + 600)
    assert machine.rings


def test_a_late_press_rings_nothing_and_stays_until_it_is_ticked_off(tmp_path: Path, posts: list[bytes]) -> None:
    machine, later = Machine(tmp_path / "ledger"), NOON + 6 * 3600
    machine.watch.take(posts, now=later)
    assert not machine.rings
    (press,) = Machine(tmp_path / "ledger").watch.waiting()
    assert press.is_yellow
    machine.watch.acknowledge(press.key, by="Amal", now=later + 5)
    assert machine.watch.waiting() == []


def test_a_late_press_that_was_ticked_off_rings_when_an_id_of_it_comes_in_time(tmp_path: Path) -> None:
    machine, clock = Machine(tmp_path / "ledger"), SetClock(NOON // 1024 * 1024)
    began = clock.seconds
    other = Machine(tmp_path / "other", MachineRole.FIRST)
    first, last = post_of(relay(3, clock), frame(began)), began + 3 * 1024
    for each in (machine, other):
        each.watch.take([first], now=last)
    clock.seconds = began + 1700
    (press,) = machine.watch.waiting()
    machine.watch.acknowledge(press.key, by=OTHER_MACHINE, now=last + 5)  # people may have any name
    # The other machine hears of it as late only: there, too, the press may come in time.
    other.watch.take_note(machine.watch.note_for(1, WEEK, now=last + 6), now=last + 6)
    assert other.watch.waiting() == []
    in_time = post_of(relay(5, clock), frame(clock.seconds))
    for each in (machine, other, Machine(tmp_path / "ledger"), Machine(tmp_path / "other")):
        each.watch.take([in_time], now=last + 10)
        assert each.rings
        each.watch.acknowledge(each.watch.waiting()[0].key, by="Amal", now=last + 20)
        each.watch.take([first], now=last + 30)
        assert not each.rings
        (press,) = each.watch.acknowledged_since(0)
        assert not press.doubts & {Doubt.LATE, Doubt.REPLAYED}


def test_of_two_presses_of_one_meaning_an_hour_apart_both_ring_also_if_the_end_of_the_first_only_was_heard(
    tmp_path: Path,
) -> None:
    for second in (400, 900):  # of its first window: the next press is then one or two windows behind the last
        began = NOON // 1024 * 1024 + second
        end, again = began + 1790, began + 3600
        folder = tmp_path / str(second)
        folder.mkdir()
        machine, clock = Machine(folder / "ledger"), SetClock(end)
        machine.watch.take([post_of(relay(3, clock), frame(end))], now=end + 10)
        (press,) = machine.watch.waiting()
        machine.watch.acknowledge(press.key, by="Amal", now=end + 900)
        clock.seconds = again
        for each in (machine, Machine(folder / "ledger")):
            each.watch.take([post_of(relay(3, clock), frame(again))], now=again + 10)
            assert each.rings
        # The newest posts come first after an outage: the first press is then heard after the second one.
        turned = Machine(folder / "turned")
        turned.watch.take([post_of(relay(3, clock), frame(again))], now=again + 10)
        turned.watch.acknowledge(turned.watch.waiting()[0].key, by="Amal", now=again + 12)
        turned.watch.take([post_of(relay(3, SetClock(end)), frame(end))], now=again + 15)
        assert turned.rings


def test_an_acknowledged_press_of_which_nothing_was_heard_for_long_is_silent_when_its_end_is_heard(
    tmp_path: Path,
) -> None:
    began = NOON // 1024 * 1024 + 100
    machine, clock = Machine(tmp_path / "ledger"), SetClock(began)
    one = relay(3, clock)
    machine.watch.take([post_of(one, frame(began))], now=began + 10)
    machine.watch.acknowledge(machine.watch.waiting()[0].key, by="Amal", now=began + 20)
    clock.seconds = began + 1790
    machine.watch.take([post_of(one, frame(clock.seconds))], now=clock.seconds + 10)
    assert not machine.rings


def test_a_press_that_came_as_old_while_the_clock_of_the_machine_was_wrong_rings_once_it_is_right(
    tmp_path: Path,
) -> None:
    machine, one = Machine(tmp_path / "ledger"), relay(3, SetClock())
    machine.watch.take([post_of(one, frame(NOON))], now=NOON - 3600)
    assert not machine.rings
    machine.watch.acknowledge(machine.watch.waiting()[0].key, by="Amal", now=NOON - 3595)
    machine.watch.take([post_of(one, frame(NOON))], now=NOON + 20)
    assert machine.rings


def test_ten_thousand_forged_posts_do_not_hide_one_press(tmp_path: Path, posts: list[bytes]) -> None:
    machine = Machine(tmp_path / "ledger")
    forged = [secrets.token_bytes(12_288)] * 5000 + [posts[0][:-1] + b"?"] * 50
    machine.watch.take([*forged, posts[0], *forged], now=NOON)
    assert machine.rings


def test_a_ledger_cut_at_any_byte_by_a_crash_opens_and_keeps_every_whole_line(
    tmp_path: Path, posts: list[bytes]
) -> None:
    machine = Machine(tmp_path / "ledger")
    machine.watch.take(posts[:1], now=NOON)
    whole = (tmp_path / "ledger").read_bytes()
    machine.watch.acknowledge(machine.watch.waiting()[0].key, by="Amal", now=NOON + 5)
    both = (tmp_path / "ledger").read_bytes()
    for end in range(len(both) + 1):
        (tmp_path / "cut").write_bytes(both[:end])
        again = Machine(tmp_path / "cut")
        again.watch.tick(now=NOON + 9)
        assert again.rings is (len(whole) <= end < len(both))
        if end % 16 and end < len(both) - 1:
            continue  # opening a post takes its time
        again.watch.take(posts[:1], now=NOON + 10)
        assert again.rings is (end < len(both))
