"""`tipline serve` as a service manager keeps it: whatever is killed, it is started again."""

import contextlib
import http.client
import os
import re
import signal
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from demo.child import Child
from lab.forensics.places import below
from lab.forensics.visitor import Address, Visitor
from lab.soak.losses import Lost
from onion.private_authority import free_ports

_UP_SECONDS: Final = 120.0
_PATIENCE_SECONDS: Final = 60.0
_PROBE_SECONDS: Final = 15.0
_OUTLIVING_SECONDS: Final = 30.0
_MOST_STARTS_IN_A_ROW: Final = 40


class Unit:
    """One server, while its `with` lasts. ``starts`` counts how often the whole of it was started.

    ``deaths`` grows twice whenever it loses its memory, and with it the receipts of ten minutes: then the same form
    is a new one to it. It is odd from right before the kill until nothing is left that knew them: what outlives its
    front takes what comes for some seconds yet, even when the next front is there.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        log: Path,
        network: Path | None = None,
        socks_port: int = 0,
        outliving_seconds: float = _OUTLIVING_SECONDS,
    ) -> None:
        """``command`` is that of `serve` without its way to the network: loopback, or a private Tor network.

        A process may outlive the one above it for ``outliving_seconds``.
        """
        self._outliving_seconds = outliving_seconds
        if network is None:
            (self._port,) = free_ports(1)
            way = ["--tor", "off", "--bind", f"127.0.0.1:{self._port}"]
        else:
            way = ["--tor", "private", "--network", str(network)]
        self._command = [*command, *way]
        self._log = log
        self._is_onion = network is not None
        self._socks_port = socks_port
        self._child: Child | None = None
        self._probes = 0
        self._outliving: Sequence[int] = ()
        self.starts = 0
        self.deaths = 0

    def address(self, circuit: str, *, patience_seconds: float = _PATIENCE_SECONDS) -> Address:
        """The address at which the source with this ``circuit`` finds it now."""
        if not self._is_onion:
            return Address("127.0.0.1", self._port, patience_seconds=patience_seconds)
        found = re.search(r"^address: http://([a-z0-9.]+)/$", self._log.read_text(), re.MULTILINE)
        if found is None:
            raise ConnectionRefusedError("it has not said its address yet")
        return Address(found[1], 80, self._socks_port, patience_seconds, circuit)

    def process(self, called: str) -> int | None:
        """The number of `front`, `master`, `worker` or `tor`, while there is one."""
        if self._child is None or not self._child.running():
            return None
        return self._processes(self._child.pid).get(called)

    def kill(self, called: str) -> bool:
        """kill -9, and wait until it is gone; whether there was such a process.

        Raises:
            Lost: below its master a worker goes on.
        """
        number = self.process(called)
        if number is None:
            return False
        if called == "tor":
            _kill([number])
            return True
        tor, left = self.process("tor"), below(number)
        self._begin_death()
        _kill([number])
        self._outliving = [each for each in left if each != tor]
        if called != "front":
            self._end_death()
        return True

    def kill_all(self) -> None:
        """All at once, as when the power goes; returns when they are gone."""
        if self._child is None:
            return
        self._begin_death()
        if self._child.running():
            _kill([self._child.pid, *below(self._child.pid)])
        self._child.end()
        self._child = None

    def stand_still(self) -> None:
        """Stop all of it, as a power cut does, right before the disk is shut down: what it said by then was said.

        A disk that is shut down under a running program is no power cut: the kernel can answer a sync that the
        shutdown overtakes as if all were well, and the program could tell of it.
        """
        if self._child is None:
            return
        for number in [self._child.pid, *below(self._child.pid)]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(number, signal.SIGSTOP)

    def stand_up(self) -> None:
        """Start it where it has ended, and return when a source who comes now can get through.

        One who came before may have to wait: an introduction that is acknowledged right as tor dies is answered by
        no one, and a visitor's tor holds on to it for a while.

        Raises:
            Lost: it does not come back.
        """
        deadline = time.monotonic() + _UP_SECONDS
        in_a_row = 0
        while time.monotonic() < deadline:
            if self._child is None or not self._child.running():
                in_a_row += 1
                if in_a_row > _MOST_STARTS_IN_A_ROW:
                    break
                self._start()
            if self._answers():
                return
            time.sleep(0.03)
        raise Lost(f"the server does not come back: {self.last_words()}")

    def last_words(self) -> str:
        """The end of what it said."""
        return "" if self._child is None else self._child.last_words(12)

    def __enter__(self) -> "Unit":
        self.stand_up()
        return self

    def __exit__(self, failed: type[BaseException] | None, *_: object) -> None:
        if failed is not None:
            self.kill_all()  # it may stand still, and hear nothing
        if self._child is not None:
            self._child.end(grace_seconds=20)
            self._child = None

    def _start(self) -> None:
        if self._child is not None:
            self._child.end()
        self._begin_death()
        self._child = Child(self._command, log=self._log)
        self._end_death()
        self.starts += 1

    def _begin_death(self) -> None:
        self.deaths += self.deaths % 2 == 0

    def _end_death(self) -> None:
        """
        Raises:
            Lost: what must go with its parent stays.
        """
        deadline = time.monotonic() + self._outliving_seconds
        while left := [number for number in self._outliving if _lives(number)]:
            if time.monotonic() > deadline:
                raise Lost(f"{len(left)} processes outlive the one that was killed above them: {self.last_words()}")
            time.sleep(0.01)
        self._outliving = ()
        self.deaths += 1

    def _answers(self) -> bool:
        self._probes += 1
        try:
            visitor = Visitor(self.address(f"probe {self._probes}", patience_seconds=_PROBE_SECONDS))
            visitor.get("/left")
        except (OSError, http.client.HTTPException):
            return False
        # What was killed a moment ago may still answer a last time.
        return visitor.status == http.HTTPStatus.OK and all(map(self.process, self._parts()))

    def _parts(self) -> tuple[str, ...]:
        return ("front", "master", "worker", "tor") if self._is_onion else ("front", "master", "worker")

    @staticmethod
    def _processes(front: int) -> dict[str, int]:
        found = {"front": front}
        for number in below(front):
            with contextlib.suppress(OSError, IndexError):
                name, _, rest = Path(f"/proc/{number}/stat").read_text().rpartition(")")
                state, parent = rest.split()[:2]
                if state not in "ZX":
                    called = "tor" if name.endswith("(tor") else "master" if int(parent) == front else "worker"
                    found[called] = number
        return found


def _kill(numbers: Sequence[int]) -> None:
    for number in numbers:
        with contextlib.suppress(ProcessLookupError):
            os.kill(number, signal.SIGKILL)
    while any(map(_lives, numbers)):
        time.sleep(0.005)


def _lives(number: int) -> bool:
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False
