"""The desk and its browser as two processes; the parent holds no key.

The parent starts Firefox and waits until one of them ends.

The desk is the child, because a locked desk begins again in its own process (:mod:`reviewer.desk.reexec`), which
must not take the browser along. The link comes through a pipe.
"""

import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Final, NoReturn

from reviewer.desk.browser import memory_browser

_LOOK_SECONDS: Final = 0.2
_LONGEST_LINK_BYTES: Final = 4096
_END_SECONDS: Final = 30.0
Told = Callable[[str], None]


def serve_beside_browser(serve: Callable[[Told], int], *, arguments: tuple[str, ...] = ()) -> int:
    """Run ``serve`` in a process of its own, with Firefox at the link that it tells; its exit code.

    When the desk ends, Firefox ends; when the person closes Firefox, the desk ends. The folder of Firefox is
    destroyed in any case. Call it before any key is read and any thread is started.

    Raises:
        ProgramError: this machine has no place in memory for a browser, or no Firefox.
    """
    with memory_browser() as browser:
        readable, writable = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(readable)
            _be_the_desk(serve, writable)
        os.close(writable)
        desk = _Desk(child)
        try:
            if link := _link(readable):
                browser.start(link, arguments=arguments)
                while desk.is_running() and browser.is_running():
                    time.sleep(_LOOK_SECONDS)
        except KeyboardInterrupt:
            pass  # Ctrl-C reaches the desk too; here it only ends the wait
        finally:
            os.close(readable)
            desk.end()
        return desk.outcome


class _Desk:
    """The child."""

    def __init__(self, process_id: int) -> None:
        self._process_id = process_id
        self.outcome = 0
        self._has_ended = False

    def is_running(self) -> bool:
        if not self._has_ended:
            ended, status = os.waitpid(self._process_id, os.WNOHANG)
            self._note(ended, status)
        return not self._has_ended

    def end(self) -> None:
        """Ask it to end, which closes the home in order; kill it if it does not."""
        until = time.monotonic() + _END_SECONDS
        if self.is_running():
            os.kill(self._process_id, signal.SIGTERM)
        while self.is_running() and time.monotonic() < until:
            time.sleep(_LOOK_SECONDS)
        if self.is_running():
            os.kill(self._process_id, signal.SIGKILL)
            self._note(*os.waitpid(self._process_id, 0))

    def _note(self, ended: int, status: int) -> None:
        if ended:
            self._has_ended = True
            self.outcome = os.waitstatus_to_exitcode(status)


def _be_the_desk(serve: Callable[[Told], int], writable: int) -> NoReturn:
    """The child never returns into the parent's code."""
    outcome = 1

    def told(link: str) -> None:
        os.write(writable, link.encode("ascii"))
        os.close(writable)

    try:
        outcome = serve(told)
    finally:
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError, ValueError):  # the terminal was closed
                stream.flush()
        os._exit(outcome)


def _link(readable: int) -> str:
    """The link, when the desk tells it; empty if it ends before."""
    said = b""
    while len(said) < _LONGEST_LINK_BYTES and (piece := os.read(readable, _LONGEST_LINK_BYTES)):
        said += piece
    return said.decode("ascii")
