"""Everything that `tipline serve` keeps running: the web process, tor, and the watch over both.

The composition root: here, and in the courier's command, the server's side meets :mod:`onion`.
"""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from onion.client_auth import AuthorizedClients
from onion.control import ControlPlace
from onion.errors import OnionError
from onion.host import AttachedTor, OnionHost, OwnTor
from onion.network_map import NetworkMap
from onion.run_folder import RunFolder
from onion.service import CourierService, PublicService
from tipline import no_plaintext
from tipline.database_key import ask_database_key
from tipline.errors import TiplineError
from tipline.folder import SiteFolder
from tipline.listener import Bind
from tipline.site_settings import SiteSettings
from tipline.standing import IntakeClosed, Standing
from tipline.store import Store
from tipline.web_process import WebOrder, WebProcess, WebProcessFailed

Report = Callable[[str], None]

_LOOK_SECONDS: Final = 0.5
_MOST_RESTARTS: Final = 5
_RESTART_WINDOW_SECONDS: Final = 120.0


class ServeError(TiplineError):
    """The tip line cannot be served as asked."""


@dataclass(frozen=True, slots=True)
class ServePlan:
    """``tor`` is ``public``, ``private`` or ``off``; ``network`` the folder of a running private network."""

    tor: str
    bind: Bind | None = None
    network: Path | None = None
    control: ControlPlace | None = None

    def __post_init__(self) -> None:
        if self.tor == "off" and self.bind is None:
            raise ServeError("without Tor there must be an address", hint="--tor off --bind 127.0.0.1:8080")
        if self.tor != "off" and self.bind is not None and self.bind.path is None:
            raise ServeError("with Tor the site listens on a unix socket only", hint="--bind unix:PATH, or none")
        if (self.tor == "private") != (self.network is not None):
            raise ServeError(
                "a private network must be named, and only for --tor private",
                hint="start one: python -m onion.private_network FOLDER; then --tor private --network FOLDER",
            )
        if self.control is not None and self.tor != "public":
            raise ServeError("only a tor in the public network can be attached to", hint="leave --control away")


def courier_service(folder: SiteFolder, target: Path) -> CourierService:
    """The couriers' service of a site; its key is made at the first question for its address."""
    return CourierService(folder.onion / "courier", target, authorized_couriers(folder))


def authorized_couriers(folder: SiteFolder) -> AuthorizedClients:
    return AuthorizedClients(folder.onion / "couriers")


def serve(path: Path, plan: ServePlan, *, passphrase_file: str | None, report: Report, warn: Report) -> None:
    """Serve until SIGTERM or SIGINT; ends within a few seconds then, and leaves no process.

    Raises:
        TiplineError: of whatever kind; nothing is left running.
    """
    folder = SiteFolder.open(path)
    no_plaintext.require_safe_start(os.environ)
    no_plaintext.stay_in_memory()  # this process holds the database key as well
    SiteSettings.load(folder.site_settings)
    try:
        with _StopSignals() as stop, ExitStack() as running:
            running.enter_context(folder.hold_for_serving())
            key = _checked_key(folder, passphrase_file, warn)
            run = running.enter_context(RunFolder(folder.path.absolute() / "run")).path
            public = plan.bind or Bind(run / "public.socket", None)
            courier = Bind(run / "courier.socket", None) if plan.tor != "off" else None
            web = running.enter_context(
                KeptWebProcess(WebOrder(folder.path, key, public, courier, plan.tor != "off"), warn)
            )
            host = None
            if plan.tor == "off":
                warn("WITHOUT TOR: for tests and development only; everybody on the way would see a source")
                report(f"address: {web.address()}")
            else:
                host = running.enter_context(_onion_host(folder, plan, run, public, report))
                report(f"address: http://{host.address}/")
                report(f"couriers: {host.courier_address}")
            report("ready")
            stop.wait_from_now()
            _watch(stop, web, host, authorized_couriers(folder), warn)
            report("ending")
            # First the web process, while tor still carries what is being answered.
            web.stop()
    except OnionError as error:
        raise ServeError(str(error), hint=error.hint or None) from error
    except _StopAsked:
        return


class KeptWebProcess:
    """A web process that is started again when it dies, but not for ever."""

    def __init__(self, order: WebOrder, warn: Report) -> None:
        self._order = order
        self._warn = warn
        self._deaths: list[float] = []
        self._web = WebProcess(order)

    def address(self) -> str:
        port = self._web.port
        return f"http://127.0.0.1:{port}/" if port is not None else str(self._order.public)

    def revive(self) -> None:
        """Starts it again if it is dead.

        Raises:
            WebProcessFailed: it dies again and again, or cannot be started.
        """
        if self._web.is_running():
            return
        self._warn("the web process died; starting it again")
        now = time.monotonic()
        self._deaths = [death for death in self._deaths if now - death < _RESTART_WINDOW_SECONDS] + [now]
        if len(self._deaths) > _MOST_RESTARTS:
            raise WebProcessFailed("the web process dies again and again", hint="its own lines stand above")
        self._web.stop()
        self._web = WebProcess(self._order)

    def stop(self) -> None:
        self._web.stop()

    def __enter__(self) -> "KeptWebProcess":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


class _StopAsked(BaseException):
    """SIGTERM or SIGINT came while things were being started."""


class _StopSignals:
    """While starting, a signal ends what is being done; from `wait_from_now` on it ends the watch."""

    def __init__(self) -> None:
        self._asked = threading.Event()
        self._raises = True
        self._before: dict[int, Any] = {}

    def wait_from_now(self) -> None:
        self._raises = False

    def wait(self, seconds: float) -> bool:
        """Whether a signal came."""
        return self._asked.wait(seconds)

    @contextmanager
    def breaking_off(self) -> Iterator[None]:
        """For something long within the watch: a signal breaks it off, as while starting."""
        self._raises = not self._asked.is_set()
        try:
            yield
        finally:
            self._raises = False

    def _on_signal(self, *_: object) -> None:
        self._asked.set()
        if self._raises:
            self._raises = False  # a second one must not disturb the clearing up
            raise _StopAsked

    def __enter__(self) -> "_StopSignals":
        for number in (signal.SIGTERM, signal.SIGINT):
            self._before[number] = signal.signal(number, self._on_signal)
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)


def _checked_key(folder: SiteFolder, passphrase_file: str | None, warn: Report) -> bytes:
    """The database key, tried on the store, so that a wrong one is told here and not by a child; and whether what
    is served will take anything in."""
    key = ask_database_key(folder, passphrase_file)
    with Store(folder.path, key) as store:
        try:
            Standing(store, folder).intake()
        except IntakeClosed as closed:
            warn(f"{closed}; it opens by itself once that is put right")
    return key


def _onion_host(folder: SiteFolder, plan: ServePlan, run: Path, public: Bind, report: Report) -> OnionHost:
    if public.path is None:
        raise ServeError("with Tor the site listens on a unix socket only")
    network = NetworkMap.load(plan.network).torrc if plan.network else ()
    return OnionHost(
        AttachedTor(plan.control) if plan.control else OwnTor(folder.onion / "tor", run / "tor.socket", network),
        public=PublicService(folder.onion / "public", public.path.absolute()),
        courier=courier_service(folder, run / "courier.socket"),
        report=report,
    )


def _watch(
    stop: _StopSignals, web: KeptWebProcess, host: OnionHost | None, couriers: AuthorizedClients, warn: Report
) -> None:
    """Until a signal comes: revives the web process, and lets in the couriers that `tipline couriers` adds."""
    known = couriers.keys()
    warned = ""
    while not stop.wait(_LOOK_SECONDS):
        web.revive()
        if host is None or not host.is_published.is_set():
            continue
        try:
            present = couriers.keys()
            if present != known:
                with stop.breaking_off():
                    host.publish_couriers()
                known = present
        except (OnionError, OSError) as error:
            # Trouble with the couriers' service is no reason to end the public one: it is tried again.
            reason = f"the list of couriers is not published yet: {error}"
            if reason != warned:
                warn(reason)
            warned = reason
