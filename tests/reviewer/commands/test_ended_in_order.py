"""SIGTERM, and SIGHUP when the terminal is closed: what is half written and readable goes, as with Ctrl-C."""

import os
import pty
import subprocess
import sys

import pytest

from tests.reviewer.desk_stage import PROGRAM, Desk

pytestmark = pytest.mark.usefixtures("signals_end")


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
