"""Which weeks an export may sign as closed: a wrong clock must not close the site for ever.

A week that was signed closed is never sealed to again, whatever the clock says later. So the clock alone closes two
weeks at most. What ended before the manifest was issued is over by the word of the root key, not of the clock.
"""

import datetime as dt
from collections.abc import Collection, Sequence
from enum import Enum
from typing import Final

from crypto.manifest import VerifiedManifest
from crypto.week import Week
from tipline.errors import CarryRefused

MOST_AT_ONCE: Final = 2


class Closing(Enum):
    """What is done when the clock says that more than two weeks have ended since the last export."""

    REFUSE = "refuse"
    HOLD_OPEN = "hold open"
    CLOSE = "close"


def past_weeks(manifest: VerifiedManifest, today: dt.date) -> list[str]:
    """Weeks whose keys a server may not use any more, as far as its clock says."""
    return [str(entry.week) for entry in manifest.manifest.intake if entry.week.last_day < today]


def doubtful(weeks: Sequence[str], *, issued: dt.date, closed_before: Collection[str]) -> list[str]:
    """Those of the weeks that only the clock says are over, when they are too many to be closed on its word."""
    by_clock = [week for week in weeks if week not in closed_before and Week.parse(week).last_day >= issued]
    return by_clock if len(by_clock) > MOST_AT_ONCE else []


def to_close(
    closable: Sequence[str], *, issued: dt.date, closed_before: Collection[str], closing: Closing
) -> list[str]:
    """What may be signed closed now. ``issued`` is the day of the manifest; weeks that were ``closed_before``, by
    a server that was restored since, are not closed by the clock of today.

    Raises:
        CarryRefused: too many on the clock's word alone, and ``closing`` says to refuse then.
    """
    held = doubtful(closable, issued=issued, closed_before=closed_before) if closing is not Closing.CLOSE else []
    if held and closing is Closing.REFUSE:
        raise CarryRefused(
            f"{len(held)} weeks, {held[0]} to {held[-1]}, would be signed as closed at once: is the clock right?",
            hint="look at the date of this machine; if it is right, add --close-weeks",
        )
    return [week for week in closable if week not in held]
