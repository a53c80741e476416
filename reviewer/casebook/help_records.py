"""Drills of buttons for help, rosters of the duty desk, and sightings of presses."""

import datetime as dt
from dataclasses import dataclass

from crypto.primitives.week import Week
from reviewer.casebook.database import CasebookDatabase


@dataclass(frozen=True, slots=True)
class HelpDrill:
    """A drill of one button: how often it was pressed, and how many presses the duty desk heard."""

    button: int
    day: dt.date
    presses: int
    heard: int


@dataclass(frozen=True, slots=True)
class HelpSighting:
    """One id of a press, as one relay heard it. Times are Unix seconds of the relay; ``rssi`` is in dBm."""

    button: int
    meaning: str
    window: int
    relay: int
    first: int
    last: int
    frames: int
    rssi: int


@dataclass(frozen=True, slots=True)
class HelpHanging:
    """A leaflet or a button of a place that ends; ``down_day`` is None while it hangs."""

    number: int
    place: int
    what: str
    listed_day: dt.date
    down_day: dt.date | None
    down_by: str


@dataclass(frozen=True, slots=True)
class HelpWeekFile:
    """The relays and buttons that the last week file of a week lists, by number."""

    week: Week
    relays: frozenset[int]
    buttons: frozenset[int]


class HelpRecords:
    """Each method may be a part of the caller's transaction."""

    def __init__(self, small: CasebookDatabase) -> None:
        self._small = small

    def add_drill(self, drill: HelpDrill) -> None:
        self._small.run(
            "INSERT INTO help_drills (button, day, presses, heard) VALUES (?, ?, ?, ?)",
            (drill.button, drill.day.isoformat(), drill.presses, drill.heard),
        )

    def drills(self, button: int) -> list[HelpDrill]:
        """The drills of a button, the oldest first."""
        rows = self._small.rows(
            "SELECT button, day, presses, heard FROM help_drills WHERE button = ? ORDER BY day, number", (button,)
        )
        return [HelpDrill(row[0], dt.date.fromisoformat(row[1]), row[2], row[3]) for row in rows]

    def put_roster(self, week: Week, lines: str) -> None:
        """Keep the roster of a week, in place of an earlier one."""
        self._small.run("INSERT OR REPLACE INTO help_rosters VALUES (?, ?)", (str(week), lines))

    def roster(self, week: Week) -> str:
        """The lines of a week's roster; empty if there is none."""
        row = self._small.row("SELECT lines FROM help_rosters WHERE week = ?", (str(week),))
        return str(row[0]) if row else ""

    def put_week_file(self, made: HelpWeekFile) -> None:
        """Keep what the week file of a week lists, in place of an earlier one."""
        numbers = (" ".join(map(str, sorted(listed))) for listed in (made.relays, made.buttons))
        self._small.run("INSERT OR REPLACE INTO help_week_files VALUES (?, ?, ?)", (str(made.week), *numbers))

    def week_files(self) -> list[HelpWeekFile]:
        """The last week file of each week, the earliest week first."""
        rows = self._small.rows("SELECT week, relays, buttons FROM help_week_files ORDER BY week")
        return [
            HelpWeekFile(
                Week.parse(week), frozenset(map(int, relays.split())), frozenset(map(int, buttons.split()))
            )
            for week, relays, buttons in rows
        ]

    def list_hanging(self, place: int, what: str, *, today: dt.date) -> None:
        """Note that this is to be taken down at a place."""
        self._small.run(
            "INSERT INTO help_hanging (place, what, listed_day) VALUES (?, ?, ?)", (place, what, today.isoformat())
        )

    def take_down(self, number: int, *, by: str, today: dt.date) -> bool:
        """Tick off what was taken down; False if nothing of this number hangs."""
        changed = self._small.run(
            "UPDATE help_hanging SET down_day = ?, down_by = ? WHERE number = ? AND down_day IS NULL",
            (today.isoformat(), by, number),
        )
        return changed > 0

    def hanging(self) -> list[HelpHanging]:
        """All that was ever to be taken down, by place and number."""
        rows = self._small.rows(
            "SELECT number, place, what, listed_day, down_day, coalesce(down_by, '') FROM help_hanging"
            " ORDER BY place, number"
        )
        return [
            HelpHanging(
                *(row[0], row[1], row[2], dt.date.fromisoformat(row[3])),
                *(dt.date.fromisoformat(row[4]) if row[4] else None, row[5]),
            )
            for row in rows
        ]

    def put_sighting(self, seen: HelpSighting) -> bool:
        """Keep a sighting; one that is here already only grows. False if it was here as it is."""
        changed = self._small.run(
            "INSERT INTO help_sightings VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (button, meaning, window, relay) DO UPDATE SET first = min(first, excluded.first),"
            " last = max(last, excluded.last), frames = max(frames, excluded.frames),"
            " rssi = max(rssi, excluded.rssi)"
            " WHERE excluded.first < first OR excluded.last > last OR excluded.frames > frames"
            " OR excluded.rssi > rssi",
            (
                *(seen.button, seen.meaning, seen.window, seen.relay),
                *(seen.first, seen.last, seen.frames, seen.rssi),
            ),
        )
        return changed > 0

    def sightings(self) -> list[HelpSighting]:
        """All sightings of presses, by button, meaning and window."""
        rows = self._small.rows(
            "SELECT button, meaning, window, relay, first, last, frames, rssi FROM help_sightings"
            " ORDER BY button, meaning, window, relay"
        )
        return [HelpSighting(*row) for row in rows]
