"""SIGTERM, and SIGHUP when the terminal is closed: what is half written and readable goes, as with Ctrl-C."""

import os
import pty
import subprocess
import sys

import pytest

from tests.fakes_server import a_mailbox
from tests.reviewer.cut_short import CutShort
from tests.reviewer.desk_stage import PROGRAM, Desk

pytestmark = pytest.mark.usefixtures("signals_end")
STEPS = {"mkdir": 1, "fsync": 1, "rename": 1}
"""Every call of these: the folder is made, its files are written, it gets its name."""


@pytest.mark.parametrize("name", ["TERM", "HUP"])
def test_a_save_that_is_ended_at_any_step_leaves_the_whole_folder_or_nothing(desk: Desk, name: str) -> None:
    (short_id,) = desk.take_in(desk.server.seal(fields=[("text", "a tip")], mailbox=a_mailbox()))
    stick = desk.folder / "stick"
    stick.mkdir()
    save = ["save", desk.home, short_id, "--to", stick / "case"]
    cut = CutShort(desk, save, folders=[desk.home, stick])
    left = []
    for moment in cut.moments(STEPS, name=name):
        code = cut.run(moment)
        files = sorted(str(path.relative_to(stick)) for path in stick.rglob("*"))
        assert files in ([], ["case", "case/contents.json", "case/message.txt"]), (moment, code)
        left.append((code, len(files)))
        cut.put_back()
    assert (1, 0) in left
    assert {code for code, _files in left} <= {0, 1}


def test_a_terminal_that_is_closed_ends_a_command_that_waits_at_it(bare_desk: Desk) -> None:
    """The kernel sends SIGHUP to what runs there, and nothing can be said to it any more."""
    ours, theirs = pty.openpty()
    found = ["init", bare_desk.home, "--root", bare_desk.root, "--organisation", "Example Watch"]
    with subprocess.Popen(
        ["setsid", "--ctty", sys.executable, "-c", PROGRAM, "--beside-network", *found],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    ) as process:
        os.close(theirs)
        shown = b""
        while b"New passphrase for this home: " not in shown:
            shown += os.read(ours, 4096)
        os.close(ours)
        assert process.wait(60) == 1
    assert not bare_desk.home.exists()
    assert not bare_desk.root.exists()
