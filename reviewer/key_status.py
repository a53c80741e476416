"""How the keys stand: what can be opened, until when servers can seal, what retirement waits for."""

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

from crypto.canonical_json import Json
from crypto.week import Week
from reviewer.home import Home
from reviewer.retire import due_weeks, missing_proof
from reviewer.twin import has_twin


@dataclass(frozen=True, slots=True)
class WeekStatus:
    """One week whose key is here; ``missing`` is what its retirement waits for."""

    week: Week
    envelopes: int
    is_due: bool
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KeyStatus:
    """``days_left`` counts the days on which servers can still seal with what was issued; 0 when there are none."""

    WARN_DAYS: ClassVar[int] = 21

    organisation: str
    manifest_version: int
    good_until: dt.date | None
    days_left: int
    weeks: tuple[WeekStatus, ...]
    without_key: tuple[Week, ...]
    retired: tuple[Week, ...]
    sealed: tuple[str, ...]
    has_twin: bool
    is_protected: bool
    backup_day: dt.date | None

    def to_json(self) -> Json:
        return {
            "organisation": self.organisation,
            "manifest_version": self.manifest_version,
            "good_until": self.good_until.isoformat() if self.good_until else None,
            "days_left": self.days_left,
            "protected": self.is_protected,
            "twin": self.has_twin,
            "last_backup": self.backup_day.isoformat() if self.backup_day else None,
            "weeks": [
                {
                    "week": str(one.week),
                    "envelopes": one.envelopes,
                    "due": one.is_due,
                    "missing": list(one.missing),
                }
                for one in self.weeks
            ],
            "without_key": [str(week) for week in self.without_key],
            "retired": [str(week) for week in self.retired],
            "sealed": list(self.sealed),
        }

    def lines(self) -> list[str]:
        until = self.good_until.isoformat() if self.good_until else "never: nothing was issued"
        rows = [
            f"organisation     {self.organisation}",
            f"manifest         version {self.manifest_version}, good until {until} ({self.days_left} days)",
            f"passphrase       {'protects this home' if self.is_protected else 'NONE'}",
            f"twin medium      {'yes' if self.has_twin else 'NONE'}",
            f"casebook backup  {self.backup_day.isoformat() if self.backup_day else 'NONE'}",
        ]
        for one in self.weeks:
            state = "due" if one.is_due else "open"
            rows.append(f"week {one.week}    {state}, {one.envelopes} envelopes")
            if one.is_due:
                rows += [f"                 missing: {line}" for line in one.missing]
        if self.without_key:
            rows.append(
                f"no key here      {', '.join(map(str, self.without_key))}: tips of these weeks cannot be opened"
            )
        rows.append(f"sealed files     {', '.join(self.sealed) or 'none'}")
        rows.append(f"retired          {', '.join(map(str, self.retired)) or 'none'}")
        return rows


def key_status(home: Home, *, today: dt.date) -> KeyStatus:
    """Look at keyring, casebook and newest manifest together."""
    newest = home.casebook.manifests.newest(root=home.root_key)
    retired = home.casebook.retired.all()
    here = home.keyring.intake_weeks()
    due = set(due_weeks(home, today=today))
    weeks = tuple(
        WeekStatus(
            week,
            len(home.casebook.submissions.of_week(week)),
            week in due,
            tuple(missing_proof(home, week)) if week in due else (),
        )
        for week in here
    )
    issued = [entry.week for entry in newest.manifest.intake] if newest else []
    good_until = newest.manifest.expires if newest else None
    return KeyStatus(
        organisation=home.organisation,
        manifest_version=newest.version if newest else 0,
        good_until=good_until,
        days_left=max(0, (good_until - today).days + 1) if good_until else 0,
        weeks=weeks,
        without_key=tuple(week for week in issued if week not in here and week not in retired),
        retired=tuple(retired),
        sealed=tuple(map(str, home.keyring.sealed_quarters())),
        has_twin=has_twin(home),
        is_protected=home.is_protected,
        backup_day=home.casebook.backups.last_day(),
    )
