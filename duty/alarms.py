"""Named alarms of the duty desk: relays silent, deaf or flooded, and silent buttons."""

from dataclasses import dataclass
from enum import StrEnum

from duty.judgement import Judge, JunkCount

RELAY_SILENT_SECONDS = 120
RELAY_DEAF_SECONDS = 600
BUTTON_SILENT_SECONDS = 26 * 3600
NO_FETCH_SECONDS = 60
OTHER_SILENT_SECONDS = 120
WEEK_ENDS_SECONDS = 3 * 86_400


class DutyAlarm(StrEnum):
    """The named alarms; the value is what duty workers read."""

    RELAY_SILENT = "relay silent"
    RELAY_DEAF = "relay deaf"
    RELAY_FLOODED = "relay flooded"
    RELAY_CLOCK = "clock differs from this machine: relay"
    BUTTON_SILENT = "button silent"
    FORGED = "forged"
    JUNK = "junk"
    OTHER_SILENT = "the other machine is silent"
    WEEK_ENDS = "week file ends"
    LEDGER = "lines of the ledger cannot be read"
    NO_WEEK = "not ready: no week file of today"
    NO_SOUND = "not ready: no sound"
    NO_DISK = "not ready: the disk keeps nothing"
    NO_FETCH_YET = "not ready: no fetch yet"
    NO_FETCH = "not ready: nothing was fetched for a minute"
    CLOCK = "not ready: this clock differs from those of all relays"


@dataclass(frozen=True, slots=True)
class NumberedAlarm:
    """An alarm, with the relay, the button or the count that it is about."""

    alarm: DutyAlarm
    number: int

    def __str__(self) -> str:
        return f"{self.alarm.value}: {self.number}" if self.number else self.alarm.value


NOT_READY = frozenset(
    {
        DutyAlarm.NO_SOUND,
        DutyAlarm.NO_DISK,
        DutyAlarm.NO_FETCH_YET,
        DutyAlarm.NO_FETCH,
        DutyAlarm.NO_WEEK,
        DutyAlarm.CLOCK,
    }
)
"""While one of these stands, the machine cannot be relied on."""


def machine_alarms(
    *, now: int, fetched: int | None, other: int, covered: int, has_sound: bool, has_disk: bool
) -> list[NumberedAlarm]:
    """Alarms about this machine and the other one at ``now``; all times are Unix seconds.

    ``fetched`` is the last fetch since the start, None before the first one; ``other`` the last new note of the
    other machine; ``covered`` the end of the week files. ``has_disk`` is False if the last fetch was not kept.
    """
    standing = {
        DutyAlarm.NO_SOUND: not has_sound,
        DutyAlarm.NO_DISK: not has_disk,
        DutyAlarm.NO_FETCH_YET: fetched is None,
        DutyAlarm.NO_FETCH: fetched is not None and now - fetched > NO_FETCH_SECONDS,
        DutyAlarm.NO_WEEK: covered <= now,
        DutyAlarm.WEEK_ENDS: now < covered <= now + WEEK_ENDS_SECONDS,
        DutyAlarm.OTHER_SILENT: now - other > OTHER_SILENT_SECONDS,
    }
    return [NumberedAlarm(alarm, 0) for alarm, stands in standing.items() if stands]


def standing_alarms(judge: Judge, *, now: int) -> list[NumberedAlarm]:
    """All alarms about relays, buttons and posts that stand at ``now``, in Unix seconds."""
    found = [NumberedAlarm(DutyAlarm.CLOCK, 0)] if judge.is_clock_off(now) else []
    for number, state in sorted(judge.relays.items()):
        if now - state.came > RELAY_SILENT_SECONDS:
            found.append(NumberedAlarm(DutyAlarm.RELAY_SILENT, number))
        elif now - state.frames_at > RELAY_DEAF_SECONDS:
            found.append(NumberedAlarm(DutyAlarm.RELAY_DEAF, number))
        if state.is_flooded:
            found.append(NumberedAlarm(DutyAlarm.RELAY_FLOODED, number))
        if state.is_clock_off:
            found.append(NumberedAlarm(DutyAlarm.RELAY_CLOCK, number))
        if state.forged:
            found.append(NumberedAlarm(DutyAlarm.FORGED, number))
    found += [
        NumberedAlarm(DutyAlarm.BUTTON_SILENT, number)
        for number, heard in sorted(judge.buttons.items())
        if now - heard > BUTTON_SILENT_SECONDS
    ]
    junk = judge.counts[JunkCount.JUNK] + judge.counts[JunkCount.UNKNOWN_RELAY]
    if junk:
        found.append(NumberedAlarm(DutyAlarm.JUNK, junk))
    return found
