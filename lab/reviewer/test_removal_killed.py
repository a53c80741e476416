"""A removal of a person that is killed at many steps, and an upgrade of a home's lock: one of both states opens."""

from pathlib import Path

import pytest

from crypto.passphrases.locked_key import lock_key
from reviewer.home.lock import LOCKED_KEY_FILE, PEOPLE_FILE
from tests.reviewer.cut_short import CutShort
from tests.reviewer.home import test_people
from tests.reviewer.home.test_people import FIRST, SECOND, THIRD, Shared

# Its fixtures are ours as well.
furnish_shared, shared = test_people.furnish_shared, test_people.shared


def test_killed_at_many_steps_the_person_is_there_or_the_next_reader_finishes_the_removal(shared: Shared) -> None:
    desk = shared.desk
    short_id = shared.take_in(FIRST, "What I saw.", 1)
    command = ("people", "remove", desk.home, "Amal", *shared.unlock(FIRST))
    killed = CutShort(desk, command, folders=[desk.home])
    removed = 0
    for moment in killed.moments({"rename": 1, "fsync": 4, "fdatasync": 4, "pwrite64": 40}):
        assert killed.run(moment) < 0, moment
        is_there = desk.run("list", desk.home, *shared.unlock(SECOND)) == 0
        # The removed person's try changes nothing: the reader's finishes it.
        assert desk.run("show", desk.home, short_id, *shared.unlock(FIRST)) == 0, (moment, desk.err)
        assert "What I saw." in desk.out
        assert desk.run("log", "verify", desk.home, *shared.unlock(FIRST)) == 0, (moment, desk.err)
        acts = [act for _person, act, _subject in shared.log(FIRST)]
        people = desk.json("people", "list", desk.home, *shared.unlock(FIRST))
        assert ("Amal" in [one["name"] for one in people]) == is_there, moment
        if not is_there:
            removed += 1
            assert acts.count("person removed") == 1
            assert "keys of the home replaced" in acts
            desk.do("archive", desk.home, short_id, *shared.unlock(FIRST))
            assert desk.run("list", desk.home, *shared.unlock(SECOND)) == 1
        killed.put_back()
    assert removed >= 10


@pytest.mark.parametrize("call", ["rename", "fsync", "unlink"])
def test_an_upgrade_of_the_lock_that_is_killed_leaves_a_home_that_opens(shared: Shared, call: str) -> None:
    desk = shared.desk
    home_key = shared.opened(FIRST).people.unlocked.home_key
    (desk.home / LOCKED_KEY_FILE).write_bytes(lock_key(home_key.seed(), THIRD))
    (desk.home / PEOPLE_FILE).unlink()
    killed = CutShort(desk, ("list", desk.home, *shared.unlock(THIRD)), folders=[desk.home])
    assert killed.run(f"{call}:signal=KILL:when=1") < 0
    desk.do("list", desk.home, *shared.unlock(THIRD))
    assert not Path(desk.home / LOCKED_KEY_FILE).exists()
    assert shared.log(THIRD)[-1] == ("first reader", "list", "0 submissions")
