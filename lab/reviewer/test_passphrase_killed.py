"""A change of the passphrase that is killed at any step."""

from pathlib import Path

from tests.reviewer.cut_short import CutShort
from tests.reviewer.desk_stage import Desk
from tests.reviewer.home import test_passphrase
from tests.reviewer.home.test_passphrase import NEW

# Its fixtures are ours as well.
furnish_locked, locked = test_passphrase.furnish_locked, test_passphrase.locked


def test_killed_at_any_step_one_of_both_opens_the_home(bare_desk: Desk, locked: Path) -> None:
    new = bare_desk.folder / "new"
    new.write_text(NEW, encoding="utf-8")
    command = ("passphrase", bare_desk.home, "--passphrase-file", locked, "--new-passphrase-file", new)
    killed = CutShort(bare_desk, command, folders=[bare_desk.home])
    for moment in killed.moments({"rename": 1, "fsync": 1}):
        assert killed.run(moment) < 0, moment
        codes = [bare_desk.run("list", bare_desk.home, "--passphrase-file", file) for file in (locked, new)]
        assert sorted(codes) == [0, 1]
        killed.put_back()
