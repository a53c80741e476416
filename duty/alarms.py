"""Named alarms of the duty desk: relays silent, deaf or flooded, and silent buttons."""

from dataclasses import dataclass
from enum import StrEnum

from duty.judgement import Judge, JunkCount

RELAY_SILENT_SECONDS = 120
RELAY_DEAF_SECONDS = 600
BUTTON_SILENT_SECONDS = 26 * 3600
NO_FETCH_SECONDS = 60


class DutyAlarm(StrEnum):
    """The named alarms; the value is what duty workers read."""

    RELAY_SILENT = "relay silent"
    RELAY_DEAF = "relay deaf"
    RELAY_FLOODED = "relay flooded"
    BUTTON_SILENT = "button silent"
    FORGED = "forged"
    JUNK = "junk"
    NO_SOUND = "not ready: no sound"
    NO_FETCH = "not ready: nothing was fetched for a minute"


@dataclass(frozen=True, slots=True)
class NumberedAlarm:
    """An alarm, with the relay, the button or the count that it is about."""

    alarm: DutyAlarm
    number: int

    def __str__(self) -> str:
        return f"{self.alarm.value}: {self.number}" if self.number else self.alarm.value


def standing_alarms(judge: Judge, *, now: int, fetched: int, has_sound: bool) -> list[NumberedAlarm]:
    """All alarms that stand at ``now``; ``fetched`` is the time of the last fetch, both in Unix seconds."""
    found = []
    if not has_sound:
        found.append(NumberedAlarm(DutyAlarm.NO_SOUND, 0))
    if now - fetched > NO_FETCH_SECONDS:
        found.append(NumberedAlarm(DutyAlarm.NO_FETCH, 0))
    for number, state in sorted(judge.relays.items()):
        if now - state.came > RELAY_SILENT_SECONDS:
            found.append(NumberedAlarm(DutyAlarm.RELAY_SILENT, number))
        elif now - state.frames_at > RELAY_DEAF_SECONDS:
            found.append(NumberedAlarm(DutyAlarm.RELAY_DEAF, number))
        if state.is_flooded:
            found.append(NumberedAlarm(DutyAlarm.RELAY_FLOODED, number))
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
