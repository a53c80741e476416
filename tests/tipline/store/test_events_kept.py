"""Days of events are kept for 60 days and no longer, also of those that never happened again."""

import datetime as dt
from pathlib import Path

from tests.organisation import TODAY, FixedClock
from tipline.store import Store
from tipline.store.events import KEPT_DAYS, Event

KEY = bytes(range(32))


def _rows(store: Store) -> dict[str, bytes]:
    return dict(store._small.rows("SELECT name, setting FROM settings WHERE name LIKE 'event %'"))


def test_a_beat_forgets_every_event_of_more_than_60_days_ago(tmp_path: Path) -> None:
    clock = FixedClock()
    with Store(tmp_path, KEY, create=True, clock=clock, reserve_bytes=0) as store:
        store.events.note(Event.DISK_FULL)
        store.events.note(Event.SERVED)
        store.beat()
        clock.day = TODAY + dt.timedelta(days=KEPT_DAYS)
        store.events.note(Event.SERVED)
        store.beat()
        assert store.events.last(Event.DISK_FULL) == TODAY
        clock.day += dt.timedelta(days=1)
        store.beat()
        assert _rows(store) == {"event served": str(TODAY + dt.timedelta(days=KEPT_DAYS)).encode()}
        assert [*store.events.days()] == [Event.SERVED]
        clock.day += dt.timedelta(days=KEPT_DAYS)
        store.beat()
        assert _rows(store) == {}
        assert store.events._noted == {}


def test_events_of_an_earlier_program_are_forgotten_too(tmp_path: Path) -> None:
    clock = FixedClock(TODAY + dt.timedelta(days=KEPT_DAYS + 1))
    with Store(tmp_path, KEY, create=True, clock=clock, reserve_bytes=0) as store:
        store.settings.put("event that no one notes any more", str(TODAY).encode())
        store.settings.put("eventually", b"is something else")
    with Store(tmp_path, KEY, clock=clock, reserve_bytes=0) as store:
        store.beat()
        assert _rows(store) == {}
        assert store.settings.get("eventually") == b"is something else"


def test_what_was_kept_before_is_forgotten_as_the_store_is_closed(tmp_path: Path) -> None:
    clock = FixedClock()
    with Store(tmp_path, KEY, create=True, clock=clock, reserve_bytes=0) as store:
        store.events.note(Event.RESTORED)
    clock.day += dt.timedelta(days=KEPT_DAYS + 1)
    Store(tmp_path, KEY, clock=clock, reserve_bytes=0).close()
    with Store(tmp_path, KEY, clock=clock, reserve_bytes=0) as store:
        assert _rows(store) == {}
