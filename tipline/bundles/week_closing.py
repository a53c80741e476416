"""Weeks that an export may sign as closed: a wrong clock must not close the site permanently.

A week that was signed closed is never sealed to again, whatever the clock says later. So the clock alone closes two
weeks at most. What ended before the manifest was issued is over by the word of the root key, not of the clock.

A restored server cannot know what was fetched from the machine before it. Closing a week lets reviewers destroy
its keys, and a FILE that a courier still holds would be unreadable. So it keeps open the weeks that the other
machine may have sealed to, for as many counted days as one receipt has to wait for the others.
"""

import datetime as dt
from collections.abc import Collection, Sequence
from enum import Enum
from typing import Final

from crypto.manifests.manifest import VerifiedManifest
from crypto.primitives.week import Week
from tipline.errors import CarryRefused
from tipline.store import Store

MOST_AT_ONCE: Final = 2
DAYS_FOR_OLD_FILES: Final = 30
_RESTORED: Final = "restored"


class WeekClosing(Enum):
    """The action when, by the clock, more than two weeks have ended since the last export."""

    REFUSE = "refuse"
    HOLD_OPEN = "hold open"
    CLOSE = "close"


def past_weeks(manifest: VerifiedManifest, today: dt.date) -> list[str]:
    """Weeks whose keys a server may not use any more, as far as its clock says."""
    return [str(entry.week) for entry in manifest.manifest.intake if entry.week.last_day < today]


def note_restored(store: Store, today: dt.date) -> None:
    """The store was filled from a backup on this day.

    Raises:
        StoreError.
    """
    store.settings.put(_RESTORED, today.isoformat().encode("ascii"))


def kept_for_old_files(store: Store, weeks: Sequence[str]) -> list[str]:
    """Return the weeks that stay open after a restore, until 30 days were counted.

    Raises:
        StoreError.
    """
    restored = store.settings.get(_RESTORED)
    if restored is None or store.days.days() >= DAYS_FOR_OLD_FILES:
        return []
    last = dt.date.fromisoformat(restored.decode("ascii"))
    return [week for week in weeks if Week.parse(week).monday <= last and not store.submissions.is_closed(week)]


def doubtful(weeks: Sequence[str], *, issued: dt.date, closed_before: Collection[str]) -> list[str]:
    """Return the weeks that are over by the clock alone, if they are too many to close on its word."""
    by_clock = [week for week in weeks if week not in closed_before and Week.parse(week).last_day >= issued]
    return by_clock if len(by_clock) > MOST_AT_ONCE else []


def to_close(
    closable: Sequence[str], *, issued: dt.date, closed_before: Collection[str], closing: WeekClosing
) -> list[str]:
    """Return the weeks that may be signed closed now.

    ``issued`` is the day of the manifest. Weeks that are ``closed_before``, by a server that was restored since,
    are not closed by the present clock.

    Raises:
        CarryRefused: too many by the clock alone, and ``closing`` says to refuse then.
    """
    held = (
        doubtful(closable, issued=issued, closed_before=closed_before) if closing is not WeekClosing.CLOSE else []
    )
    if held and closing is WeekClosing.REFUSE:
        raise CarryRefused(
            f"{len(held)} weeks, {held[0]} to {held[-1]}, would be signed as closed at once: is the clock right?",
            hint="look at the date of this machine; if it is right, add --close-weeks",
        )
    return [week for week in closable if week not in held]
