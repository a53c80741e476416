"""Starts the web process, hears when it is ready, ends it. What runs in it begins in :mod:`tipline.web.start`."""

import json
import os
import queue
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from system.errors import ProgramError
from tipline.machine.listener import Bind, close_listener, listen
from tipline.web.connection_slots import WHOLE_ROOM, Room

READY_SECONDS: Final = 60.0
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


@dataclass(frozen=True, slots=True)
class WebOrder:
    """What to serve, and where. ``courier`` is None without couriers' service."""

    folder: Path
    key: bytes
    public: Bind
    courier: Bind | None
    behind_tor: bool
    address: str = ""
    room: Room = WHOLE_ROOM


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
        """Whether the kernel keeps it to the files that it needs."""
        try:
            for bind in filter(None, (order.public, order.courier)):
                self._listeners.append(listen(bind))
            self._process = self._start(order)
            self._reader = self._reading(self._process.stdout)
            self._await_ready(is_over)
        except BaseException:
            self.stop()
            raise

    @property
    def port(self) -> int | None:
        """Of a public listener on TCP; useful where 0 was asked for."""
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
        """Lets running requests end for some seconds, then ends all; no process and no socket is left."""
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
        told = {
            "folder": str(order.folder.absolute()),
            "key": order.key.hex(),
            "listeners": descriptors,
            "courier_socket": str(order.courier.path) if order.courier else "",
            "behind_tor": order.behind_tor,
            "address": order.address,
            "parent": os.getpid(),
            "room": asdict(order.room),
        }
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "tipline.web.start"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            pass_fds=descriptors,
            env=_ENVIRONMENT,
            start_new_session=True,  # Ctrl-C in the terminal is the parent's to pass on, in its order
        )
        if process.stdin is not None:
            with suppress(BrokenPipeError), process.stdin as pipe:
                pipe.write(json.dumps(told).encode() + b"\n")
        return process

    def _reading(self, stream: Any) -> threading.Thread:
        reader = threading.Thread(target=self._read, args=(stream,), name="web-process", daemon=True)
        try:
            reader.start()
        except RuntimeError as error:
            raise WebProcessFailed("the system gave no thread to watch the web process in") from error
        return reader

    def _read(self, stream: Any) -> None:
        """Only what it says first is for us. What has taken it over may say more, without end: that is dropped."""
        heard = False
        for line in iter(lambda: stream.readline(_LONGEST_LINE_BYTES), b""):
            with suppress(ValueError, RecursionError):
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
                    raise WebProcessFailed(f"the web process gave no sign within {READY_SECONDS:.0f} s") from None
        if told is None:
            raise WebProcessFailed("the web process ended at its start", hint="its own lines stand above")
        if not told.get("ready"):
            raise WebProcessFailed(str(told.get("error")), hint=told.get("hint"))
        self.keeps_to_its_files = bool(told.get("keeps_to_its_files"))
