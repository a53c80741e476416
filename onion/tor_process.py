"""A tor process of our own: written torrc, started, watched, ended.

Its settings stand in the torrc that we write, the public service's folder too, because the sandbox that we want
does not bear changing them at run time. It ends with us: it watches our process id, and our control connection.
"""

import os
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from onion.control import TorControl
from onion.errors import NoThread, OnionError, TorDied, TorSilent
from onion.private_file import private_folder, socket_path, write_private
from onion.stale_tor import OWNER_OPTION, end_stale_tor
from onion.tor_program import TorProgram

START_SECONDS = 30.0
# tor holds what sources send in its own memory: glibc overwrites each block that tor gives back, short ones too
# where it keeps no cache for each thread. The loader binds all functions at once: at a first call it would leave
# the processor's registers on the stack, and in them some hundred bytes of what was copied last.
_ENVIRONMENT = {
    "LD_BIND_NOW": "1",
    "GLIBC_TUNABLES": "glibc.malloc.perturb=165:glibc.malloc.tcache_count=0",
    "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
    "HOME": "/nonexistent",
}


_LAST_WORDS = 3

ANY_PORT = "auto"


@dataclass(frozen=True, slots=True)
class TorSettings:
    """The settings of a tor process of our own.

    `data_folder` keeps tor's guards between starts; `control_socket` has a short path. `socks_port` is on
    127.0.0.1; `ANY_PORT` lets tor choose one (see `TorControl.socks_port`), None opens none.
    """

    data_folder: Path
    control_socket: Path
    socks_port: int | str | None = None
    network: Sequence[str] = ()  # torrc lines that name another network than the public one
    more: Sequence[str] = ()  # torrc lines: services
    sandbox: bool = True

    def torrc(self) -> str:
        lines = [
            f"DataDirectory {self.data_folder}",
            f"ControlSocket {socket_path(self.control_socket)}",
            "CookieAuthentication 1",
            f"SocksPort {f'127.0.0.1:{self.socks_port}' if self.socks_port else 0}",
            # Not its notices: they count visits, and would lie in our memory for days.
            "Log warn stdout",
            "SafeLogging 1",
            "NoExec 1",
            "DisableDebuggerAttachment 1",
            "ShutdownWaitLength 0",
            f"Sandbox {int(self.sandbox)}",
            *self.network,
            *self.more,
        ]
        return "\n".join(lines) + "\n"


class TorProcess:
    """A running tor with its control connection. `stop` it, or use it in a `with`."""

    def __init__(self, process: "subprocess.Popen[str]", name: str, *, is_sandboxed: bool) -> None:
        self.name = name
        self.is_sandboxed = is_sandboxed
        self._process = process
        self._lines: deque[str] = deque(maxlen=_LAST_WORDS)
        self._control: TorControl | None = None
        try:
            self._reader = threading.Thread(target=self._read, name="tor-reader", daemon=True)
            self._reader.start()
        except (RuntimeError, MemoryError) as error:
            # Without its reader it would stop one day at a full pipe, and nothing else knows that it runs.
            with process:
                process.kill()
            raise NoThread("the system gave no thread to read what tor says") from error

    @classmethod
    def start(cls, program: TorProgram, settings: TorSettings, *, name: str = "tor") -> "TorProcess":
        """Starts tor and connects to it; raises TorDied with tor's last words, TorSilent, or NoThread.

        Its network may not be reached yet: see `control.await_network`. A tor that dies of its sandbox (an older
        one on a newer kernel) is started once more without, and `is_sandboxed` says so.
        """
        try:
            return cls._start_once(program, settings, name)
        except TorDied:
            if not settings.sandbox:
                raise
        return cls._start_once(program, replace(settings, sandbox=False), name)

    @classmethod
    def _start_once(cls, program: TorProgram, settings: TorSettings, name: str) -> "TorProcess":
        private_folder(settings.data_folder)
        torrc = settings.data_folder.resolve() / "torrc"  # by this name one that is left over is known again
        end_stale_tor(torrc)
        write_private(torrc, settings.torrc().encode())
        private_folder(settings.control_socket.parent)
        settings.control_socket.unlink(missing_ok=True)
        # Its own process group: Ctrl-C in the terminal is ours to pass on, in our order.
        tor = cls(
            subprocess.Popen(
                [program.path, "-f", str(torrc), "--defaults-torrc", "/dev/null", OWNER_OPTION, _own_number()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                env=_ENVIRONMENT,
                start_new_session=True,
            ),
            name,
            is_sandboxed=settings.sandbox,
        )
        try:
            tor._connect(settings.control_socket)
        except BaseException:
            tor.stop()
            raise
        return tor

    @property
    def control(self) -> TorControl:
        if self._control is None:
            raise RuntimeError("this tor was not connected to")
        return self._control

    @property
    def process_id(self) -> int:
        return self._process.pid

    def is_running(self) -> bool:
        return self._process.poll() is None

    def last_words(self) -> list[str]:
        """Tor's last warning or error, without its time."""
        return list(self._lines)

    def stop(self, *, seconds: float = 3.0) -> None:
        """Ends tor, if need be the hard way; no process of it is left. May be called twice."""
        # Tor ends when its owner's connection does, and keeps its guards. In its sandbox it can miss a signal.
        if self._control is not None:
            self._control.close()
        else:
            self._process.terminate()
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join(2)
        if self._process.stdout is not None:
            self._process.stdout.close()

    def __enter__(self) -> "TorProcess":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _connect(self, place: Path) -> None:
        deadline = time.monotonic() + START_SECONDS
        while True:
            if not self.is_running():
                self._reader.join(1)
                raise TorDied("tor ended at its start: " + (" / ".join(self.last_words()) or "it gave no reason"))
            if place.exists():
                try:
                    self._control = TorControl.connect(place, seconds=START_SECONDS)
                    self._control.take_ownership()
                except OnionError:
                    # The socket stands a moment before tor listens on it, and before the cookie is written.
                    if time.monotonic() > deadline:
                        raise
                else:
                    return
            if time.monotonic() > deadline:
                raise TorSilent(f"tor made no control socket within {START_SECONDS:.0f} s")
            time.sleep(0.02)

    def _read(self) -> None:
        # The pipe must be emptied, or tor stops at a full one. Kept in memory only, and of it troubles only: before
        # tor has read its settings it says a few things that are none.
        stream = self._process.stdout
        if stream is None:
            return
        for line in stream:
            if "[warn]" in line or "[err]" in line:
                self._lines.append(line[20:].strip() if line[:1].isalpha() else line.strip())


def _own_number() -> str:
    """The process id with a leading zero. Tor reads the same number; stem leaves the setting alone.

    Without it stem would change a setting, and tor ends at any change when it has a sandbox and a service folder.
    """
    return f"0{os.getpid()}"


def wait_until(condition: Callable[[], bool], *, seconds: float, every: float = 0.1) -> bool:
    """Wait for `condition`; return True if it came true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(every)
    return True
