"""The places of the week files that a duty machine holds, and the hours in which they had no cover."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from crypto.beacon.rotating_id import WINDOW_SECONDS
from crypto.beacon.week_file import FIRST_MINUTE, NO_SECOND_PERSON, PlaceCard, WeekFile
from duty.judgement import RelayState
from duty.uncovered import Uncovered, is_working, keep_uncovered, load_uncovered

_WEEK_SECONDS = 7 * 86_400


@dataclass(frozen=True, slots=True)
class ServedPlace:
    """A place with its card, buttons and relays, and its hours without a working relay or desk.

    ``since`` is the beginning of that count, in Unix seconds.
    """

    card: PlaceCard
    buttons: tuple[int, ...]
    relays: tuple[int, ...]
    uncovered_hours: float
    since: int

    @property
    def name(self) -> str:
        return self.card.lines[0]

    @property
    def warnings(self) -> tuple[str, ...]:
        """Lines before the plan: that the place is in drill only, or has not two relays."""
        return self.card.lines[1 : self._at(FIRST_MINUTE, NO_SECOND_PERSON)]

    @property
    def first_minute(self) -> tuple[str, ...]:
        """The steps of the first minute."""
        begin = self._at(FIRST_MINUTE)
        return self.card.lines[begin + 1 : self._at(NO_SECOND_PERSON, after=begin)]

    @property
    def no_second_person(self) -> tuple[str, ...]:
        """The plan for when no second person comes, and the hours of the leaflet."""
        return self.card.lines[self._at(NO_SECOND_PERSON) + 1 :]

    def is_heard(self, relays: Mapping[int, RelayState], *, now: int) -> bool:
        """True if one of its relays posts and hears at ``now``."""
        return is_working([relays[number] for number in self.relays if number in relays], now=now)

    def _at(self, *titles: str, after: int = 0) -> int:
        lines = self.card.lines
        return next((place for place in range(after, len(lines)) if lines[place] in titles), len(lines))


def covered_until(weeks: Iterable[WeekFile], now: int) -> int:
    """The end of the time with ids and keys of relays, without a gap; ``now`` if there are none.

    Ids reach two days beyond Sunday, and keys do not: from Monday on relays sign with the key of the next week. All
    times are Unix seconds.
    """
    until = now
    for one in sorted(weeks, key=lambda week_file: week_file.week):
        monday = int(dt.datetime.combine(one.week.monday, dt.time(), dt.UTC).timestamp())
        begins = max(monday, one.first_window * WINDOW_SECONDS)
        ends = min(monday + _WEEK_SECONDS, (one.first_window + one.windows) * WINDOW_SECONDS)
        if begins <= until:
            until = max(until, ends)
    return until


class PlaceBook:
    """Reads places from week files, and keeps their hours in one file."""

    def __init__(self, path: Path) -> None:
        """Raises ValueError: the file is there, and is none of ours."""
        self._path = path
        self._weeks: Sequence[WeekFile] = ()
        self._uncovered = load_uncovered(path)

    def take_weeks(self, weeks: Sequence[WeekFile]) -> None:
        """Use these week files from now on."""
        self._weeks = weeks

    def listed(self, *, now: int) -> list[ServedPlace]:
        """All places, by number, each with the card of its latest week file."""
        found: dict[int, ServedPlace] = {}
        for one in self._weeks:
            for card in one.places:
                count = self._uncovered.get(card.number) or Uncovered(now, now)
                found[card.number] = ServedPlace(
                    card,
                    tuple(row.number for row in one.buttons if row.place == card.number),
                    tuple(row.number for row in one.relays if row.place == card.number),
                    count.hours,
                    count.since,
                )
        return [found[number] for number in sorted(found)]

    def unheard(self, relays: Mapping[int, RelayState], *, now: int) -> list[str]:
        """The names of places with a button where no relay posts and hears at ``now``."""
        return [one.name for one in self.listed(now=now) if one.buttons and not one.is_heard(relays, now=now)]

    def covered_until(self, now: int) -> int:
        """As :func:`covered_until`, of the week files that are used."""
        return covered_until(self._weeks, now)

    def count_hours(self, relays: Mapping[int, RelayState], *, now: int, is_ready: bool) -> None:
        """Count the time since the last call for each place.

        ``is_ready`` is True if this desk can be relied on.
        """
        for place in self.listed(now=now):
            count = self._uncovered.get(place.card.number) or Uncovered(now, now)
            self._uncovered[place.card.number] = count.tick(
                now=now, is_working=is_ready and place.is_heard(relays, now=now)
            )
        if self._uncovered:
            keep_uncovered(self._path, self._uncovered)
