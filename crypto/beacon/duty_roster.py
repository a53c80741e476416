"""Hours and rosters of the duty desk, by the clock on the wall: ``mon-fri 08-20 Anna, Bela``.

The air-gapped machine judges with them if a week is ready, and the desk shows who is there now. A night is two
spans: up to 24, and from 00.
"""

import re
import time
import unicodedata
from contextlib import suppress
from dataclasses import dataclass

from crypto.errors import Malformed
from crypto.primitives.canonical_json import is_plain_text

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LONGEST_NAME = 60
_SPAN = re.compile(r"(\w{3})(?:-(\w{3}))? ([0-9]{2})-([0-9]{2})")
_LAST_HOUR = 24


class RosterLineError(Malformed):
    """A line is none of a roster; ``number`` counts from 1."""

    def __init__(self, number: int) -> None:
        super().__init__(f"line {number} is none of a roster")
        self.number = number


@dataclass(frozen=True, slots=True)
class HourSpan:
    """Days of the week from 0 for Monday, and hours of each of them from 0."""

    days: range
    hours: range

    @classmethod
    def parse(cls, untrusted_text: str) -> "HourSpan":
        """The span of ``mon-fri 08-20``.

        Raises:
            Malformed: not days and whole hours that follow each other.
        """
        found = _SPAN.fullmatch(untrusted_text)
        first, last, begins, ends = found.groups() if found else ("", "", "0", "0")
        last = last or first
        if (
            not {first, last} <= set(DAYS)
            or DAYS.index(first) > DAYS.index(last)
            or not int(begins) < int(ends) <= _LAST_HOUR
        ):
            raise Malformed("hours must be days and whole hours that follow each other")
        return cls(range(DAYS.index(first), DAYS.index(last) + 1), range(int(begins), int(ends)))


RosterLine = tuple[HourSpan, tuple[str, ...]]
"""A span, and the people who are there."""


def parse_roster(untrusted_text: str) -> list[RosterLine]:
    """The lines of a roster; empty ones are left out. Names come out in NFC, however they were typed.

    Raises:
        RosterLineError: a line is none of a roster.
    """
    return [
        _line(line.strip(), number) for number, line in enumerate(untrusted_text.splitlines(), 1) if line.strip()
    ]


def people_on_duty(roster: str, now: time.struct_time) -> list[str]:
    """The people of this hour, in the order of the roster; none where it does not say.

    A line that cannot be read names no one: the people of the others must stand beside a press that rings.
    """
    names: list[str] = []
    for line in roster.splitlines():
        with suppress(RosterLineError):
            for span, people in parse_roster(line):
                if now.tm_wday in span.days and now.tm_hour in span.hours:
                    names += people
    return list(dict.fromkeys(names))


def _line(line: str, number: int) -> RosterLine:
    # Two spellings of one name would be two people, and some keyboards write letters and marks apart.
    line = unicodedata.normalize("NFC", line)
    days, _, rest = line.partition(" ")
    hours, _, people = rest.partition(" ")
    names = tuple(name.strip() for name in people.split(","))
    if not all(is_plain_text(name, longest=LONGEST_NAME) for name in names):
        raise RosterLineError(number)
    try:
        return HourSpan.parse(f"{days} {hours}"), names
    except Malformed as error:
        raise RosterLineError(number) from error
