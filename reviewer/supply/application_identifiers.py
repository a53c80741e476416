"""GS1 application identifiers: the values that may follow each, and the others with which it goes.

``application_identifiers.txt`` holds the rows and explains their form.
"""

import calendar
import functools
import importlib.resources
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

_FILE: Final = "application_identifiers.txt"
_SIGNS: Final = {
    "N": "[0-9]",
    "X": r"[A-Za-z0-9!\"%&'()*+,\-./_:;<=>?]",
    "Y": r"[A-Z0-9#\-/]",
    "Z": r"[A-Za-z0-9_\-=]",
}
_PART: Final = re.compile(r"(?P<signs>[NXYZ])(?P<range>\.\.)?(?P<length>[0-9]+)(?P<tests>(?::\w+)*)")
_MOST_HOURS, _MOST_MINUTES = 23, 59
_KEY_DIGITS: Final = 4
_LETTERS: Final = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
_CHECK_LETTERS: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_CHECK_MODULUS: Final = 1021
_PRIMES: Final = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83)
_MONTHS, _CENTURY, _THIS_CENTURY = 12, 100, 20

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
        """True if length and characters are right, and dates and times are possible."""
        found = self.pattern.fullmatch(value)
        return found is not None and all(
            _TESTS[test](part)
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


@functools.cache
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


def _is_day(year: int, month: int, day: int) -> bool:
    """True for a possible date, with a year of two or four digits."""
    if not 1 <= month <= _MONTHS:
        return False
    return 1 <= day <= calendar.monthrange(year if year >= _CENTURY else _CENTURY * _THIS_CENTURY + year, month)[1]


def has_right_check_pair(value: str) -> bool:
    """True if the last two letters of a model number are its check letters; primes weigh it."""
    model, pair = value[:-2], value[-2:]
    if not 1 <= len(model) <= len(_PRIMES):
        return False
    total = sum(_LETTERS.index(letter) * prime for letter, prime in zip(reversed(model), _PRIMES, strict=False))
    return pair == _CHECK_LETTERS[total % _CHECK_MODULUS >> 5] + _CHECK_LETTERS[total % _CHECK_MODULUS & 31]


_TESTS: Final[Mapping[str, Callable[[str], bool]]] = {
    "key": lambda part: len(part) >= _KEY_DIGITS and part[:_KEY_DIGITS].isdecimal(),
    "key1": lambda part: part[1 : _KEY_DIGITS + 1].isdecimal(),
    "zero": lambda part: part == "0",
    "yes": lambda part: part in {"0", "1"},
    "sex": lambda part: part in {"0", "1", "2", "9"},
    "plain": lambda part: part == "0" or not part.startswith("0"),
    "pieces": lambda part: 1 <= int(part[:2]) <= int(part[2:]),
    "escaped": lambda part: re.search("%(?![0-9A-Fa-f]{2})", part) is None,
    "pair": has_right_check_pair,
    "time": lambda part: int(part[:2]) <= _MOST_HOURS and int(part[2:]) <= _MOST_MINUTES,
    "day0": lambda part: _is_day(int(part[:-4]), int(part[-4:-2]), int(part[-2:]) or 1),
    "day": lambda part: _is_day(int(part[:-4]), int(part[-4:-2]), int(part[-2:])),
    "date": lambda part: _is_day(int(part[:-4]), int(part[-4:-2]), int(part[-2:])),
}
"""Each test of a part by its name in the file. "check" stands apart: a wrong check digit has a code of its own."""
