"""The doctor's checks of an open store.

They cover pages, keys, the manifest, the clock, couriers, the heartbeat, troubles and backups.
"""

import datetime as dt
import time
from collections.abc import Iterator
from typing import Final

from tipline.instance.intake_status import ClosedReason
from tipline.instance.open_site import OpenSite
from tipline.machine.units import LOG_COMMAND
from tipline.operations.check_result import CheckResult, critical, ok, warning
from tipline.operations.serving_state import Serving
from tipline.operations.site_status import SiteStatus
from tipline.store.events import NO_STARTS, TROUBLES, Event

_OLDEST_BEAT_SECONDS: Final = 1800.0
_QUIET_DAYS: Final = 3
_TOO_QUIET_DAYS: Final = 14
_BACKUP_DAYS: Final = 30
_FEW_WEEKS: Final = 4
_TROUBLE_DAYS: Final = 7
_FILES: Final = ("tipline.db", "bulk.db")
_SET_CLOCK: Final = (
    "set it: date --utc --set='YYYY-MM-DD hh:mm', then the time source of install-server.md, section 5"
)


def check_store(site: OpenSite) -> Iterator[CheckResult]:
    """Run the checks; that of all pages takes as long as the disk needs to read them.

    Raises:
        StoreError: the store cannot be read at all.
    """
    status = SiteStatus.of(site)
    yield _pages(site)
    yield _clock(site, status)
    yield _intake(status)
    yield _keys(status)
    yield _weeks(status)
    if status.reviewers_to_accept:
        yield _reviewers(status)
    yield _carried(site, status, Event.BUNDLES_FETCHED, "couriers", "fetched bundles")
    yield _carried(site, status, Event.OUTBOX_CAME, "outboxes", "brought an outbox")
    if status.serving not in {Serving.NO, Serving.WAITING}:
        yield _heartbeat(site)
    yield _backup(site)
    yield from _troubles(site)


def _pages(site: OpenSite) -> CheckResult:
    damage = site.store.damage()
    if damage:
        return critical(
            "pages",
            f"{len(damage)} are damaged, the first: {damage[0]}",
            "the disk fails: export now, which leaves out what is damaged, then restore a backup on another disk",
        )
    return ok("pages", "every page of the store is as it was written")


def _clock(site: OpenSite, status: SiteStatus) -> CheckResult:
    newest = max((site.folder.store / name).stat().st_mtime for name in _FILES)
    if status.intake_closed_because == ClosedReason.CLOCK_WRONG or newest > time.time() + 86_400:
        return critical("clock", f"is behind: it says {site.clock.today()}", _SET_CLOCK)
    if status.intake_closed_because in {ClosedReason.WEEK_CLOSED, ClosedReason.EXPIRED}:
        return warning("clock", f"says {site.clock.today()}: is that today?", _SET_CLOCK)
    return ok("clock", f"says {site.clock.today()}, which fits the manifest")


def _intake(status: SiteStatus) -> CheckResult:
    if status.intake_open:
        return ok("intake", f"open, sealed to the keys of week {status.week}")
    return critical("intake", f"CLOSED: {status.intake_closed_because}", status.intake_hint or "")


def _keys(status: SiteStatus) -> CheckResult:
    if status.manifest_version is None:
        return warning("keys", "there is no manifest yet", ClosedReason.NO_MANIFEST.hint)
    says = f"last for {status.weeks_left} weeks, the manifest until {status.manifest_expires}"
    cure = "ask the reviewers for a new manifest"
    if status.weeks_left <= 1:
        return critical("keys", says, cure)
    return warning("keys", says, cure) if status.weeks_left < _FEW_WEEKS else ok("keys", says)


def _weeks(status: SiteStatus) -> CheckResult:
    if status.weeks_held_open:
        return warning(
            "weeks",
            f"{len(status.weeks_held_open)} are over by the clock and not signed as closed: their keys stay",
            "if the clock is right: tipline export DIR --close-weeks",
        )
    if status.weeks_kept_for_old_files:
        return warning(
            "weeks",
            f"{len(status.weeks_kept_for_old_files)} stay open for 30 days of service since the restore",
            "have every FILE of the machine before imported by then",
        )
    return ok("weeks", "every week that is over is signed as closed, or will be by the next export")


def _reviewers(status: SiteStatus) -> CheckResult:
    return warning(
        "reviewers",
        f"receipts of {', '.join(status.reviewers_to_accept)} count for nothing since this server was restored",
        "tipline import DIR FILE with the next outbox of each: docs/operate/restore-on-a-new-machine.md",
    )


def _carried(site: OpenSite, status: SiteStatus, event: Event, about: str, did: str) -> CheckResult:
    last = site.store.events.last(event)
    cure = "is the courier well? tipline courier watch does its rounds by itself"
    if last is None:
        if status.is_empty:
            return ok(about, f"none has {did} within 60 days, and nothing waits")
        waiting = status.waiting if status.waiting != "none" else status.waiting_like_shared
        return critical(about, f"none has {did} within 60 days, and {waiting} submissions wait", cure)
    days = (site.clock.today() - last).days
    says = f"last {did} on {last}"
    if days < _QUIET_DAYS or (status.is_empty and days < _TOO_QUIET_DAYS):
        return ok(about, says)
    return (critical if days >= _TOO_QUIET_DAYS else warning)(about, f"{says}, {days} days ago", cure)


def _heartbeat(site: OpenSite) -> CheckResult:
    age_seconds = time.time() - max((site.folder.store / name).stat().st_mtime for name in _FILES)
    if age_seconds > _OLDEST_BEAT_SECONDS:
        return critical(
            "heartbeat",
            f"none for {age_seconds / 60:.0f} minutes, though the site is being served",
            "the disk may be full or read-only; else restart the server",
        )
    return ok("heartbeat", "within the last half hour")


def _backup(site: OpenSite) -> CheckResult:
    last = site.store.events.last(Event.BACKUP_WRITTEN)
    if last is None or site.clock.today() - last > dt.timedelta(days=_BACKUP_DAYS):
        says = "none within 60 days" if last is None else f"the last on {last}"
        return warning(
            "backup", says, "tipline backup DIR --out FILE: the address is lost with this disk otherwise"
        )
    return ok("backup", f"the last on {last}")


def _troubles(site: OpenSite) -> Iterator[CheckResult]:
    since = site.clock.today() - dt.timedelta(days=_TROUBLE_DAYS)
    days = site.store.events.days()
    recent = [event for event in TROUBLES if event in days and days[event][-1] >= since]
    for event in recent:
        yield warning("events", f"{event} on {days[event][-1]}", _CURES[event])
    if not recent:
        yield ok("events", "no troubles within the last week")


_CURES: Final = {
    Event.MANIFEST_FORKED: "two copies of the root medium were used, or another person has the root key: ask the"
    " reviewers before any manifest is adopted here",
    Event.DISK_FULL: "make room; what was acknowledged is safe, and it works again by itself",
    Event.STORE_HELD: "some command ran very long, or the disk is very slow: was an export or backup stopped?",
    Event.SUBMISSION_WITHHELD: "tipline status names it; look at the disk: it comes when the disk gives it back",
    Event.STORE_FAILED: "see dmesg: the disk or its cable fails, or it was mounted read-only",
    Event.SHORTAGE: "it works again by itself; give the unit more (LimitNOFILE, TasksMax, MemoryMax)",
    Event.HEARTBEAT_MISSED: "the store could not be written for a while; the events beside this say why",
    Event.WEB_PROCESS_DIED: f"it was started again; if it happens often: memory? see {LOG_COMMAND}",
    Event.TOR_DIED: "it was started again; if it happens often: memory? a newer tor?",
    Event.POST_OVERWRITTEN: "a press may be lost: did both duty machines run? does a relay flood?",
    Event.POSTS_MADE_WAY: "give the store a larger disk: docs/beacon/relay.md says how much posts need beside tips",
    **dict.fromkeys(NO_STARTS, f"{LOG_COMMAND} has the whole reason, until the machine is started again"),
}
