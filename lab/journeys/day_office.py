"""The office of a working day: one laptop that people share, a colleague's laptop, and another organisation's."""

import hashlib
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from demo.firefox import Firefox
from lab.journeys.day_tips import day_of_tips
from tests.reviewer.colleagues import Colleague
from tests.reviewer.desk_stage import PROGRAM, Desk
from tests.tipline.processes import ended_after

FIRST, NOOR = "the first of the phrases", "a passphrase of the member"


class Office:
    """The ``desk`` is shared and has a passphrase; the colleague ``second`` has a laptop alone."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.unlock = ("--passphrase-file", self._passphrase())
        desk.found(*self.unlock)
        desk.do("servers", "add", desk.home, desk.server.write_party(desk.folder), *self.unlock)
        desk.issue(*self.unlock)
        self.second = Colleague(desk, "second")
        self.second.join()
        manifest = desk.issue("--with", self.second.offer(), *self.unlock)
        self.second.adopt(manifest)
        made = desk.folder / "made"
        made.mkdir()
        self.tips = day_of_tips(desk.server, made)
        self.for_colleagues = desk.folder / "for-colleagues"
        self.file = desk.write(desk.server.submissions(*self.tips))

    def tip(self, number: int) -> str:
        """The short id of one of the tips, counted from 0."""
        return hashlib.sha256(self.tips[number]).hexdigest()[:12]

    def other(self) -> Desk:
        """A third home, of another organisation."""
        other = self.desk.beside(self.desk.folder / "other")
        other.do("init", other.home, "--root", other.root, "--organisation", "Example Shelter")
        return other

    def _passphrase(self) -> Path:
        file = self.desk.folder / "passphrase"
        file.write_text(FIRST, encoding="utf-8")
        return file


@contextmanager
def at_the_desk(window: Firefox, home: Path, *options: str | Path) -> Iterator[str]:
    """The desk of this home, opened in ``window``; its address without a path. Ctrl-C ends it."""
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "--beside-network", "desk", home, *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with ended_after(process):
        try:
            assert process.stdout is not None
            address = process.stdout.readline().strip()
            window.open(address)
            yield address.partition("/open/")[0]
        finally:
            process.send_signal(signal.SIGINT)
            _out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert "Traceback" not in err
