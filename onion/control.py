"""A control connection to tor, with an end to every wait. The only module that imports `stem`.

stem waits without limit for an answer, also from a tor that hangs or died while it waited. Here each question runs
in a thread of its own and has a deadline; after a missed one the connection is given up.
"""

import queue
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

import stem
import stem.connection
import stem.control
import stem.util.log

from onion.errors import NoThread, NotPublished, NotReachable, OnionError, TorDied, TorRefused, TorSilent
from onion.uploads import Uploads

ControlPlace = Path | int  # the path of a control socket, or a port on 127.0.0.1

ANSWER_SECONDS = 20.0
# Once a directory has the first descriptor all others get this long, and again whenever a new one begins to go out.
_SETTLE_SECONDS = 3.0
_LATE_SECONDS = 6.0  # beyond the end of a wait: for an upload that has just begun, and then to settle
_CLOSING_SECONDS = 0.1  # how long tor gets to close a circuit, and to begin another in its place

T = TypeVar("T")

# stem logs what passes over the control connection, keys too, for any listener. There shall be none.
stem.util.log.get_logger().disabled = True


class TorControl:
    """An authenticated control connection. Close it; threads of stem's hang on it."""

    def __init__(
        self, controller: Any, *, settle_seconds: float = _SETTLE_SECONDS, late_seconds: float = _LATE_SECONDS
    ) -> None:
        self._controller = controller
        self._settle_seconds = settle_seconds
        self._late_seconds = late_seconds
        self._uploads: dict[str, Uploads] = {}
        self._news = threading.Condition()
        self.lost = threading.Event()  # set once the connection is gone
        _within(ANSWER_SECONDS, self._listen)

    @classmethod
    def connect(cls, place: ControlPlace, *, seconds: float = ANSWER_SECONDS) -> "TorControl":
        """Connects and authenticates by cookie; raises TorDied, TorSilent or TorRefused."""

        def open_connection() -> Any:
            _require_listener(place)
            if isinstance(place, int):
                controller = stem.control.Controller.from_port(port=place)
            else:
                controller = stem.control.Controller.from_socket_file(str(place))
            try:
                controller.authenticate()
            except BaseException:
                controller.close()
                raise
            return controller

        return cls(_within(seconds, open_connection))

    def send(self, command: str, *, seconds: float = ANSWER_SECONDS) -> list[str]:
        """The lines of tor's answer, without codes; raises TorRefused (with its reason), TorDied or TorSilent."""
        try:
            answer = _within(seconds, lambda: self._controller.msg(command))
        except TorSilent:
            self.close()
            raise
        parts = answer.content()
        lines = [content for _code, _divider, content in parts]
        if not answer.is_ok():
            why = lines[0] if lines else "no reason given"
            raise TorRefused(f"tor refused {command.split(' ', 1)[0]}: {why}", code=parts[0][0] if parts else "")
        return lines

    def ask(self, keyword: str, *, seconds: float = ANSWER_SECONDS) -> str:
        """The value of GETINFO `keyword`, never from a cache."""
        return self.send(f"GETINFO {keyword}", seconds=seconds)[0].removeprefix(f"{keyword}=").lstrip("\n")

    def socks_port(self) -> int:
        """The port on which tor takes connections of clients, also where it chose it.

        Raises:
            TorSilent: it has none.
        """
        found = re.search(r':(\d+)"', self.ask("net/listeners/socks"))
        if found is None:
            raise TorSilent("tor opened no port for clients")
        return int(found[1])

    def is_alive(self) -> bool:
        return not self.lost.is_set() and bool(self._controller.is_alive())

    def await_network(self, *, seconds: float) -> None:
        """Waits until tor has all it needs from its network; raises NotReachable."""
        deadline = time.monotonic() + seconds
        while "PROGRESS=100 " not in (phase := self.ask("status/bootstrap-phase")):
            if time.monotonic() > deadline:
                raise NotReachable(f"tor did not reach its network within {seconds:.0f} s: {_progress(phase)}")
            if self.lost.wait(0.1):
                raise TorDied("tor went away before it reached its network")

    def await_descriptor(self, address: str, *, seconds: float) -> int:
        """Waits until the descriptors of `address` really are with directories, and returns with how many.

        Counts from the connection's begin, or from the last `forget_uploads`. What goes out just before the end may
        take some seconds longer. Raises NotPublished.
        """
        name = address.removesuffix(".onion")
        deadline = time.monotonic() + seconds
        with self._news:
            uploads = self._uploads.setdefault(name, Uploads())
            while not uploads.is_settled(now := time.monotonic(), settle_seconds=self._settle_seconds):
                if self.lost.is_set():
                    raise TorDied("tor went away before the descriptor was out")
                late = uploads.may_be_late(deadline, now, settle_seconds=self._settle_seconds)
                if now > deadline + (self._late_seconds if late else 0):
                    raise NotPublished(f"no directory took the descriptor within {seconds:.0f} s")
                self._news.wait(0.2)
            return uploads.directories

    def forget_uploads(self, address: str) -> None:
        """Count only new uploads of this address from now on."""
        with self._news:
            self._uploads[address.removesuffix(".onion")] = Uploads()

    def close_visits(self, address: str, *, seconds: float = ANSWER_SECONDS) -> None:
        """Close all circuits from visitors to a service of this tor that is down; raises TorSilent.

        Tor leaves them open when it takes a service down, and lets their visitors in again once it is back.
        """
        deadline = time.monotonic() + seconds
        # Not once: tor may restart one that was still being built, and it would lead to the new service.
        while circuits := _visits(self.ask("circuit-status"), address.removesuffix(".onion")):
            if time.monotonic() > deadline:
                raise TorSilent(f"tor did not close the circuits of a service within {seconds:.0f} s")
            for circuit in circuits:
                with suppress(TorRefused):  # it has ended meanwhile
                    self.send(f"CLOSECIRCUIT {circuit}")
            self.lost.wait(_CLOSING_SECONDS)

    def take_ownership(self) -> None:
        """Tor ends when this connection does."""
        self.send("TAKEOWNERSHIP")

    def close(self) -> None:
        self.lost.set()
        with self._news:
            self._news.notify_all()
        # Closing joins stem's threads; a listener that waits for one of ours must not keep us here for ever.
        closer = threading.Thread(target=self._controller.close, name="tor-closer", daemon=True)
        with suppress(RuntimeError):  # no thread for it: then the connection ends with tor, or with this process
            closer.start()
            closer.join(5)

    def __enter__(self) -> "TorControl":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _listen(self) -> None:
        self._controller.add_status_listener(self._on_status)
        self._controller.add_event_listener(self._on_descriptor, stem.control.EventType.HS_DESC)
        if not self._controller.is_alive():
            self.lost.set()

    def _on_status(self, _controller: object, state: object, _when: float) -> None:
        if state == stem.control.State.CLOSED:
            self.lost.set()
            with self._news:
                self._news.notify_all()

    def _on_descriptor(self, event: Any) -> None:
        with self._news:
            self._uploads.setdefault(str(event.address), Uploads()).note(
                str(event.action), str(event.directory_fingerprint), event.descriptor_id, time.monotonic()
            )
            self._news.notify_all()


def _require_listener(place: ControlPlace) -> None:
    """Raise TorDied if nothing listens: stem would leave a socket open, often at each start."""
    with socket.socket(socket.AF_INET if isinstance(place, int) else socket.AF_UNIX) as probe:
        try:
            probe.connect(("127.0.0.1", place) if isinstance(place, int) else str(place))
        except OSError as error:
            raise TorDied(f"no tor listens for a control connection at {place}") from error


@contextmanager
def _stem_errors() -> Iterator[None]:
    """Turn stem's errors into ours; the message contains nothing of the command."""
    try:
        yield
    except OnionError:
        raise
    except stem.SocketError as error:
        raise TorDied("the control connection to tor is gone") from error
    except stem.connection.AuthenticationFailure as error:
        raise TorRefused(
            "tor did not accept the control cookie", hint="run as tor's own user, or let it read tor's cookie file"
        ) from error
    except (stem.ControllerError, OSError, ValueError) as error:
        raise TorRefused("tor gave an answer that was not understood") from error
    except RuntimeError as error:
        raise NoThread("the system gave no thread to ask tor in") from error


def _within(seconds: float, call: Callable[[], T]) -> T:
    """The result of `call`, run in a thread; raises TorSilent after `seconds`, and stem's errors as ours."""
    results: queue.SimpleQueue[tuple[bool, Any]] = queue.SimpleQueue()

    def run() -> None:
        try:
            results.put((True, call()))
        except BaseException as error:  # noqa: BLE001 - handed to the waiting thread, which raises it
            results.put((False, error))

    with _stem_errors():
        threading.Thread(target=run, name="tor-question", daemon=True).start()
    try:
        good, result = results.get(timeout=seconds)
    except queue.Empty:
        raise TorSilent(f"tor did not answer within {seconds:.0f} s") from None
    if good:
        return result  # type: ignore[no-any-return]  # it is what `call` gave
    with _stem_errors():
        raise result


def _visits(status: str, name: str) -> list[str]:
    """The ids of the circuits to visitors' rendezvous points, from the lines of circuit-status."""
    lines = [line.split(" ") for line in status.splitlines()]
    wanted = {"PURPOSE=HS_SERVICE_REND", f"REND_QUERY={name}"}
    return [parts[0] for parts in lines if wanted <= set(parts)]


def _progress(phase: str) -> str:
    """`45 %, loading_descriptors` of a bootstrap line, which also carries free text."""
    fields = dict(part.partition("=")[::2] for part in phase.split(" ") if "=" in part)
    return f"{fields.get('PROGRESS', '?')} %, {fields.get('TAG', 'no phase')}"
