"""A program that we started: watched, and ended together with its own children only."""

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

GRACE_SECONDS = 10.0


class Child:
    """One program in a process group of its own, with its output in a file.

    It is not reaped before :meth:`end`. Until then its number, which is also its group's, cannot be given to
    another process, so that a signal to the group reaches only our processes.
    """

    def __init__(
        self,
        arguments: Sequence[str | Path],
        *,
        log: Path,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        said: bytes = b"",
        descriptors: Sequence[int] = (),
    ) -> None:
        """Start it; ``said`` is all that its standard input holds, ``descriptors`` stay open in it.

        Raises:
            OSError: it cannot be started.
        """
        # Should we be killed without a chance to end it, the kernel asks it to end.
        with_us = ("setpriv", "--pdeathsig", "TERM") if shutil.which("setpriv") else ()
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                [*with_us, *arguments],
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=output,
                env=env,
                cwd=cwd,
                start_new_session=True,
                pass_fds=descriptors,
            )
        assert self._process.stdin is not None  # noqa: S101 -- asked for above
        with contextlib.suppress(BrokenPipeError), self._process.stdin as entry:
            entry.write(said)
        self.log = log
        self.pid = self._process.pid

    def running(self) -> bool:
        """True if the program itself still runs."""
        if self._process.returncode is not None:
            return False
        return os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None

    def said(self) -> str:
        """All of its output."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def last_words(self, lines: int = 5) -> str:
        """The end of its output."""
        return "\n".join(self.said().splitlines()[-lines:])

    def end(self, *, grace_seconds: float = GRACE_SECONDS) -> int:
        """Ask it to end, wait, kill the rest of its group, and return its exit code. May be repeated."""
        if self._process.returncode is None:
            self._signal_group(signal.SIGTERM)
            deadline = time.monotonic() + grace_seconds
            while self.running() and time.monotonic() < deadline:
                time.sleep(0.02)
            self._signal_group(signal.SIGKILL)
            while self._others_left() and time.monotonic() < deadline + grace_seconds:
                time.sleep(0.02)
            self._process.wait()
        return self._process.returncode

    def _signal_group(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, number)

    def _others_left(self) -> bool:
        """True if another process of the group has not ended yet."""
        for entry in Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):
                state, _parent, group = entry.read_text(errors="replace").rpartition(")")[2].split()[:3]
                if int(group) == self.pid and state not in "ZX" and entry.parent.name != str(self.pid):
                    return True
        return False


def end_all_that_name(folder: Path, *, program: bytes, grace_seconds: float = GRACE_SECONDS) -> None:
    """Wait for programs with this folder among their arguments to end, then kill them.

    Args: folder: a throw-away folder. program: a part of the path of the programs meant, so that a pager with an
    open log is not killed.
    """
    deadline = time.monotonic() + grace_seconds
    while left := _naming(os.fsencode(folder), program):
        if time.monotonic() > deadline:
            for pid in left:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        time.sleep(0.02)


def _naming(folder: bytes, program: bytes) -> list[int]:
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            called, *arguments = entry.read_bytes().split(b"\0")
            if program in called and any(part == folder or part.startswith(folder + b"/") for part in arguments):
                found.append(int(entry.parent.name))
    return found
