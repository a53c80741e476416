"""Two duty machines tell each other what a person has acknowledged, by notes of one length through the server."""

from pathlib import Path

import pytest

from crypto.beacon.duty_note import DutyNote, DutyNoteKey, open_note, seal_note
from crypto.beacon.rotating_id import Meaning
from crypto.errors import CryptoError
from duty.line import FetchPlace, parse_answer
from duty.presses import OTHER_MACHINE, MachineRole
from tests.duty.test_judgement import Machine, post_of
from tests.relay.place_of_tests import DUTY, DUTY_PUBLIC, NOON, WEEK, SetClock, frame, relay, week_file

KEY = DutyNoteKey.of_week(week_file())


def carried(machine: Machine, number: int, *, now: int) -> DutyNote:
    """The note of a machine as the other one opens it."""
    sealed = seal_note(machine.watch.note_for(number, WEEK, now=now), key=KEY, to=DUTY_PUBLIC)
    return open_note(sealed, keys=DUTY[1:], key_of=lambda week: KEY if week == WEEK else None)


@pytest.fixture
def machines(tmp_path: Path) -> tuple[Machine, Machine]:
    return Machine(tmp_path / "1"), Machine(tmp_path / "2", MachineRole.SECOND)


def press(at: int = NOON, meaning: Meaning = Meaning.HELP_1) -> bytes:
    return post_of(relay(3, SetClock(at)), frame(at, meaning))


def test_what_one_machine_acknowledged_is_silent_on_the_other_also_after_a_restart(
    machines: tuple[Machine, Machine], tmp_path: Path
) -> None:
    first, second = machines
    post = press()
    for machine in machines:
        machine.watch.take([post], now=NOON)
    second.watch.tick(now=NOON + 60)
    assert second.rings
    first.watch.acknowledge(first.watch.waiting()[0].key, by="Amal", now=NOON + 62)
    second.watch.take_note(carried(first, 1, now=NOON + 65), now=NOON + 66)
    assert not second.rings
    again = Machine(tmp_path / "2", MachineRole.SECOND)
    again.watch.take([post], now=NOON + 70)
    again.watch.tick(now=NOON + 200)
    assert not again.rings
    assert again.watch.waiting() == []


def test_a_note_that_comes_before_its_press_silences_it_and_the_next_press_rings(
    machines: tuple[Machine, Machine],
) -> None:
    first, second = machines
    first.watch.take([press()], now=NOON)
    first.watch.acknowledge(first.watch.waiting()[0].key, by="Amal", now=NOON + 5)
    second.watch.take_note(carried(first, 1, now=NOON + 6), now=NOON + 6)
    # The second machine hears of the press first in a later window, as after an outage.
    later = NOON + 1024
    second.watch.take([press(later)], now=later)
    second.watch.tick(now=later + 120)
    assert not second.rings
    second.watch.take([press(later, Meaning.HELP_2)], now=later)
    second.watch.tick(now=later + 60)
    assert second.rings


def test_an_old_note_that_the_server_sends_again_takes_nothing_back_and_acknowledges_no_later_press(
    machines: tuple[Machine, Machine],
) -> None:
    first, second = machines
    first.watch.take([press()], now=NOON)
    empty = carried(first, 1, now=NOON + 1)
    first.watch.acknowledge(first.watch.waiting()[0].key, by="Amal", now=NOON + 5)
    full = carried(first, 1, now=NOON + 6)
    for note in (full, empty, full):
        second.watch.take_note(note, now=NOON + 9)
    second.watch.take([press()], now=NOON + 10)
    assert second.watch.waiting() == []
    hour = NOON + 3600
    second.watch.take([press(hour)], now=hour)
    assert len(second.watch.waiting()) == 1


def test_a_note_says_who_acknowledged_only_as_the_other_machine_and_goes_silent_after_two_days(
    machines: tuple[Machine, Machine],
) -> None:
    first, second = machines
    for machine in machines:
        machine.watch.take([press()], now=NOON)
    first.watch.acknowledge(first.watch.waiting()[0].key, by="Amal", now=NOON + 5)
    key = second.watch.waiting()[0].key
    second.watch.take_note(carried(first, 1, now=NOON + 6), now=NOON + 6)
    assert second.watch.waiting() == []
    assert second.watch.press(key).acknowledged_by == OTHER_MACHINE
    assert carried(first, 1, now=NOON + 3 * 86_400).acknowledged == ()


def test_a_late_press_ticked_off_on_one_machine_is_so_on_the_other_and_silences_none_that_rings(
    machines: tuple[Machine, Machine], tmp_path: Path
) -> None:
    first, second = machines
    began = NOON // 1024 * 1024
    late, post = began + 3 * 1024, press(began)
    second.watch.take([post], now=began + 20)  # in time
    first.watch.take([post], now=late)
    first.watch.acknowledge(first.watch.waiting()[0].key, by=OTHER_MACHINE, now=late + 5)
    told = carried(first, 1, now=late + 6)
    second.watch.take_note(told, now=late + 6)
    assert second.rings
    third, fourth = Machine(tmp_path / "3"), Machine(tmp_path / "4")
    for machine, posts in ((third, [post]), (fourth, [press(began - 1024)])):
        machine.watch.take_note(told, now=late + 6)
        machine.watch.take(posts, now=late + 7)
    assert third.watch.waiting() == []
    assert Machine(tmp_path / "3").watch.waiting() == []
    # Of another window it is perhaps another press.
    assert len(fourth.watch.waiting()) == 1
    # Acknowledged where it rang, it stays silent also where it was late.
    second.watch.acknowledge(second.watch.waiting()[0].key, by="Amal", now=late + 8)
    for machine in (first, third):
        machine.watch.take_note(carried(second, 2, now=late + 9), now=late + 9)
        machine.watch.take_note(told, now=late + 9)
        machine.watch.take([press(began + 1700)], now=late + 10)
        assert not machine.rings


def test_of_two_presses_the_one_that_the_other_machine_acknowledged_is_silent_and_the_later_one_rings(
    machines: tuple[Machine, Machine],
) -> None:
    first, second = machines
    began = NOON // 1024 * 1024 + 400
    first.watch.take([press(began + 1790)], now=began + 1800)  # its end only
    first.watch.acknowledge(first.watch.waiting()[0].key, by="Amal", now=began + 3500)
    for at in (began, began + 3600):
        second.watch.take([press(at)], now=at + 10)
    second.watch.take_note(carried(first, 1, now=began + 3620), now=began + 3620)
    assert [one.first_heard for one in second.watch.waiting()] == [began + 3610]


def test_a_press_of_which_a_later_window_came_first_does_not_silence_the_one_an_hour_later(tmp_path: Path) -> None:
    begin = NOON // 1024 * 1024 + 100
    machine = Machine(tmp_path / "ledger")
    for at in (begin + 1024, begin):  # an outage ends, and the post has both ids
        machine.watch.take([post_of(relay(3, SetClock(begin + 1100)), frame(at))], now=begin + 1100)
    machine.watch.acknowledge(machine.watch.waiting()[0].key, by="Amal", now=begin + 1200)
    hour = begin + 3600
    for again in (machine, Machine(tmp_path / "ledger")):
        again.watch.take([post_of(relay(3, SetClock(hour)), frame(hour))], now=hour)
        assert again.rings


def test_a_note_by_a_relay_that_knows_the_duty_keys_is_not_believed() -> None:
    forged = seal_note(DutyNote(1, WEEK, 1, NOON), key=DutyNoteKey(bytes(32)), to=DUTY_PUBLIC)
    with pytest.raises(CryptoError):
        open_note(forged, keys=DUTY, key_of=lambda _week: KEY)


@pytest.mark.parametrize("cut", [0, 31, 32, 5295, 5297, 5296 + 12_287])
def test_an_answer_of_another_form_is_no_answer(cut: int) -> None:
    assert parse_answer(bytes(cut)) is None
    place = b"".join(number.to_bytes(8, "big") for number in (0, 5, 7, 9))
    whole = parse_answer(place + bytes(5264) + bytes(2 * 12_288))
    assert whole is not None
    assert (len(whole.posts), whole.place, whole.note) == (2, FetchPlace("00" * 8, 5, 7, 9), None)
