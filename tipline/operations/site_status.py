"""The status of a site, for its operator. Nothing in it is finer than docs/claims.md promises."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Final

from crypto.keys import minisign
from crypto.manifests.manifest import VerifiedManifest
from crypto.primitives.week import Week
from crypto.sharing.shared_item import ENVELOPE_BYTES
from tipline.bundles.exporter import present_stream
from tipline.bundles.week_closing import DAYS_FOR_OLD_FILES, doubtful, kept_for_old_files, past_weeks
from tipline.bundles.withheld_items import withheld_items
from tipline.instance.database_key import UNPROTECTED_WARNING, is_protected
from tipline.instance.identity import Identity
from tipline.instance.intake_status import IntakeClosed
from tipline.instance.open_site import OpenSite
from tipline.instance.recipient_file import RecipientFileSource
from tipline.operations.serving_state import Serving, ServingState
from tipline.store.events import TROUBLES, Event

_FEW_WEEKS: Final = 4
_LITTLE_ROOM_MIB: Final = 512
_RECENT_DAYS: Final = 7
_MIB: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class SiteStatus:
    """The content of ``status --json``.

    ``waiting`` is one of ``none``, ``1-9``, ``10-99``, ``100 or more``. ``waiting_like_shared`` counts in the same
    way those of the one length that items of reviewers for each other have: this server cannot tell them from a tip
    of this length. ``withheld`` names submissions that the disk did not return to the last export.

    ``troubles`` are events of the last week that need attention, with their last day. ``bundles_fetched`` and
    ``outbox_came`` are the last days of these events, within 60. ``weeks_held_open`` are over by the clock of this
    machine, but too many for a courier to report as closed. ``recipient_file_until`` is the last day of the file
    that sources seal to by themselves, if there is one today. ``room_mib`` is rounded down to a power of two.
    ``reviewers_to_accept`` names those whose receipts count for nothing since a restore. ``served``: the first page
    was answered just now; ``serving`` says it in words, or why not, and ``could_not_start`` why the last start
    failed, if no other has come further since. ``stream`` names the stream of bundles that reviewers confirm after
    a restore; None until the first export. ``weeks_kept_for_old_files`` are over, and stay open since a restore,
    for FILEs of the former machine that a courier may still hold.
    """

    server: str
    server_fingerprint: str
    root_id: str
    root_key: str
    organisation: str | None
    intake_open: bool
    intake_closed_because: str | None
    intake_hint: str | None
    week: str | None
    weeks_left: int
    recipient_file_until: str | None
    manifest_version: int | None
    manifest_expires: str | None
    waiting: str
    waiting_like_shared: str
    withheld: list[str]
    served: bool
    serving: str
    could_not_start: str | None
    database_key_protected: bool
    room_mib: int
    bundles_fetched: str | None
    outbox_came: str | None
    troubles: list[str]
    weeks_held_open: list[str]
    reviewers_to_accept: list[str]
    stream: str | None
    weeks_kept_for_old_files: list[str]

    @classmethod
    def of(cls, site: OpenSite, state: ServingState | None = None) -> "SiteStatus":
        """Look now; ``state`` is for the process that serves, which need not ask itself.

        Raises:
            StoreError, ProgramError: the store cannot be read.
        """
        state = state or ServingState.of(site.folder)
        identity = Identity.load(site.store)
        manifest = _manifest(site)
        recipients = RecipientFileSource(site.policy, identity.root, site.clock).current_recipient_file()
        waiting, like_shared = count_waiting(one.length for one in site.store.submissions.waiting())
        closed_because = hint = week = None
        try:
            week = str(site.policy.intake().week)
        except IntakeClosed as closed:
            closed_because, hint = closed.reason.value, closed.hint
        return cls(
            server=identity.keys.name,
            server_fingerprint=identity.keys.party().fingerprint,
            root_id=minisign.key_id(identity.root)[::-1].hex().upper(),
            root_key=str(identity.root),
            organisation=None if manifest is None else manifest.manifest.organisation,
            intake_open=closed_because is None,
            intake_closed_because=closed_because,
            intake_hint=hint,
            week=week,
            weeks_left=0 if manifest is None else weeks_left(manifest, site.clock.today()),
            recipient_file_until=None if recipients is None else recipients.last_day,
            manifest_version=None if manifest is None else manifest.version,
            manifest_expires=None if manifest is None else manifest.manifest.expires.isoformat(),
            waiting=waiting,
            waiting_like_shared=like_shared,
            withheld=[str(one) for one in withheld_items(site.store)],
            served=state.serving is Serving.YES,
            serving=state.serving.value,
            could_not_start=None if state.failed is None else state.failed.reason.value,
            database_key_protected=(
                is_protected(site.folder) if site.key_protected is None else site.key_protected
            ),
            room_mib=coarse_room_mib(site.store.room_bytes() // _MIB),
            bundles_fetched=_last_day(site, Event.BUNDLES_FETCHED),
            outbox_came=_last_day(site, Event.OUTBOX_CAME),
            troubles=_troubles(site),
            weeks_held_open=[] if manifest is None else _weeks_held_open(site, manifest),
            reviewers_to_accept=[] if manifest is None else _reviewers_to_accept(site, manifest),
            stream=present_stream(site.store),
            weeks_kept_for_old_files=[] if manifest is None else _weeks_kept_for_old_files(site, manifest),
        )

    @property
    def is_empty(self) -> bool:
        """True if nothing of any length waits for a courier."""
        return self.waiting == self.waiting_like_shared == "none"

    def warnings(self) -> list[str]:
        """Return what the operator should act on before it closes intake."""
        found = [f"{trouble}: tipline doctor DIR says what to do" for trouble in self.troubles]
        found += [
            f"{one} is damaged on this disk: it is withheld from the reviewers, and comes when the disk is well"
            for one in self.withheld
        ]
        if self.manifest_version is not None and self.weeks_left < _FEW_WEEKS:
            weeks = f"{self.weeks_left} week{'' if self.weeks_left == 1 else 's'}"
            found.append(f"keys last for {weeks}: ask for a new manifest")
        if self.manifest_version is not None and self.recipient_file_until is None:
            found.append(
                "there is no recipient file for today, so sources cannot lock a file before sending it:"
                " ask for a new manifest"
            )
        if self.reviewers_to_accept:
            found.append(
                f"this server was restored: receipts of {', '.join(self.reviewers_to_accept)} count for nothing"
                " until the next outbox is accepted (docs/operate/restore-on-a-new-machine.md)"
            )
        if self.weeks_held_open:
            found.append(
                f"{len(self.weeks_held_open)} weeks are over by the clock of this machine and not signed as closed:"
                " if the clock is right, tipline export DIR --close-weeks; until then their keys cannot be retired"
            )
        if self.weeks_kept_for_old_files:
            found.append(
                f"this server was restored: {len(self.weeks_kept_for_old_files)} weeks stay open until it has"
                f" served and exported on {DAYS_FOR_OLD_FILES} days;"
                " have every FILE of the machine before imported by then"
            )
        if self.room_mib < _LITTLE_ROOM_MIB:
            found.append("the disk is nearly full: soon nothing can be taken in")
        if not self.database_key_protected:
            found.append(UNPROTECTED_WARNING)
        return found

    def to_json(self) -> dict[str, object]:
        return asdict(self)


def weeks_left(manifest: VerifiedManifest, today: dt.date) -> int:
    """Return how many weeks, this one included, still have keys before the manifest's last day."""
    return sum(
        Week.of(today) <= entry.week and entry.week.monday <= manifest.manifest.expires
        for entry in manifest.manifest.intake
    )


def coarse(count: int) -> str:
    """A number of submissions as a class of size."""
    if not count:
        return "none"
    return next((f"{floor}-{floor * 10 - 1}" for floor in (1, 10) if count < floor * 10), "100 or more")


def coarse_room_mib(room_mib: int) -> int:
    """The greatest power of two that is not above: exact room would count what comes in between two looks."""
    return 1 << room_mib.bit_length() - 1 if room_mib > 0 else 0


def count_waiting(lengths: Iterable[int]) -> tuple[str, str]:
    """The classes of two counts of submissions, by their lengths in bytes.

    First come those that are tips for certain, then those of the one length of what reviewers tell each other.
    """
    counted = [length == ENVELOPE_BYTES for length in lengths]
    return coarse(counted.count(False)), coarse(counted.count(True))


def _manifest(site: OpenSite) -> VerifiedManifest | None:
    try:
        return site.policy.manifest()
    except IntakeClosed:
        return None


def _weeks_held_open(site: OpenSite, manifest: VerifiedManifest) -> list[str]:
    past = past_weeks(manifest, site.clock.today())
    closed = {week for week in past if site.store.submissions.is_closed(week)}
    kept = kept_for_old_files(site.store, past)
    return doubtful(
        [week for week in past if week not in kept], issued=manifest.manifest.issued, closed_before=closed
    )


def _weeks_kept_for_old_files(site: OpenSite, manifest: VerifiedManifest) -> list[str]:
    return kept_for_old_files(site.store, past_weeks(manifest, site.clock.today()))


def _reviewers_to_accept(site: OpenSite, manifest: VerifiedManifest) -> list[str]:
    awaited = site.store.incoming.unaccepted()
    return [party.name for party in manifest.manifest.reviewers if party.verify_key.to_bytes() in awaited]


def _last_day(site: OpenSite, event: Event) -> str | None:
    day = site.store.events.last(event)
    return None if day is None else day.isoformat()


def _troubles(site: OpenSite) -> list[str]:
    since = site.clock.today() - dt.timedelta(days=_RECENT_DAYS)
    days = site.store.events.days()
    return [f"{event} on {days[event][-1]}" for event in TROUBLES if event in days and days[event][-1] >= since]
