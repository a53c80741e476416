"""Power that fails while keys of a late twin are taken and tried: the same command finishes it."""

from pathlib import Path

from reviewer.home.home import open_home
from reviewer.terminal.secret_entry import SecretEntry
from reviewer.twin.key_import import has_pending_keys
from tests.reviewer.cut_short import CutShort
from tests.reviewer.desk_stage import Desk
from tests.reviewer.weeks import close_week, first_week

EVERY = {"unlink": 2, "rename": 4, "fsync": 17}
"""Some of the keys that are kept, and of the times that the program waits for a disk."""


def test_killed_at_many_steps_the_same_command_opens_everything_and_no_key_goes_before(desk: Desk) -> None:
    twin = desk.folder / "twin"
    desk.issue("--twin", twin)
    week = first_week(desk)
    backup = desk.backup()
    tips = [desk.server.seal(submission_id=bytes([place]) * 16) for place in range(2)]
    restored = desk.folder / "restored"
    identity = desk.root / "casebook-backup-reviewer.key"
    desk.do("restore", restored, "--from", backup, "--identity", identity)
    desk.home = restored
    desk.take_in(*tips)
    close_week(desk, week)
    bring = ("keys", "restore", desk.home, "--twin", twin)
    command = CutShort(desk, bring, folders=[desk.home])
    moments = list(command.moments(EVERY))
    assert len(moments) >= 6
    held_back = 0
    for moment in moments:
        assert command.run(moment) < 0, moment
        desk.do("log", "verify", desk.home)
        held_back += _is_held_back(desk, str(week), twin, moment)
        assert desk.run(*bring) == 0, (moment, desk.err)
        assert [one["unopenable"] for one in desk.submissions()] == [None, None], moment
        assert list((desk.home / "unopened").iterdir()) == [], moment
        assert len(list((desk.home / "keys").glob("*.key"))) == len(list((twin / "keys").glob("*.key"))), moment
        command.put_back()
    assert held_back >= 3


def _is_held_back(desk: Desk, week: str, twin: Path, moment: str) -> bool:
    """True if the key of the week was taken; then its retirement waits: a tip that only it opens was not tried, or
    is in no backup."""
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        if week not in map(str, home.keyring.intake_weeks()):
            return False
        reason = "keys restore was cut short" if has_pending_keys(home) else "in no casebook backup"
    assert desk.run("keys", "retire", desk.home, "--week", week, "--twin", twin) == 1, moment
    assert reason in desk.err, moment
    return True
