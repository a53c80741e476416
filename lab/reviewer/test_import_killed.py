"""An import that is killed at several moments."""

import signal
import subprocess
import sys

import pytest

from tests.reviewer.casebook.test_interrupted import _big_bundle
from tests.reviewer.desk_stage import PROGRAM, Desk

DIES = f"""
import io, os, signal, sys

class Dies(io.RawIOBase):
    lines_left = int(sys.argv.pop(1))

    def writable(self):
        return True

    def write(self, piece):
        written = os.write(2, piece)
        self.lines_left -= bytes(piece).startswith(b"read ")
        if not self.lines_left:
            os.kill(os.getpid(), signal.SIGKILL)
        return written

sys.stderr = io.TextIOWrapper(Dies(), encoding="utf-8", write_through=True)
{PROGRAM}
"""
"""The program, killed by itself after so many lines: a reader of them may be late with the signal."""


@pytest.mark.parametrize("after_lines", [1, 4, 9])
def test_an_import_that_is_killed_leaves_the_casebook_as_it_was(desk: Desk, after_lines: int) -> None:
    (first,) = desk.take_in(desk.server.seal())
    file = desk.write(_big_bundle(desk.server))
    killed = subprocess.run(
        [sys.executable, "-c", DIES, str(after_lines), "--beside-network", "import", desk.home, file],
        capture_output=True,
        check=False,
        timeout=120,
    )
    assert killed.returncode == -signal.SIGKILL
    assert killed.stderr.count(b"\nread ") == after_lines
    assert [one["id"] for one in desk.submissions()] == [first]
    desk.do("import", desk.home, file)
    assert len(desk.submissions()) == 2
    desk.do("log", "verify", desk.home)
