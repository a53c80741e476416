"""Hours of the duty desk: what leaflets promise, and who is there.

Hours are those of the clock on the wall, as leaflets say them: ``mon-fri 08-20, sat 10-14``. A line of a roster
names people behind such a span: ``mon-fri 08-20 Anna, Bela``.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from crypto.beacon import duty_roster
from crypto.beacon.duty_roster import DAYS, HourSpan, RosterLineError
from crypto.errors import Malformed
from reviewer.errors import BeaconRefused

PEOPLE_NEEDED = 2
LONGEST_HOURS = 200
ROSTER_BYTES = 16_384

Hour = tuple[int, int]
"""A day of the week from 0 for Monday, and the hour of that day from 0."""


def parse_hours(text: str) -> frozenset[Hour]:
    """The hours of ``mon-fri 08-20, sat 10-14``.

    Raises:
        BeaconRefused: not such a text.
    """
    if len(text) > LONGEST_HOURS:
        raise BeaconRefused(f"hours must have at most {LONGEST_HOURS} letters")
    try:
        spans = [HourSpan.parse(span.strip()) for span in text.split(",")]
    except Malformed as error:
        raise BeaconRefused(
            str(error), hint="as in: mon-fri 08-20, sat 10-14; write a night as two spans, up to 24 and from 00"
        ) from error
    return frozenset(hour for span in spans for hour in _hours(span))


def parse_roster(text: str) -> dict[Hour, frozenset[str]]:
    """The people of each hour, from lines like ``mon-fri 08-20 Anna, Bela``; empty lines are passed over.

    Raises:
        BeaconRefused: a line is none of a roster; its number is named.
    """
    people: defaultdict[Hour, set[str]] = defaultdict(set)
    try:
        lines = duty_roster.parse_roster(text)
    except RosterLineError as error:
        raise BeaconRefused(
            f"line {error.number} of the roster must be days, hours and names",
            hint="as in: mon-fri 08-20 Anna, Bela",
        ) from error
    for span, names in lines:
        for hour in _hours(span):
            people[hour].update(names)
    return {hour: frozenset(names) for hour, names in people.items()}


def uncovered(hours: Iterable[Hour], roster: Mapping[Hour, frozenset[str]]) -> list[Hour]:
    """The hours for which the roster does not name two people, in order."""
    return sorted(hour for hour in set(hours) if len(roster.get(hour, ())) < PEOPLE_NEEDED)


def hour_text(hour: Hour) -> str:
    """An hour like ``sat 10-11``."""
    day, begins = hour
    return f"{DAYS[day]} {begins:02d}-{begins + 1:02d}"


def _hours(span: HourSpan) -> Iterable[Hour]:
    return [(day, hour) for day in span.days for hour in span.hours]
