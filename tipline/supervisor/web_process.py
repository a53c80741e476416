"""Starts the web process, waits until it is ready, restarts it when it dies, and ends it.

Its own code begins in :mod:`tipline.web.start`.
"""

import contextlib
import json
import os
import queue
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final, TypeVar

from system.errors import ProgramError
from tipline.machine.listener import ListenAddress, close_listener, listen
from tipline.operations.first_page import FirstPage
from tipline.store.events import Event
from tipline.web.order import WebOrder

Report = Callable[[str], None]
Note = Callable[[Event], None]
_News = TypeVar("_News", str, Event)

READY_SECONDS: Final = 60.0
_MOST_RESTARTS: Final = 5
_RESTART_WINDOW_SECONDS: Final = 120.0
_LONG_PAUSE_SECONDS: Final = 30.0
_LOOK_SECONDS: Final = 0.5
_END_SECONDS: Final = 8.0
_LONGEST_LINE_BYTES: Final = 64 << 10
# What a source sent must not stay readable in freed memory: every block goes to glibc, which overwrites it; those
# of up to 1 KiB (short texts, words) only where it keeps no cache for each thread. The other three give memory back
# to the system: with an arena a processor and glibc's own thresholds, two uploads of 400 MiB left 70 MiB more
# resident than before them; with these about 30, for a tenth more processor time.
_MALLOC: Final = {
    "perturb": 165,
    "tcache_count": 0,
    "arena_max": 1,
    "mmap_threshold": 2 << 20,
    "trim_threshold": 4 << 20,
}
_ENVIRONMENT: Final = {
    "PYTHONMALLOC": "malloc",
    "GLIBC_TUNABLES": ":".join(f"glibc.malloc.{name}={value}" for name, value in _MALLOC.items()),
    # Else the loader, when a function of a library is called for the first time, leaves the processor's registers
    # on the stack, and in them some hundred bytes of what was copied last.
    "LD_BIND_NOW": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
    "LANG": "C.UTF-8",
    "TMPDIR": "/nonexistent/tipline-writes-no-temporary-files",
}


class WebProcessFailed(ProgramError):
    """The web process did not start, or ended."""


class WebProcess:
    """A running web process with its sockets. ``stop`` it, or use it in a ``with``."""

    def __init__(self, order: WebOrder, *, is_over: Callable[[], bool] = lambda: False) -> None:
        """Binds, starts, and waits until the site answers, or until it ``is_over``.

        Raises:
            ListenerError: a socket or port is taken.
            WebProcessFailed: it said why, or gave no sign.
        """
        self._listeners: list[socket.socket] = []
        self._told: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        self._process: subprocess.Popen[bytes] | None = None
        self._reader: threading.Thread | None = None
        self.keeps_to_its_files = False
        """Landlock confines it to the files that it needs."""
        try:
            for bind in filter(None, (order.public, order.courier, order.relays)):
                self._listeners.append(listen(bind))
            self._process = self._start(order)
            self._reader = self._reading(self._process.stdout)
            self._await_ready(is_over)
        except BaseException:
            self.stop()
            raise

    @property
    def port(self) -> int | None:
        """Port of a public TCP listener, for an order with port 0."""
        name = self._listeners[0].getsockname()
        return int(name[1]) if isinstance(name, tuple) else None

    @property
    def process_id(self) -> int:
        if self._process is None:
            raise RuntimeError("the web process was not started")
        return self._process.pid

    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def stop(self) -> None:
        """Let running requests end for some seconds, then end all; no process and no socket is left."""
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(_END_SECONDS)
            except subprocess.TimeoutExpired:
                # Its worker goes with it: the kernel tells it that its parent is gone.
                self._process.kill()
                self._process.wait()
            if self._reader is not None:
                self._reader.join(_END_SECONDS)
            if self._process.stdout is not None:
                self._process.stdout.close()
        for listener in self._listeners:
            close_listener(listener)
        self._listeners.clear()

    def __enter__(self) -> "WebProcess":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _start(self, order: WebOrder) -> "subprocess.Popen[bytes]":
        descriptors = [listener.fileno() for listener in self._listeners]
        told = replace(order, listeners=tuple(descriptors), parent=os.getpid())
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "tipline.web.start"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            pass_fds=descriptors,
            env=_ENVIRONMENT,
            start_new_session=True,  # Ctrl-C in the terminal is the parent's to pass on, in its order
        )
        if process.stdin is not None:
            with contextlib.suppress(BrokenPipeError), process.stdin as pipe:
                pipe.write(told.to_line())
        return process

    def _reading(self, stream: Any) -> threading.Thread:
        reader = threading.Thread(target=self._read, args=(stream,), name="web-process", daemon=True)
        try:
            reader.start()
        except RuntimeError as error:
            raise WebProcessFailed("the system gave no thread to watch the web process in") from error
        return reader

    def _read(self, stream: Any) -> None:
        """Read its first line, then drop all others: a compromised process may write without end."""
        heard = False
        for line in iter(lambda: stream.readline(_LONGEST_LINE_BYTES), b""):
            with contextlib.suppress(ValueError, RecursionError):
                if not heard:
                    self._told.put(json.loads(line))
                    heard = True
        self._told.put(None)

    def _await_ready(self, is_over: Callable[[], bool]) -> None:
        ends_at = time.monotonic() + READY_SECONDS
        told: dict[str, Any] | None = None
        while True:
            try:
                told = self._told.get(timeout=_LOOK_SECONDS)
                break
            except queue.Empty:
                if is_over():
                    raise WebProcessFailed("the web process was told to end before it was ready") from None
                if time.monotonic() > ends_at:
                    raise WebProcessFailed(f"the web process did not report within {READY_SECONDS:.0f} s") from None
        if told is None:
            raise WebProcessFailed("the web process ended at its start", hint="its own messages are above")
        if not told.get("ready"):
            raise WebProcessFailed(str(told.get("error")), hint=told.get("hint"))
        self.keeps_to_its_files = bool(told.get("keeps_to_its_files"))


class WebSupervisor:
    """Restarts a web process whenever it has died.

    The process that supervises holds the database key, and may be the only one that does until the operator types
    the passphrase again.
    """

    def __init__(
        self,
        order: WebOrder,
        warn: Report,
        note: Note,
        *,
        is_over: Callable[[], bool],
        start: Callable[..., WebProcess] = WebProcess,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        """``is_over`` breaks a start again off; signals break off the first one, before the watch begins.

        Raises:
            ListenerError, WebProcessFailed: it does not start to begin with.
        """
        self._order = order
        self._warn = warn
        self._note = note
        self._is_over = is_over
        self._deaths: list[float] = []
        self._again_at = 0.0
        self._start = start
        self._seconds = seconds
        self._web = start(order)

    def address(self) -> str:
        port = self._web.port
        return f"http://127.0.0.1:{port}/" if port is not None else str(self._order.public)

    def first_page(self) -> FirstPage:
        """Return where the first page can be requested."""
        port, path = self._web.port, self._order.public.path
        return FirstPage(ListenAddress(None if path is None else path.absolute(), port), self._order.behind_tor)

    def keeps_to_its_files(self) -> bool:
        """Return whether Landlock confines it to the files that it needs."""
        return self._web.keeps_to_its_files

    def restart_if_dead(self) -> None:
        """Restart it if it is dead. Does not fail.

        After several deaths within two minutes, or if it does not start, it tries again in half a minute.
        """
        now = self._seconds()
        if self._web.is_running() or now < self._again_at:
            return
        self._deaths = [death for death in self._deaths if now - death < _RESTART_WINDOW_SECONDS] + [now]
        if len(self._deaths) > _MOST_RESTARTS:
            self._again_at = now + _LONG_PAUSE_SECONDS
        _tell(self._warn, "the web process died; starting it again")
        _tell(self._note, Event.WEB_PROCESS_DIED)
        try:
            self._web.stop()
            self._web = self._start(self._order, is_over=self._is_over)
        except (ProgramError, OSError, MemoryError, RuntimeError) as error:
            self._again_at = self._seconds() + _LONG_PAUSE_SECONDS
            if self._is_over():
                return
            reason = str(error) if isinstance(error, ProgramError) else type(error).__name__
            _tell(self._note, Event.NO_START_WEB)
            _tell(self._warn, f"it does not start: {reason}; trying again in {_LONG_PAUSE_SECONDS:.0f} s")

    def stop(self) -> None:
        self._web.stop()

    def __enter__(self) -> "WebSupervisor":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def _tell(tell: Callable[[_News], None], news: _News) -> None:
    """Report, and ignore a failure: a report is never worth a site that stays down."""
    with contextlib.suppress(ProgramError, OSError, MemoryError, RuntimeError):
        tell(news)
