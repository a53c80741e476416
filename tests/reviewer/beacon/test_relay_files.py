"""Relay files behind the air gap."""

import datetime as dt

import pytest

from crypto.beacon.day_mark import MarkKey
from crypto.beacon.relay_file import RelayFilePublicKey, RelayFileSecretKey, open_relay_file
from crypto.keys.keys import DutySecretKey
from reviewer.beacon.places import add_place, add_relay, remove_relay
from reviewer.beacon.relay_files import make_relay_file
from reviewer.errors import BeaconRefused
from tests.reviewer.beacon.beacon_home import NOW, PLACE, TODAY, make_ready, unlocked
from tests.reviewer.desk_stage import Desk

KEY = RelayFileSecretKey(bytes([7]) * 32)
DUTY = [DutySecretKey(bytes([place]) * 32).public_key() for place in (1, 2)]


def test_a_relay_file_has_the_secret_of_its_relay_and_marks_from_yesterday_on_for_its_key_alone(desk: Desk) -> None:
    with unlocked(desk) as home:
        make_ready(home)
        made, sealed = make_relay_file(home, 2, to=KEY.public_key(), duty=DUTY, days=11, today=TODAY, now=NOW)
        secret = next(one.secret for one in home.casebook.help_register.relays() if one.number == 2)
        mark_key = MarkKey(home.casebook.help_register.mark_key() or b"")
        signer = home.party_keys().party().verify_key
    found = open_relay_file(sealed, key=KEY, signers=[signer])
    assert (found.number, found.secret.seed(), found.duty, found.made) == (2, secret, tuple(DUTY), NOW)
    days = [TODAY + dt.timedelta(days=place) for place in range(-1, 10)]
    assert found.marks_by_day() == {day: mark_key.mark_of(day) for day in days} == made.marks_by_day()


def test_no_relay_file_is_made_for_a_removed_relay_or_with_keys_that_are_not_two_others(desk: Desk) -> None:
    with unlocked(desk) as home:
        place = add_place(home, PLACE, today=TODAY)
        add_relay(home, "clinic-1", place=place, today=TODAY)
        with pytest.raises(BeaconRefused, match="before the first button"):
            make_relay_file(home, 1, to=KEY.public_key(), duty=DUTY, days=11, today=TODAY, now=NOW)
        remove_relay(home, 1, today=TODAY)
        with pytest.raises(BeaconRefused, match="no relay 1 is in use"):
            make_relay_file(home, 1, to=KEY.public_key(), duty=DUTY, days=11, today=TODAY, now=NOW)


def test_the_keys_of_relay_and_duty_machines_must_be_three(desk: Desk) -> None:
    with unlocked(desk) as home:
        make_ready(home)
        for duty, to, reason in (
            (DUTY[:1], KEY.public_key(), "two different duty keys"),
            ([DUTY[0]] * 2, KEY.public_key(), "two different duty keys"),
            (DUTY, RelayFilePublicKey(DUTY[0].to_bytes()), "none of the duty keys"),
        ):
            with pytest.raises(BeaconRefused, match=reason):
                make_relay_file(home, 1, to=to, duty=duty, days=11, today=TODAY, now=NOW)
        with pytest.raises(BeaconRefused, match="for 4 to 40 days"):
            make_relay_file(home, 1, to=KEY.public_key(), duty=DUTY, days=3, today=TODAY, now=NOW)


def test_the_command_writes_a_file_and_refuses_what_is_no_key_of_a_relay(desk: Desk) -> None:
    with unlocked(desk) as home:
        make_ready(home)
    key, duty, out = desk.folder / "relay-file.pub", desk.folder / "duty", desk.folder / "relay-1"
    options = ("--to", key, "--duty", duty, "--duty", desk.folder / "other", "--out", out)
    for path, text in ((duty, DUTY[0]), (desk.folder / "other", DUTY[1])):
        path.write_text(f"{text}\n", encoding="ascii")
    key.write_text("age1pq1nonsense\n", encoding="ascii")
    assert desk.run("beacon", "relays", "file", desk.home, "1", *options) == 1
    assert "relay-file.pub" in desk.err
    assert not out.exists()
    key.write_text(f"{KEY.public_key()}\n", encoding="ascii")
    assert "bring it with the newest manifest" in desk.do("beacon", "relays", "file", desk.home, "1", *options)
    assert out.stat().st_mode & 0o077 == 0
