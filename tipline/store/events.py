"""Events by day, for staff: names and days, without a count or a time of day."""

import datetime as dt
import threading
from enum import StrEnum
from typing import Final

from system.clock import Clock
from tipline.store.errors import StoreBroken, StoreBusy, StoreError, StoreFull
from tipline.store.settings import Settings

KEPT_DAYS: Final = 60
_SETTING: Final = "event "


class Event(StrEnum):
    """The events; the value is what staff read."""

    SERVED = "the server was started"
    MANIFEST_ADOPTED = "a manifest was adopted"
    BUNDLES_FETCHED = "bundles were fetched"
    OUTBOX_CAME = "an outbox was taken in"
    BACKUP_WRITTEN = "a backup was written"
    RESTORED = "the store was restored from a backup"
    MANIFEST_FORKED = "a second, different manifest of one version came"
    INTAKE_CLOSED = "intake was closed"
    DISK_FULL = "the disk was full"
    SUBMISSION_WITHHELD = "the disk did not give a submission back: it was withheld"
    STORE_HELD = "another process held the store too long"
    STORE_FAILED = "the disk failed the store"
    SHORTAGE = "the system refused open files, threads or memory"
    HEARTBEAT_MISSED = "a heartbeat was missed"
    WEB_PROCESS_DIED = "the web process died"
    TOR_DIED = "tor died"
    POST_OVERWRITTEN = "a post of a relay was overwritten before the duty desk had fetched it"
    POSTS_MADE_WAY = "posts of relays made way for tips, as the disk has little room"
    NO_START_RISK = "could not start: something readable could reach a disk"
    NO_START_SETTINGS = "could not start: a settings file cannot be used"
    NO_START_KEY = "could not start: the passphrase or the database key does not fit"
    NO_START_STORE = "could not start: the store cannot be used"
    NO_START_ADDRESS = "could not start: a port or socket cannot be listened on"
    NO_START_WEB = "could not start: the web process did not come up"
    NO_START_PAGE = "could not start: the first page was not answered"
    NO_START_TOR = "could not start: tor did not come up"
    NO_START_SYSTEM = "could not start: the system refused files, memory or threads"
    NO_START_OTHER = "could not start: for another reason, see the log"


NO_STARTS: Final = tuple(event for event in Event if event.name.startswith("NO_START_"))
"""Why a server may end before its first page was answered; the whole reason is in the service's log."""

TROUBLES: Final = (
    *NO_STARTS,
    Event.MANIFEST_FORKED,
    Event.DISK_FULL,
    Event.SUBMISSION_WITHHELD,
    Event.STORE_HELD,
    Event.STORE_FAILED,
    Event.SHORTAGE,
    Event.HEARTBEAT_MISSED,
    Event.WEB_PROCESS_DIED,
    Event.TOR_DIED,
    Event.POST_OVERWRITTEN,
    Event.POSTS_MADE_WAY,
)
"""Events that need attention."""


class Events:
    """Noted in memory at once, whatever the disk does; kept in the store as soon as it takes them."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._lock = threading.Lock()
        self._noted: dict[Event, set[dt.date]] = {}

    def note(self, event: Event, *, on: dt.date | None = None) -> None:
        """Happened today, or ``on`` another day. Does not fail, and does not touch the disk."""
        with self._lock:
            self._noted.setdefault(event, set()).add(on or self._clock.today())

    def note_trouble(self, trouble: StoreError) -> None:
        """An error of the store, where it is one that staff can do something about."""
        for kind, event in (
            (StoreFull, Event.DISK_FULL),
            (StoreBusy, Event.STORE_HELD),
            (StoreBroken, Event.STORE_FAILED),
        ):
            if isinstance(trouble, kind):
                self.note(event)

    def keep(self) -> None:
        """Write down what was noted, and forget what is older than 60 days, of every kind.

        Raises:
            StoreError: not this time; it stays noted.
        """
        oldest = self._oldest()
        with self._lock:
            self._noted = {
                event: recent
                for event, days in self._noted.items()
                if (recent := {day for day in days if day >= oldest})
            }
            noted = {_name(event): set(days) for event, days in self._noted.items()}
        for name in {*self._settings.names(_SETTING), *noted}:
            kept = self._kept(name)
            recent = {day for day in kept | noted.get(name, set()) if day >= oldest}
            if not recent:
                self._settings.forget(name)
            elif recent != kept:
                self._settings.put(name, " ".join(map(str, sorted(recent))).encode("ascii"))

    def days(self) -> dict[Event, list[dt.date]]:
        """The days of each event that happened within the last 60, in order."""
        with self._lock:
            noted = {event: set(days) for event, days in self._noted.items()}
        oldest = self._oldest()
        found = {event: self._kept(_name(event)) | noted.get(event, set()) for event in Event}
        return {
            event: recent
            for event, days in found.items()
            if (recent := sorted(day for day in days if day >= oldest))
        }

    def last(self, event: Event) -> dt.date | None:
        """The last day of an event, within the last 60."""
        days = self.days().get(event)
        return days[-1] if days else None

    def _oldest(self) -> dt.date:
        return self._clock.today() - dt.timedelta(days=KEPT_DAYS)

    def _kept(self, name: str) -> set[dt.date]:
        kept = self._settings.get(name) or b""
        return {dt.date.fromisoformat(day) for day in kept.decode("ascii").split()}


def _name(event: Event) -> str:
    return _SETTING + event.name.lower()
