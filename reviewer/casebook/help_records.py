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
