"""Faults of a duty machine: each is named, and none of them silences a press."""

import contextlib
import datetime as dt
import io
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from crypto.beacon.rotating_id import Meaning
from duty.alarms import DutyAlarm
from duty.copies import count_copies
from duty.desk.page_language import ENGLISH, PageLanguage
from duty.program import DutyProgram, next_fetch
from system.command_line import say_on_error
from tests.duty.duty_room import Room
from tests.relay.place_of_tests import NOON, WEEK, SetClock


def test_a_damaged_line_of_the_ledger_is_named_and_the_desk_rings_for_what_the_others_say(room: Room) -> None:
    ledger = room.office.homes[1].folder / "ledger"
    room.press()
    room.fetch(1)
    whole = ledger.read_bytes()
    damaged = b"no line of ours\n" + bytes(40) + b"\n" + b'{"button": 12}\n' + whole + b'{"button": '
    ledger.write_bytes(damaged)
    again = room.restart(1)
    again.tick()
    assert again.ringing()
    room.fetch(1)
    assert [str(alarm) for alarm in again.alarms()] == ["lines of the ledger cannot be read: 3"]
    again.watch.acknowledge(again.watch.waiting()[0].key, by="Amal", now=room.clock.seconds)
    assert room.restart(1).watch.waiting() == []


def test_while_the_disk_keeps_nothing_each_new_press_rings_and_is_kept_once_the_disk_takes_it(
    room: Room,
) -> None:
    folder = room.office.homes[1].folder
    (folder / "ledger").mkdir()
    room.press()
    with pytest.raises(OSError, match="ledger"):
        room.fetch(1)
    assert room.rings(1)
    (press,) = room.machines[1].watch.waiting()
    with pytest.raises(OSError, match="ledger"):
        room.machines[1].watch.acknowledge(press.key, by="Amal", now=room.clock.seconds)
    assert not room.rings(1)
    # More posts than one fetch brings: the place that the disk keeps stays behind all of them.
    for _ in range(33):
        room.press(relays=())
    room.press(Meaning.HELP_2)
    for _ in range(2):
        with pytest.raises(OSError, match="ledger"):
            room.fetch(1)
    assert room.rings(1)
    assert DutyAlarm.NO_DISK in room.machines[1].not_ready()
    (folder / "ledger").rmdir()
    room.fetch(1)
    assert DutyAlarm.NO_DISK not in room.machines[1].not_ready()
    again = room.restart(1)
    assert [one.key.meaning for one in again.watch.waiting()] == [Meaning.HELP_2]
    assert again.watch.press(press.key).acknowledged_by == "Amal"
    assert count_copies(folder) == 4


def test_a_clock_that_is_set_back_silences_no_press_and_no_alarm(room: Room) -> None:
    room.press()
    room.fetch()
    (press,) = room.machines[1].watch.waiting()
    room.machines[1].watch.mute(press.key, now=room.clock.seconds)
    room.clock.seconds -= 7200
    for number in (1, 2):
        room.machines[number].tick()
        assert room.rings(number)
    room.clock.seconds += 121
    told = {alarm.alarm for alarm in room.machines[1].alarms()}
    assert told == {DutyAlarm.NO_FETCH, DutyAlarm.OTHER_SILENT, DutyAlarm.RELAY_SILENT}


def test_a_relay_whose_clock_differs_is_named_by_its_number(room: Room) -> None:
    own = SetClock(NOON - 601)
    room.relays[5] = room.office.relay(5, own)
    room.press()
    room.fetch(1)
    assert [str(alarm) for alarm in room.machines[1].alarms()] == ["clock differs from this machine: relay: 5"]
    assert room.machines[1].not_ready() == []
    # All relays differ: then this clock is the wrong one, and a press may come as late.
    room.relays[3] = room.office.relay(3, own)
    room.press(Meaning.HELP_2)
    room.fetch(1)
    assert room.machines[1].not_ready() == [DutyAlarm.CLOCK]


def test_a_desk_without_the_file_of_the_week_says_so_from_friday_and_is_not_ready_on_monday(room: Room) -> None:
    first = room.machines[1]
    monday = int(dt.datetime.combine(WEEK.next().monday, dt.time(), dt.UTC).timestamp())
    room.clock.seconds = monday - 3 * 86_400 - 1
    assert DutyAlarm.WEEK_ENDS not in {alarm.alarm for alarm in first.alarms()}
    room.clock.seconds += 1
    assert DutyAlarm.WEEK_ENDS in {alarm.alarm for alarm in first.alarms()}
    assert DutyAlarm.NO_WEEK not in first.not_ready()
    # From now on relays sign with the key of the next week, although the ids of this file reach further.
    room.clock.seconds = monday
    assert DutyAlarm.NO_WEEK in first.not_ready()


def test_the_address_of_the_desk_goes_into_a_file_for_its_user_alone_and_into_no_log(room: Room) -> None:
    home, said = room.office.homes[1], [""]
    address_to = home.folder / "address"
    program = DutyProgram(home, report=said.append, words=PageLanguage.of(ENGLISH), address_to=address_to)
    program._tell_address("http://127.0.0.1:4711/open/secret")
    assert address_to.read_text() == "http://127.0.0.1:4711/open/secret\n"
    assert address_to.stat().st_mode & 0o077 == 0
    assert "secret" not in "".join(said)
    program.service.close()


def test_the_bell_is_tried_before_the_pages_open_and_nothing_counts_as_fetched_since_the_start(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")  # no program of a sound system
    home, tried = room.office.homes[1], []

    def report(line: str) -> None:
        if line.startswith("open "):
            tried.append(program.service._sound_tried > 0)

    program = DutyProgram(home, report=report, words=PageLanguage.of(ENGLISH))
    program._client = BrokenLine()  # type: ignore[assignment]
    program.run(lambda _seconds: True)
    assert tried == [True]
    assert (home.folder / "place.json").stat().st_mtime == 0


def test_a_note_that_the_server_kept_for_later_does_not_hide_that_the_other_machine_is_silent(room: Room) -> None:
    room.fetch(2)
    kept = room.server.notes[2]
    room.clock.seconds += 601
    assert room.machines[1].fetch_once(room.server.line(1))
    assert room.server.notes[2] == kept
    assert DutyAlarm.OTHER_SILENT in {alarm.alarm for alarm in room.machines[1].alarms()}
    room.fetch(2, 1)
    assert DutyAlarm.OTHER_SILENT not in {alarm.alarm for alarm in room.machines[1].alarms()}


def test_the_next_fetch_depends_on_the_answer_and_not_on_how_long_the_desk_was_busy_with_it() -> None:
    for took, waits in ((0.0, 5), (3.9, 5), (4.1, 10), (8.9, 10), (9.1, 15)):
        assert next_fetch(began=100, answered=100 + took, every=5) == 100 + waits
    assert next_fetch(began=100, answered=0.0, every=5) == 105


def test_a_full_disk_behind_the_log_ends_neither_the_bell_nor_the_line() -> None:
    full = io.TextIOWrapper(io.FileIO("/dev/full", "w"), write_through=True)
    with contextlib.redirect_stderr(full):
        say_on_error("alarms: none")
    with contextlib.suppress(OSError):
        full.close()


class BrokenLine:
    """A line that ends as no line does."""

    def open(self, *, name: str, warn: Callable[[str], object]) -> AbstractContextManager[int]:
        warn(name)
        raise RuntimeError("a fault of ours")


def test_a_fault_of_the_line_is_named_and_the_line_is_opened_again(room: Room) -> None:
    said: list[str] = []
    ending = threading.Event()

    def report(line: str) -> None:
        said.append(line)
        if "RuntimeError" in line:
            ending.set()

    program = DutyProgram(room.office.homes[1], report=report, words=PageLanguage.of(ENGLISH))
    program._client = BrokenLine()  # type: ignore[assignment]
    program._hold_lines(ending)
    assert said == ["duty", "warning: the line ended: RuntimeError"]
    program.service.close()
