"""Power that fails in the middle: the casebook is as before, and the same step again works."""

import os
import pty
import subprocess
import sys
import threading
from pathlib import Path

from tests.fakes_server import FakeServer, a_mailbox
from tests.reviewer.desk_stage import PROGRAM, Desk

BIG = 24 << 20


def test_a_terminal_sees_a_bar_and_a_pipe_sees_plain_lines(desk: Desk) -> None:
    file = desk.write(_big_bundle(desk.server))
    shown = _on_a_terminal("--beside-network", "import", desk.home, file)
    assert "24." in shown or "25." in shown or "26." in shown or "28." in shown
    assert "MiB" in shown
    assert "━" in shown
    desk.home = desk.folder / "other"
    desk.root = desk.folder / "other-root"
    desk.server.last = None
    desk.found()
    desk.server.keys = FakeServer().keys
    desk.know_server()
    for path in desk.folder.glob("*.minisig"):  # of the organisation before
        path.unlink()
    desk.issue()
    desk.do("import", desk.home, desk.write(_big_bundle(desk.server)))
    lines = [line for line in desk.err.splitlines() if line.startswith("read ")]
    assert 5 <= len(lines) <= 10
    assert "━" not in desk.err


def _big_bundle(server: FakeServer) -> bytes:
    files = [("big.bin", "application/octet-stream", os.urandom(BIG))]
    return server.submissions(server.seal(files=files, submission_id=bytes(16)))


def _on_a_terminal(*arguments: str | Path) -> str:
    """The drawing of a command on standard error when that is a terminal."""
    ours, theirs = pty.openpty()
    drawn: list[bytes] = []

    def read() -> None:
        while True:
            try:
                piece = os.read(ours, 65536)
            except OSError:
                return  # the other side has closed
            if not piece:
                return
            drawn.append(piece)

    reader = threading.Thread(target=read)
    reader.start()
    try:
        subprocess.run(
            [sys.executable, "-c", PROGRAM, *map(str, arguments)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=theirs,
            env={**os.environ, "TERM": "xterm", "COLUMNS": "100"},
            check=True,
            timeout=120,
        )
    finally:
        os.close(theirs)
        reader.join()
        os.close(ours)
    return b"".join(drawn).decode()


def test_what_a_killed_save_left_under_a_hidden_name_goes_with_the_next_one(desk: Desk) -> None:
    """It is readable, and no one would look for it."""
    (short_id,) = desk.take_in(desk.server.seal(fields=[("text", "a tip")], mailbox=a_mailbox()))
    above_all_pids = 1 << 22
    left = desk.folder / f".case.{above_all_pids + 1}.part"
    alive = desk.folder / f".case.{os.getppid()}.part"
    others = desk.folder / f".another.{above_all_pids + 1}.part"
    for folder in (left, alive, others):
        folder.mkdir()
        (folder / "text.txt").write_text("a tip")
    desk.do("save", desk.home, short_id, "--on-disk", "--to", desk.folder / "case")
    assert not left.exists()
    assert alive.exists()
    assert others.exists()
