"""Processes that read a source's files: started and awaited here, ended when the desk locks.

The program that holds keys passes files in memory and reads the results; it parses neither. Each process drops its
rights before it reads a byte (:mod:`reviewer.clean_copy.shut_in`).
"""

import fcntl
import os
import select
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import IO, Final

from reviewer.clean_copy.limits import MOST_PIXELS, WAIT_SECONDS, Ending
from reviewer.errors import NoCleanCopy
from system.errors import ProgramError

_ENVIRONMENT: Final = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"}
REASONS: Final = {
    Ending.DAMAGED: "it is damaged, cut off, or no real picture",
    Ending.TOO_MANY_PIXELS: f"it has more than {MOST_PIXELS // 1_000_000} million pixels",
    Ending.TOO_MUCH_MEMORY: "it is too large to be decoded here",
}

_SEALS: Final = fcntl.F_SEAL_SEAL | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_WRITE

Child = subprocess.Popen[bytes]


class CutShort(Exception):
    """The desk is being locked: the processes were ended, and the step that waited for one ends."""


class OutOfTime(ProgramError):
    """The time of :meth:`Children.within` is over."""


class Children:
    """The running processes. :meth:`end` may come from any thread; after it none is started."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self._until = float("inf")
        self._changing = threading.Lock()
        self._running: set[Child] = set()
        self._is_over = False

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """Bound the time, by the clock, of all processes of the block together.

        An outer bound holds too.
        """
        outer = self._until
        self._until = min(outer, self.clock() + seconds)
        try:
            yield
        finally:
            self._until = outer

    def seconds_left(self) -> float:
        """Of the nearest bound; infinite without one."""
        return self._until - self.clock()

    @contextmanager
    def started(
        self, module: str, *arguments: str, stdin: int | IO[bytes] | None, stdout: int | IO[bytes]
    ) -> Iterator[Child]:
        """Start one of our modules as a process, which ends with the block at the latest.

        Raises:
            CutShort, OutOfTime: as :meth:`command`.
        """
        with self.command([sys.executable, "-P", "-m", module, *arguments], stdin=stdin, stdout=stdout) as child:
            yield child

    @contextmanager
    def command(
        self,
        command: Sequence[str],
        *,
        stdin: int | IO[bytes] | None,
        stdout: int | IO[bytes],
        pass_fds: Sequence[int] = (),
    ) -> Iterator[Child]:
        """Start a command, which ends with the block at the latest; it inherits ``pass_fds`` too.

        Raises:
            CutShort: :meth:`end` was called.
            OutOfTime: the time of :meth:`within` is over.
            FileNotFoundError: the program is not installed.
        """
        self._require_time()
        with self._changing:
            if self._is_over:
                raise CutShort
            child = subprocess.Popen(
                command,
                stdin=stdin,
                stdout=stdout,
                stderr=subprocess.DEVNULL,  # a library may quote what it reads
                env=_ENVIRONMENT,
                start_new_session=True,
                pass_fds=pass_fds,
            )
            self._running.add(child)
        try:
            with child:
                try:
                    yield child
                finally:
                    child.kill()
        finally:
            with self._changing:
                self._running.discard(child)

    def require_done(self, *some: Child) -> None:
        """Wait until all have ended; of several, the first that failed is named.

        Raises:
            NoCleanCopy: one found a fault in its file, or needed more than it may use.
            ProgramError: the kernel does not shut it in, or a copy is not bare.
            CutShort, OutOfTime: as :meth:`command`.
        """
        for ending in self.endings(*some):
            require_done(ending)

    def endings(self, *some: Child, seconds: float = WAIT_SECONDS) -> list[int]:
        """Wait until all have ended; their exit codes, as :attr:`subprocess.Popen.returncode` gives them.

        Raises:
            NoCleanCopy: they take longer than ``seconds`` together.
            CutShort, OutOfTime: as :meth:`command`.
        """
        until = time.monotonic() + min(seconds, self.seconds_left())
        try:
            # The last of a row ends when the others have.
            endings = [_ending(child, until) for child in reversed(some)]
        except subprocess.TimeoutExpired:
            self._require_time()
            raise NoCleanCopy("it takes too long to be decoded") from None
        with self._changing:
            if self._is_over:
                raise CutShort
        return endings[::-1]

    def _require_time(self) -> None:
        if self.seconds_left() <= 0:
            raise OutOfTime("its processes may take no more time")

    def require_going(self) -> None:
        """Return unless :meth:`end` was called: for long work of this process between two of theirs.

        Raises:
            CutShort: it was.
        """
        with self._changing:
            if self._is_over:
                raise CutShort

    def end(self) -> None:
        """Kill all of them, and start no more."""
        with self._changing:
            self._is_over = True
            for child in self._running:
                child.kill()

    def process_ids(self) -> list[int]:
        """Ids of the running processes."""
        with self._changing:
            return [child.pid for child in self._running]


def _ending(child: Child, until: float) -> int:
    """The exit code, as soon as the process has ended.

    :meth:`subprocess.Popen.wait` with a time would look now and then only.

    Raises:
        subprocess.TimeoutExpired: it is later than ``until``, on the monotonic clock.
    """
    try:
        ended = os.pidfd_open(child.pid) if child.returncode is None else None
    except ProcessLookupError:  # it was ended and reaped meanwhile, by the thread that locks the desk
        ended = None
    if ended is not None:
        try:
            poll = select.poll()
            poll.register(ended, select.POLLIN)
            poll.poll(max(0.0, until - time.monotonic()) * 1000)
        finally:
            os.close(ended)
    return child.wait(0)


def require_done(ending: int) -> None:
    """Return when this exit code of a process of ours says that it did its work.

    Raises:
        NoCleanCopy: it found a fault in its file, or needed more than it may use.
        ProgramError: the kernel does not shut it in, or a copy is not bare.
    """
    if ending == Ending.NOT_SHUT_IN:
        raise ProgramError(
            "the kernel of this machine does not shut in what looks at a file, so none is looked at",
            hint="use a kernel with seccomp, on x86-64 or ARM64, as Debian 12 and 13 have it",
        )
    if ending == Ending.NOT_BARE:
        raise ProgramError(
            "a copy holds more than the picture, so nothing was written",
            hint="please report this as a fault of the program",
        )
    if ending in REASONS:
        raise NoCleanCopy(REASONS[Ending(ending)])
    if ending != Ending.DONE:
        raise NoCleanCopy("what looks at it broke off, or needed more than it may use")


class MemoryFile:
    """Bytes that a child reads or writes: nothing of a tip is written to a disk on its way.

    With content it is sealed: no child that gets it can change it.
    """

    def __init__(self, content: bytes | Iterable[bytes] = b"") -> None:
        """``content`` may come in pieces, so that a large file is in memory once only."""
        self._file = os.fdopen(os.memfd_create("file", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING), "w+b", buffering=0)
        try:
            for piece in (content,) if isinstance(content, bytes) else content:
                at = 0
                while at < len(piece):
                    at += self._file.write(memoryview(piece)[at:])
        except BaseException:
            self._file.close()
            raise
        if content:
            fcntl.fcntl(self._file, fcntl.F_ADD_SEALS, _SEALS)

    def __enter__(self) -> "MemoryFile":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def reader(self) -> IO[bytes]:
        """A read-only descriptor for a child, at its beginning, with its own position."""
        return open(f"/proc/self/fd/{self._file.fileno()}", "rb", buffering=0)

    @property
    def writer(self) -> int:
        """A descriptor for the one child that fills it."""
        return self._file.fileno()

    def content(self) -> bytes:
        """All of it, after the writing child has ended. The child's limit bounds its size."""
        self._file.seek(0)
        return self._file.readall()
