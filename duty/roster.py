"""The roster at the desk: lines like ``mon-fri 08-20 Anna, Bela``, by the clock on the wall.

The air-gapped machine reads the same lines when it says whether a week is ready; the desk shows who is there now.
"""

import re
import time

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LONGEST_NAME = 60
_LINE = re.compile(r"(\w{3})(?:-(\w{3}))? ([0-9]{2})-([0-9]{2}) (.+)")
_LAST_HOUR = 24

RosterSpan = tuple[range, range, tuple[str, ...]]
"""Days of the week from 0 for Monday, hours of the day, and the people."""


class RosterLineError(ValueError):
    """A line is none of a roster; ``number`` counts from 1."""

    def __init__(self, number: int) -> None:
        super().__init__(f"line {number} is none of a roster")
        self.number = number


def parse_roster(untrusted_text: str) -> list[RosterSpan]:
    """The spans of a roster; empty lines are passed over.

    Raises:
        RosterLineError: a line is none of a roster.
    """
    return [
        _span(line.strip(), number) for number, line in enumerate(untrusted_text.splitlines(), 1) if line.strip()
    ]


def people_on_duty(roster: str, now: time.struct_time) -> list[str]:
    """The people of this hour, in the order of the roster; none where it does not say."""
    try:
        spans = parse_roster(roster)
    except RosterLineError:
        return []
    names = [
        name for days, hours, people in spans if now.tm_wday in days and now.tm_hour in hours for name in people
    ]
    return list(dict.fromkeys(names))


def _span(line: str, number: int) -> RosterSpan:
    found = _LINE.fullmatch(line)
    if found is None:
        raise RosterLineError(number)
    first, last, begins, ends, people = found.groups()
    last = last or first
    names = tuple(name.strip() for name in people.split(","))
    if (
        not {first, last} <= set(DAYS)
        or DAYS.index(first) > DAYS.index(last)
        or not int(begins) < int(ends) <= _LAST_HOUR
        or not all(1 <= len(name) <= LONGEST_NAME and name.isprintable() for name in names)
    ):
        raise RosterLineError(number)
    return range(DAYS.index(first), DAYS.index(last) + 1), range(int(begins), int(ends)), names
