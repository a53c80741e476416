"""Builds what the web process serves: the site, the couriers' site, and the heartbeat of their store."""

from collections.abc import Iterable
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING, Any

from system.clock import SYSTEM_CLOCK
from tipline.bundles.retention import DayCount, drop_old_replies
from tipline.errors import FolderInUse
from tipline.instance.folder import SiteFolder
from tipline.instance.forms import Forms
from tipline.instance.intake_status import IntakeClosed, IntakePolicy
from tipline.instance.open_site import OpenSite
from tipline.instance.site_settings import SiteSettings
from tipline.instance.site_texts import SiteTexts
from tipline.languages.site_languages import SiteLanguages
from tipline.limits import request_scheduler
from tipline.limits.rate_limit import RateLimit
from tipline.pages.site import Site
from tipline.store import Store
from tipline.store.events import Event
from tipline.store.relay_ring import RelayRing
from tipline.threads.periodic import Heartbeat
from tipline.web.courier_site import CourierSite
from tipline.web.order import WebOrder
from tipline.web.relay_site import RelaySite
from tipline.web.worker import LISTENER_KEY

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


class ServedSite:
    """A site that is open and running: ``site`` for sources, ``application`` for all that connect."""

    def __init__(self, order: WebOrder, running: ExitStack, *, key_protected: bool) -> None:
        """Open and start everything; ``running`` ends it in the reverse order.

        To be called in the worker, after the fork. ``key_protected``: the database key lies under a passphrase.

        Raises:
            ProgramError: the store or a file of the operator cannot be used, or a page is too long.
        """
        folder = SiteFolder.open(order.folder)
        self._store = running.enter_context(Store(folder.store, order.key, waits=request_scheduler.yielded))
        self._store.submissions.sweep_unfinished()
        self._policy = IntakePolicy(self._store, folder)
        settings = SiteSettings.load(folder.site_settings)
        open_site = OpenSite(folder, self._store, self._policy, SYSTEM_CLOCK, key_protected=key_protected)
        self.site = Site(
            self._store,
            self._policy,
            settings=settings,
            languages=SiteLanguages.load(),
            forms=Forms.load(folder.doors),
            texts=SiteTexts.load(folder.words),
            address=order.address,
            line=RateLimit(is_on=folder.challenge.exists),
            ready_passphrases=order.room.ready_passphrases,
        )
        self.site.require_one_length()
        relays = None
        if order.relays is not None:
            ring = running.enter_context(RelayRing(folder.store, order.key))
            relays = RelaySite(
                ring,
                folder.store,
                SYSTEM_CLOCK,
                note=self._store.events.note,
                spare_bytes=self._store.spare_bytes,
                kept_bytes=settings.limits.text_reserve_bytes,
            )
        self.application = Dispatcher(
            *(self.site.wsgi_app, CourierSite(open_site), order.courier_socket),
            relays=relays,
            relays_socket=order.relays_socket,
        )
        self._folder = folder
        self._day_count = DayCount(self._store.days)
        heartbeat = Heartbeat(self._beat, on_miss=lambda: self._store.events.note(Event.HEARTBEAT_MISSED))
        heartbeat.start()
        running.callback(heartbeat.stop)
        self.site.start()
        running.callback(self.site.stop)

    def note_shortage(self) -> None:
        """Note a day on which the system refused open files, threads or memory."""
        self._store.events.note(Event.SHORTAGE)

    def _beat(self) -> None:
        note_closed_intake(self._store, self._policy)
        self._store.beat()
        self._day_count.look()
        drop_old_replies(self._store, self._policy, SYSTEM_CLOCK)
        with suppress(FolderInUse), self._folder.hold_for_import():
            self._store.submissions.sweep_dead()
        self._folder.even_times()


class Dispatcher:
    """Sends a request to the couriers' application, to that of relays, or to the public one.

    The socket decides by which a request came, and nothing that it says. A public request that brings something
    holds the single work slot; a courier's does not, as an outbox takes minutes.
    """

    def __init__(
        self,
        public: Any,
        courier: CourierSite,
        courier_socket: str,
        *,
        relays: RelaySite | None = None,
        relays_socket: str = "",
    ) -> None:
        self._public = public
        self._relays = relays
        self._relays_socket = relays_socket
        self._courier = courier
        self._courier_socket = courier_socket

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if self._courier_socket and environ.get(LISTENER_KEY) == self._courier_socket:
            request_scheduler.release()
            return self._courier(environ, start_response)
        if self._relays is not None and environ.get(LISTENER_KEY) == self._relays_socket:
            return self._relays(environ, start_response)
        try:
            pieces: Iterable[bytes] = self._public(environ, start_response)
        finally:
            request_scheduler.release()
        return pieces


def note_closed_intake(store: Store, policy: IntakePolicy) -> None:
    """Note a day on which the intake is closed, for staff to see."""
    try:
        policy.intake()
    except IntakeClosed:
        store.events.note(Event.INTAKE_CLOSED)
