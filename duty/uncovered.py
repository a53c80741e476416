"""Hours in which a place had no working relay or no duty desk: they stand on its card."""

import json
from dataclasses import dataclass, replace
from pathlib import Path

from duty.alarms import RELAY_DEAF_SECONDS, RELAY_SILENT_SECONDS
from duty.judgement import RelayState
from system.atomic_files import write_whole

LONGEST_TICK_SECONDS = 60
"""A desk that did not tick for longer was off: the whole time counts."""


@dataclass(frozen=True, slots=True)
class Uncovered:
    """Seconds of one place since its first day. ``ticked`` is the last tick, in Unix seconds."""

    since: int
    ticked: int
    seconds: int = 0

    def tick(self, *, now: int, is_working: bool) -> "Uncovered":
        """The count at ``now``. A clock that went back adds nothing."""
        passed = max(0, now - self.ticked)
        is_gap = passed > LONGEST_TICK_SECONDS
        added = passed if is_gap or not is_working else 0
        return replace(self, ticked=now, seconds=self.seconds + added)

    @property
    def hours(self) -> float:
        """The figure on the card of the place."""
        return self.seconds / 3600


def is_working(relays: list[RelayState], *, now: int) -> bool:
    """True if one relay of a place posts and hears."""
    return any(
        now - one.came <= RELAY_SILENT_SECONDS and now - one.frames_at <= RELAY_DEAF_SECONDS for one in relays
    )


def keep_uncovered(path: Path, places: dict[int, Uncovered]) -> None:
    """Keep the counts of all places durably, whole or not at all."""
    told = {
        str(place): {"seconds": one.seconds, "since": one.since, "ticked": one.ticked}
        for place, one in places.items()
    }
    write_whole(path, json.dumps(told, sort_keys=True).encode() + b"\n")


def load_uncovered(path: Path) -> dict[int, Uncovered]:
    """The counts by number of the place; none where none were kept.

    Raises:
        ValueError: the file is there, and is none of ours.
    """
    if not path.exists():
        return {}
    try:
        told = json.loads(path.read_bytes())
        return {int(place): Uncovered(**one) for place, one in told.items()}
    except (AttributeError, TypeError) as error:
        raise ValueError(f"{path.name} must hold the hours of places") from error
