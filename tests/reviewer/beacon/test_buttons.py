"""Places, relays and seeds of buttons, as staff make them by command."""

import os
from pathlib import Path

import pytest

from reviewer.beacon.buttons import RECORD_BYTES, new_buttons, provision
from reviewer.beacon.cable import serial_device, write_to_cable
from reviewer.errors import BeaconRefused
from tests.reviewer.beacon.beacon_home import PLACE, TODAY, hang_button, make_ready, unlocked
from tests.reviewer.desk_stage import Desk


def add_clinic(desk: Desk) -> None:
    plan = desk.folder / "plan.txt"
    plan.write_text(PLACE.first_minute, encoding="utf-8")
    region_and_hours = ("--region", PLACE.region, "--hours", PLACE.hours)
    desk.do("beacon", "places", "add", desk.home, PLACE.name, *region_and_hours, "--first-minute", plan)


def test_a_place_has_its_card_and_a_plan_that_is_not_written_is_said(desk: Desk) -> None:
    add_clinic(desk)
    [place] = desk.json("beacon", "places", desk.home)["places"]
    assert (place["name"], place["region"], place["hours"]) == (PLACE.name, PLACE.region, PLACE.hours)
    assert place["first_minute"] == PLACE.first_minute
    assert "no second person: NOT WRITTEN" in desk.do("beacon", "places", desk.home)
    assert desk.run("beacon", "places", "change", desk.home, "1", "--hours", "fri-mon 08-20") == 1
    assert desk.run("beacon", "places", "change", desk.home, "2", "--hours", PLACE.hours) == 1


def test_a_seed_is_written_once_into_a_pipe_and_nothing_is_printed(desk: Desk) -> None:
    add_clinic(desk)
    desk.do("beacon", "new", desk.home, "--place", "1", "--count", "2")
    reader, writer = os.pipe()
    try:
        assert desk.do("beacon", "provision", desk.home, "1", "--to-descriptor", str(writer)) == ""
        record = os.read(reader, 1000)
        assert desk.run("beacon", "provision", desk.home, "1", "--to-descriptor", str(writer)) == 1
        assert "written into a button before" in desk.err
        os.set_blocking(reader, False)
        with pytest.raises(BlockingIOError):
            os.read(reader, 1)
    finally:
        os.close(reader)
        os.close(writer)
    assert len(record) == RECORD_BYTES
    assert [one["state"] for one in desk.json("beacon", "buttons", desk.home)["buttons"]] == ["in use", "made"]
    for path in desk.folder.rglob("*"):
        assert not path.is_file() or record[:32] not in path.read_bytes()
    assert record[:32].hex() not in desk.do("log", "show", desk.home)


def test_a_seed_is_written_to_no_file_and_to_no_terminal_of_the_command(desk: Desk, tmp_path: Path) -> None:
    add_clinic(desk)
    desk.do("beacon", "new", desk.home, "--place", "1")
    on_disk = tmp_path / "seed"
    with on_disk.open("wb") as file:
        assert desk.run("beacon", "provision", desk.home, "1", "--to-descriptor", str(file.fileno())) == 1
    assert desk.run("beacon", "provision", desk.home, "1", "--to-device", on_disk) == 1
    assert desk.run("beacon", "provision", desk.home, "1", "--to-device", "/dev/null") == 1
    assert desk.run("beacon", "provision", desk.home, "1", "--to-descriptor", "1") == 2
    assert desk.run("beacon", "provision", desk.home, "1") == 2
    assert on_disk.read_bytes() == b""
    assert [one["state"] for one in desk.json("beacon", "buttons", desk.home)["buttons"]] == ["made"]


def test_a_serial_device_gets_the_bytes_as_they_are() -> None:
    record = bytes([10, 13, 3, 4, 17, 19, 26, 0, 255] * 7 + [10] * 5)
    ours, theirs = os.openpty()
    try:
        with serial_device(Path(os.ttyname(theirs))) as cable:
            write_to_cable(cable, record)
            assert os.read(ours, 1000) == record
    finally:
        os.close(ours)
        os.close(theirs)


def test_a_record_that_was_not_written_whole_costs_the_seed(desk: Desk) -> None:
    add_clinic(desk)
    desk.do("beacon", "new", desk.home, "--place", "1")

    def drawn(_record: bytes) -> None:
        raise OSError("the cable was drawn")

    with unlocked(desk) as home:
        for write, said in ((drawn, "not be written whole"), (lambda _record: None, "into a button before")):
            with pytest.raises(BeaconRefused, match=said):
                provision(home, 1, write=write, now=1, today=TODAY)


def test_carried_buttons_are_locked(desk: Desk) -> None:
    add_clinic(desk)
    assert desk.run("beacon", "new", desk.home, "--place", "1", "--profile", "carried") == 1
    assert "carried buttons are locked" in desk.err
    assert desk.json("beacon", "buttons", desk.home)["buttons"] == []


def test_a_retired_button_has_no_seed_and_its_number_never_comes_again(desk: Desk) -> None:
    with unlocked(desk) as home:
        number = make_ready(home)
    desk.do("beacon", "retire", desk.home, str(number))
    assert desk.run("beacon", "retire", desk.home, str(number)) == 1
    with unlocked(desk) as home:
        retired = home.casebook.help_register.button(number)
        assert retired is not None
        assert retired.seed is None
        assert hang_button(home, 1)[0] == number + 1


def test_all_buttons_share_the_mark_key_and_no_two_a_seed(desk: Desk) -> None:
    add_clinic(desk)
    with unlocked(desk) as home:
        new_buttons(home, place=1, count=3, profile="fixed", today=TODAY)
        records = [hang_button(home, 1)[1] for _ in range(3)]
        seeds = {one.seed for one in home.casebook.help_register.buttons()}
    assert len(seeds) == 6
    assert len({record[32:64] for record in records}) == 1


def test_what_is_done_with_buttons_is_in_the_log_without_names(desk: Desk) -> None:
    with unlocked(desk) as home:
        make_ready(home)
    desk.do("beacon", "relays", "remove", desk.home, "2")
    assert desk.run("beacon", "relays", "remove", desk.home, "2") == 1
    with unlocked(desk) as home:
        home.casebook.log.verify()
        lines = [(line.act, line.subject) for line in home.casebook.log.whole_lines()][-7:]
    assert lines == [
        ("place of a button added", "place 1"),
        ("button made", "button 1 for place 1"),
        ("button provisioned", "button 1"),
        ("relay added", "relay 1 at place 1"),
        ("relay added", "relay 2 at place 1"),
        ("drill recorded", "button 1"),
        ("relay removed", "relay 2"),
    ]


def test_a_restored_backup_has_the_seeds_so_that_buttons_that_hang_keep_their_worth(desk: Desk) -> None:
    with unlocked(desk) as home:
        number = make_ready(home)
        before = home.casebook.help_register.button(number)
    [identity] = desk.root.glob("casebook-backup-*.key")
    restored = desk.folder / "restored"
    desk.do("restore", restored, "--from", desk.backup(), "--identity", identity)
    desk.home = restored
    with unlocked(desk) as home:
        assert home.casebook.help_register.button(number) == before
