"""Copies B of sightings are opened behind the air gap, and nowhere else."""

import datetime as dt
from pathlib import Path

from crypto.beacon.relay_post import open_post, seal_post
from crypto.beacon.rotating_id import ButtonSeed, Meaning, id_at
from crypto.beacon.sighting import HeardId, RelaySecret, Sighting
from crypto.keys.keys import DutySecretKey, IntakePublicKey, IntakeSecretKey
from crypto.primitives.week import Week
from reviewer.beacon.places import remove_relay
from reviewer.home.home import Home
from tests.reviewer.beacon.beacon_home import TODAY, make_ready, unlocked
from tests.reviewer.desk_stage import Desk

DUTY = DutySecretKey(bytes(32))
COLLEAGUES = [IntakeSecretKey(bytes([place]) * 32).public_key() for place in (3, 4, 5)]
NOON = int(dt.datetime.combine(TODAY, dt.time(12), dt.UTC).timestamp())


def heard_at(seed: bytes, meaning: Meaning, at: int) -> HeardId:
    return HeardId(id_at(ButtonSeed(seed).id_key(meaning), at), at, at + 5, 9, -70)


def copy_of(home: Home, relay: int, *ids: HeardId, at: int = NOON, key: IntakePublicKey | None = None) -> bytes:
    """Copy B, as a duty machine takes it out of a post."""
    week = home.keyring.intake_weeks()[0]
    secrets = {one.number: RelaySecret(one.secret) for one in home.casebook.help_register.relays()}

    def key_of(number: int, of: Week):  # type: ignore[no-untyped-def]
        return secrets[number].of_week(of)

    sighting = Sighting(relay, week, bytes(8), 1, at, ids=ids)
    first = key or home.keyring.intake_key(week).public_key()
    duty = [DUTY.public_key(), DutySecretKey(bytes([9]) * 32).public_key()]
    post = seal_post(sighting, key=key_of(relay, week), duty=duty, intake=[first, *COLLEAGUES])
    return open_post(post, keys=[DUTY], key_of=key_of).copy or b""


def seed_of(home: Home, number: int) -> bytes:
    button = home.casebook.help_register.button(number)
    assert button is not None
    return button.seed or b""


def write(desk: Desk, *copies: bytes) -> Path:
    path = desk.folder / "copies"
    path.write_bytes(b"".join(copies))
    return path


def test_a_press_that_two_relays_heard_over_two_windows_is_one_press_and_is_taken_once(desk: Desk) -> None:
    with unlocked(desk) as home:
        number = make_ready(home)
        seed = seed_of(home, number)
        late = NOON + 1024
        copies = [
            copy_of(home, 1, heard_at(seed, Meaning.HELP_1, NOON), heard_at(seed, Meaning.HELP_1, late)),
            copy_of(home, 2, heard_at(seed, Meaning.HELP_1, NOON + 3), heard_at(seed, Meaning.DRILL, NOON)),
        ]
    assert "2 copies: 3 new sightings of presses, 0 known" in desk.do(
        "beacon", "take", desk.home, write(desk, *copies)
    )
    assert "1 ids of drills" in desk.out
    [press] = desk.json("beacon", "sightings", desk.home)["presses"]
    assert (press["button"], press["place"], press["relays"]) == (number, 1, [1, 2])
    assert (press["first"], press["last"]) == (f"{TODAY} 12:00:00", f"{TODAY} 12:17:09")
    assert "Harbour clinic" in desk.do("beacon", "sightings", desk.home)
    assert "0 new sightings of presses, 3 known" in desk.do("beacon", "take", desk.home, write(desk, *copies))


def test_each_copy_is_judged_alone_and_a_bad_one_costs_no_other(desk: Desk) -> None:
    with unlocked(desk) as home:
        number = make_ready(home)
        seed = seed_of(home, number)
        good = copy_of(home, 1, heard_at(seed, Meaning.HELP_2, NOON))
        replayed = HeardId(id_at(ButtonSeed(seed).id_key(Meaning.HELP_2), NOON), NOON + 7200, NOON + 7200, 1, -50)
        stranger = copy_of(home, 1, heard_at(bytes([7]) * 32, Meaning.HELP_1, NOON), replayed)
        foreign = copy_of(home, 1, key=IntakeSecretKey(bytes([6]) * 32).public_key())
        afterwards = copy_of(home, 2, heard_at(seed, Meaning.HELP_3, NOON + 86_400), at=NOON + 86_400)
        before = copy_of(home, 2, heard_at(seed, Meaning.HELP_2, NOON))
        remove_relay(home, 2, today=TODAY)
    changed = good[:-1] + bytes([good[-1] ^ 1])
    said = desk.do("beacon", "take", desk.home, write(desk, changed, foreign, afterwards, stranger, before, good))
    assert "6 copies: 2 new sightings of presses, 0 known" in said
    assert "2 ids of no button at their time" in said
    for reason in ("malformed", "no key opens", "sent after its relay was removed"):
        assert f"1 copies refused: {reason}" in desk.err
    [press] = desk.json("beacon", "sightings", desk.home)["presses"]
    assert press["relays"] == [1, 2]


def test_a_file_that_is_cut_is_refused_and_changes_nothing(desk: Desk) -> None:
    with unlocked(desk) as home:
        number = make_ready(home)
        copy = copy_of(home, 1, heard_at(seed_of(home, number), Meaning.HELP_1, NOON))
    for content in (b"", copy[:-1], copy + b"\0"):
        assert desk.run("beacon", "take", desk.home, write(desk, content)) == 1
    assert desk.json("beacon", "sightings", desk.home)["presses"] == []
