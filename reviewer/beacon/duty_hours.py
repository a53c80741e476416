"""Hours of the duty desk: what leaflets promise, and who is there.

Hours are those of the clock on the wall, as leaflets say them: ``mon-fri 08-20, sat 10-14``. A line of a roster
names people behind such a span: ``mon-fri 08-20 Anna, Bela``.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from crypto.primitives import canonical_json
from reviewer.errors import BeaconRefused

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
PEOPLE_NEEDED = 2
LONGEST_HOURS, LONGEST_NAME = 200, 60
ROSTER_BYTES = 16_384
_SPAN = re.compile(r"(\w{3})(?:-(\w{3}))? ([0-9]{2})-([0-9]{2})")
_LAST_HOUR = 24

Hour = tuple[int, int]
"""A day of the week from 0 for Monday, and the hour of that day from 0."""


def parse_hours(text: str) -> frozenset[Hour]:
    """The hours of ``mon-fri 08-20, sat 10-14``.

    Raises:
        BeaconRefused: not such a text.
    """
    if len(text) > LONGEST_HOURS:
        raise BeaconRefused(f"hours must have at most {LONGEST_HOURS} letters")
    return frozenset(hour for span in text.split(",") for hour in _hours_of_span(span.strip()))


def parse_roster(text: str) -> dict[Hour, frozenset[str]]:
    """The people of each hour, from lines like ``mon-fri 08-20 Anna, Bela``; empty lines are passed over.

    Raises:
        BeaconRefused: a line is none of a roster; its number is named.
    """
    people: defaultdict[Hour, set[str]] = defaultdict(set)
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        found = _SPAN.match(line.strip())
        names = [name.strip() for name in line.strip()[found.end() :].split(",")] if found else []
        if found is None or not all(canonical_json.is_plain_text(name, longest=LONGEST_NAME) for name in names):
            raise BeaconRefused(
                f"line {number} of the roster must be days, hours and names", hint="as in: mon-fri 08-20 Anna, Bela"
            )
        for hour in _hours_of_span(found[0]):
            people[hour].update(names)
    return {hour: frozenset(names) for hour, names in people.items()}


def uncovered(hours: Iterable[Hour], roster: Mapping[Hour, frozenset[str]]) -> list[Hour]:
    """The hours for which the roster does not name two people, in order."""
    return sorted(hour for hour in set(hours) if len(roster.get(hour, ())) < PEOPLE_NEEDED)


def hour_text(hour: Hour) -> str:
    """An hour like ``sat 10-11``."""
    day, begins = hour
    return f"{DAYS[day]} {begins:02d}-{begins + 1:02d}"


def _hours_of_span(span: str) -> Iterable[Hour]:
    found = _SPAN.fullmatch(span)
    first, last, begins, ends = found.groups() if found else ("", "", "0", "0")
    last = last or first
    if (
        not {first, last} <= set(DAYS)
        or DAYS.index(first) > DAYS.index(last)
        or not int(begins) < int(ends) <= _LAST_HOUR
    ):
        raise BeaconRefused(
            "hours must be days and whole hours that follow each other",
            hint="as in: mon-fri 08-20, sat 10-14; write a night as two spans, up to 24 and from 00",
        )
    days = range(DAYS.index(first), DAYS.index(last) + 1)
    return [(day, hour) for day in days for hour in range(int(begins), int(ends))]
