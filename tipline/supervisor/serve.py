"""Everything that `tipline serve` keeps running: the web process, tor, and the watch over both.

The composition root: here, and in the courier's command, the server's side meets :mod:`onion`.
"""

import datetime as dt
import os
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from onion.client_auth import AuthorizedClients
from onion.client_auth_watcher import ClientAuthWatcher
from onion.control import ControlPlace
from onion.errors import OnionError
from onion.host import AttachedTor, OnionHost, OwnTor
from onion.network_map import NetworkMap
from onion.runtime_dir import RuntimeDir
from onion.service import PublicService
from onion.service_key import ServiceKey
from system.errors import ProgramError
from system.signals import StopAsked, StopSignals
from tipline.instance.database_key import ask_database_key, is_protected
from tipline.instance.folder import SiteFolder
from tipline.instance.forms import Forms
from tipline.instance.intake_status import IntakeClosed, IntakePolicy
from tipline.instance.site_settings import SiteSettings
from tipline.instance.site_texts import SiteTexts
from tipline.instance.store_move import give_store_its_own_folder
from tipline.machine import no_plaintext
from tipline.machine.listener import ListenAddress
from tipline.machine.privileges import drop_privileges, require_private
from tipline.operations.couriers import authorized_couriers, courier_service
from tipline.operations.machine_health import WITHOUT_LANDLOCK
from tipline.operations.relays import keep_relay_count, relay_clients, relay_service
from tipline.store import Store
from tipline.store.errors import StoreError
from tipline.store.events import Event
from tipline.supervisor.startup import ServerStart
from tipline.supervisor.web_process import Note, Report, WebSupervisor
from tipline.web.order import WebOrder

_LOOK_SECONDS: Final = 0.5


class ServeError(ProgramError):
    """The tip line cannot be served as asked."""


@dataclass(frozen=True, slots=True)
class ServePlan:
    """``tor`` is ``public``, ``private`` or ``off``; ``network`` the folder of a running private network."""

    tor: str
    bind: ListenAddress | None = None
    network: Path | None = None
    control: ControlPlace | None = None
    wait_for_unlock: bool = False

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

    @property
    def starts_tor(self) -> bool:
        """Return whether sources will write through a tor of our own.

        In a private network there is only the demo, on a laptop that usually has swap.
        """
        return self.tor == "public" and self.control is None


def serve(path: Path, plan: ServePlan, *, passphrase_file: str | None, report: Report, warn: Report) -> None:
    """Serve until SIGTERM or SIGINT; ends within a few seconds then, and leaves no process.

    Raises:
        ProgramError: of whatever kind; nothing is left running.
    """
    report, warn = _ignoring_closed_output(report), _ignoring_closed_output(warn)
    folder = SiteFolder.open(path)
    require_private(folder.path)
    drop_privileges()
    require_owner(folder, user=os.geteuid())
    if os.geteuid() == 0:
        warn(
            "this runs AS ROOT: a flaw would give away the whole machine; tipline setup makes a user and a service"
        )
    try:
        with StopSignals() as stop, ExitStack() as running:
            lock = running.enter_context(folder.hold_for_serving())
            beginning = running.enter_context(ServerStart(folder, lock, tors_error=OnionError))
            no_plaintext.require_safe_start(os.environ, starts_tor=plan.starts_tor)
            no_plaintext.stay_in_memory()  # this process holds the database key as well
            SiteSettings.load(folder.site_settings)
            Forms.load(folder.doors)
            SiteTexts.load(folder.words)
            if give_store_its_own_folder(folder):
                report("the store lies in a folder of its own now")
            waits = plan.wait_for_unlock and passphrase_file is None and is_protected(folder)
            key = beginning.await_key(report) if waits else ask_database_key(folder, passphrase_file)
            _look_into_store(folder, key, warn)
            note = _EventNoter(folder, key)
            beginning.start_noting(note)
            run = running.enter_context(RuntimeDir(folder.path.absolute() / "run")).path
            public = plan.bind or ListenAddress(run / "public.socket", None)
            courier = ListenAddress(run / "courier.socket", None) if plan.tor != "off" else None
            address = public_address(folder) if plan.tor != "off" else ""
            has_relays = plan.tor != "off" and relay_clients(folder).is_known
            relays = ListenAddress(run / "relays.socket", None) if has_relays else None
            order = WebOrder(folder.path, key, public, courier, plan.tor != "off", address, relays=relays)
            if relays is not None:
                keep_relay_count(folder)
            web = running.enter_context(WebSupervisor(order, warn, note, is_over=lambda: stop.wait(0)))
            beginning.await_first_page(web.first_page())
            if not web.keeps_to_its_files():
                warn(f"{WITHOUT_LANDLOCK}; tipline doctor says what to do")
            host = None
            if plan.tor == "off":
                warn("WITHOUT TOR: for tests and development only; everyone on the way would see a source")
                report(f"address: {web.address()}")
            else:
                host = running.enter_context(_onion_host(folder, plan, run, order, report, note))
                report(f"address: http://{host.address}/")
                report(f"couriers: {host.courier_address}")
            beginning.is_over()
            stop.wait_from_now()
            _watch(stop, web, host, authorized_couriers(folder), report, warn, relays=relay_clients(folder))
            report("ending")
            # First the web process, while tor still carries what is being answered.
            web.stop()
    except OnionError as error:
        raise ServeError(str(error), hint=error.hint or None) from error
    except StopAsked:
        return


def _ignoring_closed_output(say: Report) -> Report:
    """``say``, for a process that must go on when the terminal or pipe that it speaks to is gone."""

    def said(line: str) -> None:
        with suppress(OSError, ValueError):  # ValueError: it was closed
            say(line)

    return said


class _EventNoter:
    """Notes events of this process, which leaves the store to the web process otherwise."""

    def __init__(self, folder: SiteFolder, key: bytes) -> None:
        self._folder = folder
        self._key = key

    def __call__(self, event: Event, *, on: dt.date | None = None) -> None:
        # What the disk does not take is not worth more trouble: the lines that are printed say it too.
        with suppress(StoreError), Store(self._folder.store, self._key) as store:
            store.events.note(event, on=on)


def require_owner(folder: SiteFolder, *, user: int) -> None:
    """Require that the folder is this user's.

    Files that root makes, such as tor's, could not be read by the folder's user afterwards.

    Raises:
        ServeError: the folder is another user's.
    """
    if folder.path.stat().st_uid != user:
        raise ServeError(
            f"{folder.path} belongs to another user",
            hint="serve it as that user, as the unit does: sudo -u USER tipline serve …",
        )


def _look_into_store(folder: SiteFolder, key: bytes, warn: Report) -> None:
    """A wrong key is told here and not by a child; and whether what is served will take anything in."""
    with Store(folder.store, key) as store:
        store.events.note(Event.SERVED)
        try:
            IntakePolicy(store, folder).intake()
        except IntakeClosed as closed:
            warn(f"{closed}; it opens by itself once that is put right")
            warn(f"what to do: {closed.hint}")


def public_address(folder: SiteFolder) -> str:
    """The address that sources type; its key is made at the first question for it."""
    return ServiceKey.load_or_make(folder.onion / "public").address


def _onion_host(
    folder: SiteFolder, plan: ServePlan, run: Path, order: WebOrder, report: Report, note: Note
) -> OnionHost:
    public = order.public
    if public.path is None:
        raise ServeError("with Tor the site listens on a unix socket only")
    network = NetworkMap.load(plan.network).torrc if plan.network else ()
    return OnionHost(
        AttachedTor(plan.control) if plan.control else OwnTor(folder.onion / "tor", run / "tor.socket", network),
        public=PublicService(folder.onion / "public", public.path.absolute()),
        courier=courier_service(folder, run / "courier.socket"),
        relays=relay_service(folder, Path(order.relays_socket)) if order.relays else None,
        report=report,
        on_death=lambda: note(Event.TOR_DIED),
    )


def _watch(
    stop: StopSignals,
    web: WebSupervisor,
    host: OnionHost | None,
    couriers: AuthorizedClients,
    report: Report,
    warn: Report,
    *,
    relays: AuthorizedClients | None = None,
) -> None:
    """Run until a signal: restart a dead web process, say "ready" once, admit couriers and relays."""
    lists = [] if host is None else [ClientAuthWatcher(host, couriers, warn)]
    if host is not None and relays is not None and host.relays_watch is not None:
        lists.append(ClientAuthWatcher(host, relays, warn, watch=host.relays_watch))
    ready = False
    while True:
        if not ready and (host is None or host.is_published.is_set()):
            ready = True
            report("ready")
        if stop.wait(_LOOK_SECONDS):
            return
        web.restart_if_dead()
        for changed in lists:
            changed.look()
