"""Keeps the couriers' service published, in a thread of its own; that of the relays too.

A slow directory or an unreadable list then does not delay the public service. A changed list is noticed by
:mod:`onion.client_auth_watcher`.
"""

import threading
import time
from collections.abc import Callable

from onion.client_auth import ClientPublicKey
from onion.control import TorControl
from onion.errors import NoThread, OnionError
from onion.service import CourierService
from onion.tor_program import TorProgram

Report = Callable[[str], None]  # one line for the operator

_FIRST_PAUSE_SECONDS = 0.5
_LONGEST_PAUSE_SECONDS = 30.0
_REFUSED_PAUSE_SECONDS = 2.0  # nothing can end it


class CouriersWatch:
    """The couriers' service on the current tor.

    It is `due` while it is not published as it should be; it is then published again and again, with pauses. Call
    `begin` with each new tor and `lose` when it ends.
    """

    def __init__(
        self,
        service: CourierService,
        program: TorProgram,
        report: Report,
        *,
        publish_seconds: float,
        watch_seconds: float,
        whose: str = "couriers",
    ) -> None:
        """``watch_seconds``: how often tor is asked whether the service is there still.

        ``whose`` service it is, as reports name it: a word in the plural.
        """
        self._service = service
        self._program = program
        self._report = report
        self._publish_seconds = publish_seconds
        self._watch_seconds = watch_seconds
        self.whose = whose
        self._changing = threading.Lock()  # one at a time changes what is published, for minutes perhaps
        self._state = threading.Lock()  # for a moment: what is said below is of the tor that is there
        self._news = threading.Event()  # another tor, or the end
        self._end = threading.Event()
        self._control: TorControl | None = None
        self._thread: threading.Thread | None = None
        self._due = True
        self.trouble = ""
        """Why the service is not as it should be, as reported; empty where it is, or nothing was tried."""
        self.let_in: dict[str, ClientPublicKey] | None = None
        """The couriers whom tor lets in, name to key; None while it has no list of them, and is to be given one."""
        self.may_be_in: dict[str, ClientPublicKey] = {}
        """Whom tor perhaps lets in: those of the list that it was given last, though taking that down failed."""

    def start(self) -> None:
        """Begins to watch. Raises NoThread."""
        try:
            self._thread = threading.Thread(target=self._watch, name=f"{self.whose}-watch", daemon=True)
            self._thread.start()
        except (RuntimeError, MemoryError) as error:
            self._thread = None
            raise NoThread(f"the system gave no thread to watch the {self.whose}' service in") from error

    def begin(self, control: TorControl) -> None:
        """A tor is there, and has none of theirs: their service ended with the connection of the one before."""
        self.lose()
        with self._state:
            self._control = control
        self._news.set()

    def lose(self) -> None:
        """Note that tor is gone and its connection closed. Does not wait for a running publication."""
        with self._state:
            self._control = None
            self.let_in, self._due, self.trouble, self.may_be_in = None, True, "", {}

    def close(self) -> None:
        """Ends the watch, within seconds where its control connection counts as lost already."""
        self._end.set()
        self._news.set()
        if self._thread is not None:
            self._thread.join(30)

    def publish(self) -> None:
        """Publish the service again after its list has changed: a removed courier is disconnected.

        Raises OnionError or OSError; it is then retried. If tor goes away meanwhile, this is no error: the couriers
        are let in with the next one.
        """
        with self._changing:
            control = self._control
            if control is None or not control.is_alive():
                return
            try:
                self._publish_at(control)
            except OnionError:
                if control.is_alive():
                    raise

    def look(self) -> bool:
        """Publish the service if that is due; True if it is published as it should be.

        Trouble is reported once. It is no reason to end tor, and with it what sources are sending.
        """
        with self._changing:
            control = self._control
            if control is None or not control.is_alive():
                return True  # the watcher of tor starts the next one
            try:
                if self._is_gone(control):
                    self._report(f"the {self.whose}' service is gone from tor; publishing it again")
                    self._note(control, due=True)
                if self._due:
                    self._publish_at(control)
            except (OnionError, OSError) as error:
                if control.is_alive() and str(error) != self.trouble:
                    self._tell(error)
                return False
        return True

    def _is_gone(self, control: TorControl) -> bool:
        """True when the published service is gone. The watch of tor handles a tor that does not answer."""
        try:
            return not self._due and bool(self.let_in) and not self._service.is_up_at(control)
        except OnionError:
            return False

    def _tell(self, error: OnionError | OSError) -> None:
        self.trouble = str(error)
        self._report(f"error: the {self.whose}' service is not published: {error}; it is tried again")
        if hint := getattr(error, "hint", ""):
            self._report(f"what to do: {hint}")

    def _publish_at(self, control: TorControl) -> None:
        self._note(control, due=True)
        clients = self._service.publish_at(control, self._program)
        with self._state:
            if control is self._control:
                self.let_in = self.may_be_in = clients
        if clients:
            count = control.await_descriptor(self._service.address, seconds=self._publish_seconds)
            self._report(f"published the {self.whose}' service (descriptor with {count} directories)")
        else:
            none = "courier is authorised yet" if self.whose == "couriers" else f"one of the {self.whose} is let in"
            self._report(f"no {none}, so the {self.whose}' service is not published")
        self._note(control, due=False)

    def _note(self, control: TorControl, *, due: bool) -> None:
        with self._state:
            if control is self._control:
                self._due = due
                if due:
                    self.let_in = None
                else:
                    self.trouble = ""

    def _watch(self) -> None:
        pause = _FIRST_PAUSE_SECONDS
        while not self._end.is_set():
            try:
                is_well = self.look()
                self._news.wait(self._watch_seconds if is_well else pause)
                self._news.clear()
                pause = _FIRST_PAUSE_SECONDS if is_well else min(pause * 2, _LONGEST_PAUSE_SECONDS)
            except (MemoryError, RuntimeError):
                # The system gave no memory, or no lock to wait with. Nothing else would let the couriers in again.
                time.sleep(_REFUSED_PAUSE_SECONDS)
