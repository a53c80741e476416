"""GS1 application identifiers: the values that may follow each, and the others with which it goes.

``application_identifiers.txt`` holds the rows and explains their form.
"""

import importlib.resources
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

_FILE: Final = "application_identifiers.txt"
_SIGNS: Final = {
    "N": "[0-9]",
    "X": r"[A-Za-z0-9!\"%&'()*+,\-./_:;<=>?]",
    "Y": r"[A-Z0-9#\-/]",
    "Z": r"[A-Za-z0-9_\-=]",
}
_PART: Final = re.compile(r"(?P<signs>[NXYZ])(?P<range>\.\.)?(?P<length>[0-9]+)(?P<tests>(?::\w+)*)")
_MOST_MONTHS, _MOST_HOURS, _MOST_MINUTES = 12, 23, 59
_DAYS: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)

QUALIFIERS: Final[Mapping[str, Sequence[Sequence[str]]]] = {
    "00": (),
    "01": (("22", "10", "21"), ("235",)),
    "253": (),
    "255": (),
    "401": (),
    "402": (),
    "414": (("254",), ("7040",)),
    "415": (("8020",),),
    "417": (("7040",),),
    "8003": (),
    "8004": (("7040",),),
    "8006": (("22", "10", "21"),),
    "8010": (("8011",),),
    "8013": (),
    "8017": (("8019",),),
    "8018": (("8019",),),
}
"""Primary keys, each with the rows of qualifiers that may follow it in a path, in this order."""


@dataclass(frozen=True, slots=True)
class ApplicationIdentifier:
    """One identifier, as ``10`` for a lot; ``is_attribute`` if the query of a Digital Link may hold it."""

    digits: str
    is_attribute: bool
    pattern: re.Pattern[str]
    tests: Sequence[str]
    needs: Sequence[Sequence[str]]
    excludes: Sequence[str]

    def has_form(self, value: str) -> bool:
        """True if the value has the right length and signs, and its dates and times can be."""
        found = self.pattern.fullmatch(value)
        return found is not None and all(
            _holds(test, part)
            for tests, part in zip(self.tests, found.groups(), strict=True)
            for test in tests.split(":")
            if part is not None and test not in {"", "check"}
        )

    def has_right_check_digit(self, value: str) -> bool:
        """True if the check digit is right, or the identifier has none; the value must have its form."""
        found = self.pattern.fullmatch(value)
        return found is not None and all(
            is_checked(part)
            for tests, part in zip(self.tests, found.groups(), strict=True)
            if "check" in tests.split(":") and part is not None
        )

    def lacks_partner(self, others: Collection[str]) -> bool:
        """True if an identifier that must stand beside it is not among the others."""
        return not all(any(_are_there(one, others) for one in alternatives) for alternatives in self.needs)

    def has_foe(self, others: Collection[str]) -> bool:
        """True if one of the others must not stand beside it."""
        return any(_are_there(one, others) for one in self.excludes)


@cache
def identifiers() -> Mapping[str, ApplicationIdentifier]:
    """All identifiers by their digits."""
    text = importlib.resources.files("reviewer.supply").joinpath(_FILE).read_text(encoding="utf-8")
    rows = (line.split() for line in text.splitlines() if line and not line.startswith("#"))
    return {digits: _identifier(digits, row) for row in rows for digits in _row_of(row[0])}


def is_checked(digits: str) -> bool:
    """True if the last digit is the check digit of GS1 for those before it."""
    total = sum(int(digit) * (3, 1)[at % 2] for at, digit in enumerate(reversed(digits[:-1])))
    return (total + int(digits[-1])) % 10 == 0


def _row_of(written: str) -> Iterator[str]:
    first, _, last = written.partition("-")
    return (f"{number:0{len(first)}}" for number in range(int(first), int(last or first) + 1))


def _identifier(digits: str, row: Sequence[str]) -> ApplicationIdentifier:
    patterns, tests = [], []
    for part in (one for one in row[2:] if one[0] not in "+!"):
        found = _PART.fullmatch(part.strip("[]"))
        if found is None:
            raise ValueError(f"{_FILE}: identifier {digits} has a part of no known form")
        length = f"{{1,{found['length']}}}" if found["range"] else f"{{{found['length']}}}"
        patterns.append(f"({_SIGNS[found['signs']]}{length}){'?' if part.startswith('[') else ''}")
        tests.append(found["tests"])
    return ApplicationIdentifier(
        digits,
        row[1] == "?",
        re.compile("".join(patterns)),
        tuple(tests),
        tuple(tuple(one[1:].split(",")) for one in row if one.startswith("+")),
        tuple(name for one in row if one.startswith("!") for name in one[1:].split(",")),
    )


def _are_there(names: str, others: Collection[str]) -> bool:
    """``names`` joined by dots must all be there; an n in a name stands for any digit."""
    return all(
        any(re.fullmatch(name.replace("n", "[0-9]"), other) is not None for other in others)
        for name in names.split(".")
    )


def _holds(test: str, part: str) -> bool:
    if test == "key":
        return part[:4].isdecimal() and len(part) >= 4
    if test == "key1":
        return part[1:5].isdecimal()
    if test == "zero":
        return part == "0"
    if test == "time":
        return int(part[:2]) <= _MOST_HOURS and int(part[2:]) <= _MOST_MINUTES
    month, day = int(part[-4:-2]), int(part[-2:])
    first = 0 if test == "day0" else 1
    return 1 <= month <= _MOST_MONTHS and first <= day <= _DAYS[month - 1]
