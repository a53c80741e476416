"""Two running duty machines over one server: who rings when, what they tell each other, what outlives a restart."""

import time
from pathlib import Path

import pytest

from crypto.beacon.relay_post import COPY_BYTES
from crypto.beacon.rotating_id import Meaning
from duty.alarms import DutyAlarm
from duty.copies import count_copies
from duty.line import Fetched, FetchPlace
from duty.presses import OTHER_MACHINE
from duty.service import DutyService
from tests.duty.duty_place import MemoryLine, MemoryServer, Office
from tests.duty.duty_room import Room
from tests.relay.place_of_tests import BUTTON, NOON, PLACE, SetClock, frame


def test_a_press_rings_the_first_machine_at_once_the_second_after_a_minute_and_neither_once_acknowledged(
    room: Room,
) -> None:
    assert not room.rings(1)
    room.press()
    room.fetch()
    assert room.rings(1)
    assert not room.rings(2)
    room.pass_seconds(60)
    assert room.rings(1)
    assert room.rings(2)
    (press,) = room.machines[2].watch.waiting()
    assert (press.key.button, press.place, press.relays) == (BUTTON, PLACE, {3, 5})
    room.machines[2].watch.acknowledge(press.key, by="Amal", now=room.clock.seconds)
    assert room.rings(1)
    room.fetch(2, 1)
    assert not room.rings(1)
    assert room.machines[1].watch.press(press.key).acknowledged_by == OTHER_MACHINE
    for number in (1, 2):
        room.restart(number)
        room.server.posts *= 2  # the ring was begun again, and sends all of it twice
        room.fetch(number)
        assert not room.rings(number)


def test_an_unacknowledged_press_rings_again_after_a_restart_and_its_copy_waits_for_the_casebook(
    room: Room,
) -> None:
    room.press(relays=(3,))
    room.fetch(1)
    again = room.restart(1)
    again.tick()
    assert again.ringing()
    (press,) = again.watch.waiting()
    assert press.is_one_source
    folder = room.office.homes[1].folder
    assert count_copies(folder) == 1
    (copy,) = (folder / "copies").iterdir()
    assert copy.stat().st_size == COPY_BYTES


def test_posts_are_fetched_again_by_a_machine_that_was_ended_before_it_had_kept_them(room: Room) -> None:
    room.press()
    folder = room.office.homes[1].folder
    (folder / "place.json").chmod(0o600)
    kept = (folder / "place.json").read_bytes()
    room.fetch(1)
    (folder / "place.json").write_bytes(kept)
    (folder / "ledger").unlink()
    room.restart(1)
    room.fetch(1)
    assert room.rings(1)


def test_a_desk_without_sound_fetches_a_week_file_or_the_other_machine_says_so_by_name(room: Room) -> None:
    first = room.restart(1)
    room.server.is_there = False
    first.tick()
    assert not first.fetch_once(room.server.line(1))
    assert [str(alarm) for alarm in first.alarms()] == ["not ready: no fetch yet"]
    room.server.is_there = True
    room.fetch(1)
    assert first.alarms() == []
    assert first.not_ready() == []
    room.server.is_there = False
    room.clock.seconds += 61
    assert not first.fetch_once(room.server.line(1))
    assert first.not_ready() == [DutyAlarm.NO_FETCH]
    room.server.is_there = True
    room.clock.seconds += 60
    room.fetch(1)
    told = {alarm.alarm for alarm in first.alarms()}
    assert told == {DutyAlarm.OTHER_SILENT, DutyAlarm.RELAY_SILENT}
    silent = DutyService(room.office.homes[1], now=room.clock, find_bell=lambda: None)
    silent.tick()
    assert silent.not_ready() == [DutyAlarm.NO_SOUND, DutyAlarm.NO_FETCH_YET]
    room.clock.seconds = NOON + 12 * 86_400
    assert DutyAlarm.NO_WEEK in first.not_ready()


class LineOfOneAnswer(MemoryLine):
    """A line that is cut behind its first answer."""

    def fetch(self, place: FetchPlace, *, note: bytes) -> Fetched | None:
        found = super().fetch(place, note=note)
        self._server.is_there = False
        return found


def test_a_desk_that_has_not_fetched_all_that_waits_is_not_ready(room: Room) -> None:
    first = room.restart(1)
    first.tick()
    room.clock.seconds += 4 * 1024
    room.relays[3].take_frame(frame(NOON), rssi=-70)
    room.post(room.relays[3])
    room.server.posts += [b""] * 130
    room.press(Meaning.HELP_2)
    # The first answer has the press of now: it rings while the old one still waits at the server.
    assert not first.fetch_once(LineOfOneAnswer(room.server, 1))
    assert [one.key.meaning for one in first.ringing()] == [Meaning.HELP_2]
    assert first.not_ready() == [DutyAlarm.NO_FETCH_YET]
    room.press(Meaning.HELP_3)
    room.server.is_there = True
    first = room.restart(1)
    first.tick()
    assert not first.fetch_once(LineOfOneAnswer(room.server, 1))
    assert len(first.ringing()) == 2
    room.server.is_there = True
    room.fetch(1)
    assert first.not_ready() == []
    assert [one.is_yellow for one in first.watch.waiting()].count(True) == 1


def test_a_press_that_was_acknowledged_while_the_other_machine_had_no_line_is_silent_there(room: Room) -> None:
    room.clock.seconds = NOON // 1024 * 1024
    room.press()
    room.fetch(1)
    (press,) = room.machines[1].watch.waiting()
    room.machines[1].watch.acknowledge(press.key, by="Amal", now=room.clock.seconds)
    room.fetch(1)
    room.clock.seconds += 2040
    room.fetch(2)
    room.clock.seconds += 61
    assert not room.rings(2)
    assert room.machines[2].watch.press(press.key).doubts == set()


def test_hours_without_a_working_relay_or_without_a_desk_stand_at_the_place(room: Room) -> None:
    for _ in range(4):
        room.pass_seconds(30)
    assert room.machines[1].places()[0].uncovered_hours == 0
    for _ in range(12):
        room.clock.seconds += 30
        room.fetch()
    dark = room.machines[1].places()[0].uncovered_hours
    # The relays are silent after two minutes: of six minutes, four count.
    assert dark == pytest.approx(4 / 60, abs=0.01)
    room.clock.seconds += 3600
    again = room.restart(1)
    again.tick()
    assert again.places()[0].uncovered_hours == pytest.approx(dark + 1, abs=0.01)


def test_a_week_file_that_is_brought_while_the_desk_runs_is_used_at_once(tmp_path: Path) -> None:
    office, clock, server = Office(tmp_path), SetClock(), MemoryServer()
    service = office.service(1, clock)
    assert not service.fetch_once(server.line(1))
    assert service.not_ready() == [DutyAlarm.NO_SOUND, DutyAlarm.NO_FETCH_YET, DutyAlarm.NO_WEEK]
    office.take_all()
    assert service.refresh()
    assert not service.refresh()
    one = office.relay(3, clock)
    one.take_frame(frame(NOON), rssi=-70)
    server.posts.append(one.next_post().sealed)
    assert service.fetch_once(server.line(1))
    assert service.ringing()
    service.close()


def test_a_damaged_roster_or_count_is_put_aside_and_the_desk_rings(room: Room) -> None:
    folder = room.office.homes[1].folder
    for name in ("notebook.json", "hours.json"):
        (folder / name).write_text("[1")
    room.press()
    again = room.restart(1)
    assert again.notebook.roster == ""
    room.fetch(1)
    assert room.rings(1)
    assert (folder / "notebook.json.damaged").read_text() == "[1"


def test_the_bell_is_sought_again_after_the_sound_was_lost(room: Room) -> None:
    first = room.machines[1]
    room.press()
    room.fetch(1)
    assert first.has_sound
    assert first._ringer is not None
    first._ringer._bell._player = ["false"]
    until = time.monotonic() + 10
    while first.has_sound and time.monotonic() < until:
        time.sleep(0.01)
    assert DutyAlarm.NO_SOUND in first.not_ready()
    room.clock.seconds += 6
    first.tick()
    assert first.has_sound
