"""Keeps the onion services reachable: starts or attaches to tor, publishes, watches, restarts.

It watches tor and the public service; :class:`CouriersWatch` does the same for the couriers' service.

The addresses are in the key folders, so that they survive any crash.
"""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from onion.anonymity import require_anonymous, risky_settings
from onion.client_auth import ClientPublicKey
from onion.control import ControlPlace, TorControl
from onion.couriers_watch import CouriersWatch, Report
from onion.errors import NoThread, NotPublished, NotReachable, OnionError, TorDied, TorSilent
from onion.service import CourierService, PublicService
from onion.tor_process import TorProcess, TorSettings
from onion.tor_program import TorProgram

_WATCH_SECONDS = 15.0  # how often a quiet tor is asked whether it still answers, and has the couriers' service
_FIRST_PAUSE_SECONDS = 0.5
_LONGEST_PAUSE_SECONDS = 30.0
_REFUSED_PAUSE_SECONDS = 2.0  # nothing can end it
_LATE = (NotReachable, NotPublished, TorSilent)  # tor may be well, and its network, or this machine, slow


@dataclass(frozen=True, slots=True)
class OwnTor:
    """A tor that we start and end. `network` are the torrc lines of another network than the public one."""

    data_folder: Path
    control_socket: Path
    network: Sequence[str] = ()
    more: Sequence[str] = field(default=())


@dataclass(frozen=True, slots=True)
class AttachedTor:
    """A tor that is run by the system. It must run as our user, to read the public service's folder."""

    place: ControlPlace


class OnionHost:
    """Publishes two services, or three, and keeps them published.

    Use it in a `with`; on leaving, all are gone.
    """

    def __init__(
        self,
        tor: OwnTor | AttachedTor,
        *,
        public: PublicService,
        courier: CourierService,
        relays: CourierService | None = None,
        report: Report,
        on_death: Callable[[], None] = lambda: None,
        network_seconds: float = 180.0,
        publish_seconds: float = 120.0,
        watch_seconds: float = _WATCH_SECONDS,
    ) -> None:
        self._where = tor
        self._public = public
        self._courier = courier
        self._report = report
        self._on_death = on_death
        self._network_seconds = network_seconds
        self._publish_seconds = publish_seconds
        self._program = TorProgram.find()
        self._process: TorProcess | None = None
        self._control: TorControl | None = None
        self._watch_seconds = watch_seconds

        def watch(service: CourierService, whose: str) -> CouriersWatch:
            seconds = {"publish_seconds": publish_seconds, "watch_seconds": watch_seconds}
            return CouriersWatch(service, self._program, report, **seconds, whose=whose)

        self.couriers_watch = watch(courier, "couriers")
        self.relays_watch = watch(relays, "relays") if relays is not None else None
        self._end = threading.Event()
        self._watcher: threading.Thread | None = None
        self._was_published = False
        self._risks: list[str] = []  # of a tor that is not ours, as they were told
        self.is_published = threading.Event()  # the public service, that is; not that of the couriers

    @property
    def address(self) -> str:
        return self._public.address

    @property
    def courier_address(self) -> str:
        return self._courier.address

    @property
    def tor_process_id(self) -> int | None:
        """The process id of our own tor, while it runs."""
        return self._process.process_id if self._process else None

    @property
    def let_in(self) -> dict[str, ClientPublicKey] | None:
        """The couriers whom tor lets in, name to key; None while tor has no list."""
        return self.couriers_watch.let_in

    @property
    def may_be_in(self) -> dict[str, ClientPublicKey]:
        """The couriers whom tor may let in: those of its last list, even if removing it failed."""
        return self.couriers_watch.may_be_in

    @property
    def couriers_trouble(self) -> str:
        """The reported reason why the couriers' service is not published; empty if it is, or was not tried."""
        return self.couriers_watch.trouble

    def open(self) -> None:
        """Start or attach, publish, wait until both descriptors are uploaded. Then watch.

        A descriptor that is late is reported and published again: see `is_published`. Raises OnionError if tor does
        not start, ends, or refuses: the operator must act.
        """
        try:
            self._begin()
            for watch in self._watches():
                watch.start()
            self._watcher = self._started()
        except BaseException:
            self._end_couriers()
            self._take_down()
            raise

    def publish_couriers(self) -> None:
        """As :meth:`CouriersWatch.publish`."""
        self.couriers_watch.publish()

    def close(self) -> None:
        self._end.set()
        if self._control is not None:
            self._control.lost.set()  # ends the watcher's wait
        if self._watcher is not None:
            self._watcher.join(30)
        self._end_couriers()
        self._take_down()

    def __enter__(self) -> "OnionHost":
        self.open()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _begin(self) -> None:
        # The operator who typed the passphrase may be gone when a slow network is up.
        try:
            control = self._bring_up()
        except _LATE as error:
            self._report(f"error: {error}; it is tried again")
            self._report(f"what to do: {error.hint}")
        else:
            for watch in self._watches():
                watch.begin(control)
            self.couriers_watch.look()

    def _bring_up(self) -> TorControl:
        """The public service; that of the couriers is due then."""
        for watch in self._watches():
            watch.lose()
        control = self._connect()
        require_anonymous(control)
        if isinstance(self._where, AttachedTor):
            self._tell_risks(risky_settings(control))
        if self._end.is_set():  # `close` may have come too early to end the waits on this connection
            raise TorDied("this is being ended")
        self._report(f"waiting for tor to reach its network, at most {self._network_seconds:.0f} s")
        control.await_network(seconds=self._network_seconds)
        self._report("tor has reached its network")
        if isinstance(self._where, AttachedTor):
            self._public.publish_at(control, self._program)
        count = control.await_descriptor(self._public.address, seconds=self._publish_seconds)
        self._report(f"published http://{self._public.address}/ (descriptor with {count} directories)")
        self._was_published = True
        self.is_published.set()
        return control

    def _tell_risks(self, risks: list[str]) -> None:
        for risk in risks:
            if risk not in self._risks:
                self._report(f"warning: a setting of this tor is a risk: {risk}")
        self._risks = risks

    def _connect(self) -> TorControl:
        if isinstance(self._where, AttachedTor):
            self._control = TorControl.connect(self._where.place)
            return self._control
        settings = TorSettings(
            self._where.data_folder,
            self._where.control_socket,
            network=self._where.network,
            more=[*self._where.more, *self._public.torrc_lines(self._program)],
        )
        self._process = TorProcess.start(self._program, settings)
        if not self._process.is_sandboxed:
            self._report("warning: tor runs without its system call sandbox, which it did not start with here")
        if not self._program.has_proof_of_work:
            self._report("warning: this tor has no proof-of-work defence; a flood can make the address unreachable")
        self._control = self._process.control
        return self._control

    def _started(self) -> threading.Thread:
        try:
            watcher = threading.Thread(target=self._watch, name="onion", daemon=True)
            watcher.start()
        except (RuntimeError, MemoryError) as error:
            raise NoThread("the system gave no thread to watch tor in") from error
        return watcher

    def _watch(self) -> None:
        pause = _FIRST_PAUSE_SECONDS
        while not self._end.is_set():
            try:
                pause = self._look(pause)
            except (MemoryError, RuntimeError):
                # The system gave no memory, or no lock to wait with. Nothing else would notice that tor has ended.
                time.sleep(_REFUSED_PAUSE_SECONDS)

    def _look(self, pause: float) -> float:
        """Wait while tor answers, or try to bring it up, and ``pause`` if that fails. Returns the next pause."""
        control = self._control
        if control is not None and self.is_published.is_set() and self._answers(control):
            control.lost.wait(self._watch_seconds)
            return _FIRST_PAUSE_SECONDS
        if self._end.is_set():
            return pause
        self.is_published.clear()
        if self._was_published:
            self._report("tor went away; starting again and publishing the same addresses")
            self._on_death()
        else:
            self._report("starting again")
        self._take_down()
        try:
            control = self._bring_up()
            for watch in self._watches():
                watch.begin(control)
        except (OnionError, OSError) as error:  # OSError: a full disk, under tor's own files
            self._report(f"error: {error}; trying again in {pause:.0f} s")
            self._end.wait(pause)
            return min(pause * 2, _LONGEST_PAUSE_SECONDS)
        return pause

    def _answers(self, control: TorControl) -> bool:
        if not control.is_alive():
            return False
        try:
            control.ask("uptime")
        except (TorSilent, TorDied):
            return False
        except OnionError:
            return control.is_alive()
        return True

    def _end_couriers(self) -> None:
        if self._control is not None:
            self._control.lost.set()
        for watch in self._watches():
            watch.close()

    def _watches(self) -> list[CouriersWatch]:
        return [self.couriers_watch, *([self.relays_watch] if self.relays_watch else [])]

    def _take_down(self) -> None:
        """End our own tor, or remove our services from an attached one. Silent if tor has ended already."""
        control, process = self._control, self._process
        self._control = self._process = None
        self.is_published.clear()
        if process is not None:
            process.stop()
        elif control is not None:
            try:
                if self._end.is_set() and not self._was_cut(control):
                    self._public.retire_from(control)
            except OnionError as error:
                self._report(f"warning: could not take the public service off tor: {error}")
            control.close()

    def _was_cut(self, control: TorControl) -> bool:
        try:
            control.ask("uptime", seconds=5)
        except OnionError:
            return True
        return False
