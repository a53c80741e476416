"""Status of the keys: what opens, how long servers can seal, what blocks retirement."""

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

from crypto.primitives.canonical_json import Json
from crypto.primitives.week import Quarter, Week
from reviewer.home.home import Home
from reviewer.keys.manifest_update import weeks_without_key
from reviewer.keys.retirement_proof import (
    SEALED_WAIT_DAYS,
    due_quarters,
    due_weeks,
    interrupted_weeks,
    keeps_quarter,
    missing_proof,
    what_is_lost,
)
from reviewer.media.known_copies import SheetStatus, root_media, sheet_status
from reviewer.twin.key_import import has_pending_keys
from reviewer.twin.twin import has_twin, missing_on_twin


@dataclass(frozen=True, slots=True)
class WeekStatus:
    """One week whose key is here; ``missing`` blocks its retirement, ``lost`` would be lost by it."""

    week: Week
    envelopes: int
    has_begun: bool
    is_due: bool
    is_cut_short: bool
    missing: tuple[str, ...]
    lost: tuple[str, ...]

    def to_json(self) -> Json:
        return {
            "week": str(self.week),
            "envelopes": self.envelopes,
            "begun": self.has_begun,
            "due": self.is_due,
            "retirable": self.is_due and not self.missing,
            "cut_short": self.is_cut_short,
            "missing": list(self.missing),
            "lost": list(self.lost),
        }

    def lines(self) -> list[str]:
        if self.is_cut_short:
            return [f"week {self.week}    RETIREMENT WAS CUT SHORT: keys retire, again"]
        if not self.is_due:
            state = "open" if self.has_begun else "ahead"
        else:
            state = "due, and waits" if self.missing else "due: keys retire"
        rows = [f"week {self.week}    {state}, {self.envelopes} envelopes"]
        rows += [f"                 missing: {line}" for line in self.missing]
        return rows + [f"                 loses: {line}" for line in self.lost]


@dataclass(frozen=True, slots=True)
class QuarterStatus:
    """The key of one quarter, for files sealed by sources; it waits until its weeks are retired."""

    quarter: Quarter
    is_due: bool
    waits_for: tuple[Week, ...]

    def to_json(self) -> Json:
        return {
            "quarter": str(self.quarter),
            "last_day": self.quarter.last_day.isoformat(),
            "due": self.is_due,
            "retirable": self.is_due and not self.waits_for,
            "waits_for": [str(week) for week in self.waits_for],
        }

    def line(self) -> str:
        if not self.is_due:
            due = self.quarter.last_day + dt.timedelta(days=SEALED_WAIT_DAYS)
            return f"quarter {self.quarter}  open, due on {due.isoformat()}"
        waits = (
            f", and waits for weeks {', '.join(map(str, self.waits_for))}" if self.waits_for else ": keys retire"
        )
        return f"quarter {self.quarter}  due{waits}"


@dataclass(frozen=True, slots=True)
class KeyStatus:
    """``days_left`` counts the days on which servers can still seal with the issued keys, or 0.

    ``weeks_left`` are the weeks, this one included, for which the manifest has keys; ``own_weeks_left`` are those
    whose tips this reviewer opens.
    """

    WARN_DAYS: ClassVar[int] = 21

    organisation: str
    manifest_version: int
    good_until: dt.date | None
    days_left: int
    weeks_left: int
    own_weeks_left: int
    weeks: tuple[WeekStatus, ...]
    without_key: tuple[Week, ...]
    retired: tuple[Week, ...]
    quarters: tuple[QuarterStatus, ...]
    has_twin: bool
    missing_on_twin: tuple[str, ...]
    root_media: int
    sheets: SheetStatus
    is_protected: bool
    backup_day: dt.date | None
    wanted: int
    awaited: tuple[str, ...]
    """Items of bundles that are not here, as ``STREAM:BUNDLE:ITEM``."""
    """Envelopes that were not opened, and of which a restored home has the digests only."""
    has_pending_keys: bool
    """True if a ``keys restore`` was cut short."""

    def to_json(self) -> Json:
        return {
            "organisation": self.organisation,
            "manifest_version": self.manifest_version,
            "good_until": self.good_until.isoformat() if self.good_until else None,
            "days_left": self.days_left,
            "weeks_left": self.weeks_left,
            "own_weeks_left": self.own_weeks_left,
            "protected": self.is_protected,
            "twin": self.has_twin,
            "missing_on_twin": list(self.missing_on_twin),
            "root_media": self.root_media,
            "sheets": self.sheets.made,
            "sheets_tried": self.sheets.tried,
            "last_backup": self.backup_day.isoformat() if self.backup_day else None,
            "wanted_envelopes": self.wanted,
            "awaited_items": list(self.awaited),
            "untried_keys": self.has_pending_keys,
            "weeks": [one.to_json() for one in self.weeks],
            "without_key": [str(week) for week in self.without_key],
            "retired": [str(week) for week in self.retired],
            "sealed": [one.to_json() for one in self.quarters],
        }

    def lines(self) -> list[str]:
        until = self.good_until.isoformat() if self.good_until else "never: nothing was issued"
        rows = [
            f"organisation     {self.organisation}",
            f"manifest         version {self.manifest_version}, good until {until} ({self.days_left} days)",
            f"weeks left       {self.weeks_left}, of which this reviewer opens {self.own_weeks_left}",
            f"passphrase       {'protects this home' if self.is_protected else 'NONE'}",
            f"twin medium      {self._twin()}",
            *([f"root media       {self.root_media}"] if self.root_media else []),
            f"recovery sheets  {self.sheets}",
            f"casebook backup  {self.backup_day.isoformat() if self.backup_day else 'NONE'}",
        ]
        for one in self.weeks:
            rows += one.lines()
        if self.without_key:
            rows.append(
                f"no key here      {', '.join(map(str, self.without_key))}: tips of these weeks cannot be opened"
            )
        rows += [one.line() for one in self.quarters]
        rows.append(f"retired          {', '.join(map(str, self.retired)) or 'none'}")
        return rows

    def _twin(self) -> str:
        if not self.has_twin:
            return "NONE"
        lacks = f", BUT IT LACKS {len(self.missing_on_twin)} keys" if self.missing_on_twin else ""
        return f"yes{lacks}"


def key_status(home: Home, *, today: dt.date) -> KeyStatus:
    """Look at keyring, casebook and newest manifest together."""
    newest = home.casebook.manifests.newest(root=home.root_key)
    retired = home.casebook.retired.all()
    lacking = set(weeks_without_key(home, newest)) if newest else set()
    entries = newest.manifest.intake if newest else ()
    left = [entry.week for entry in entries if entry.week >= Week.of(today)]
    good_until = newest.manifest.expires if newest else None
    return KeyStatus(
        organisation=home.organisation,
        manifest_version=newest.version if newest else 0,
        good_until=good_until,
        days_left=max(0, (good_until - today).days + 1) if good_until else 0,
        weeks_left=len(left),
        own_weeks_left=sum(week not in lacking and week not in retired for week in left),
        weeks=_weeks(home, today),
        without_key=tuple(sorted(lacking)),
        retired=tuple(retired),
        quarters=_quarters(home, today),
        has_twin=has_twin(home),
        missing_on_twin=tuple(missing_on_twin(home)),
        root_media=root_media(home),
        sheets=sheet_status(home),
        is_protected=home.is_protected,
        backup_day=home.casebook.backups.last_day(),
        wanted=len(home.casebook.unopened.wanted()),
        awaited=tuple(one.name for one in home.casebook.awaited.all()),
        has_pending_keys=has_pending_keys(home),
    )


def _weeks(home: Home, today: dt.date) -> tuple[WeekStatus, ...]:
    due = set(due_weeks(home, today=today))
    cut_short = set(interrupted_weeks(home))
    return tuple(
        WeekStatus(
            week,
            envelopes=len(home.casebook.submissions.of_week(week)),
            has_begun=week.monday <= today,
            is_due=week in due,
            is_cut_short=week in cut_short,
            missing=tuple(missing_proof(home, week, today=today)) if week in due - cut_short else (),
            lost=tuple(what_is_lost(home, week)),
        )
        for week in home.keyring.intake_weeks()
    )


def _quarters(home: Home, today: dt.date) -> tuple[QuarterStatus, ...]:
    due = set(due_quarters(home, today=today))
    return tuple(
        QuarterStatus(quarter, quarter in due, tuple(keeps_quarter(home, quarter)))
        for quarter in home.keyring.sealed_quarters()
    )
