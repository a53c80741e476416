"""Names of months in the languages of the site and in three calendars, as one pattern for each script."""

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

from reviewer.atlas.folding import LETTER_MARKS, fold
from reviewer.reading.place_names import known_names
from reviewer.reading.read_date import COMMON, ISLAMIC, SOLAR

WORD_BEGINS: Final = r"(?=[^\W\d_])(?<![^\W\d_])"
WORD_ENDS: Final = rf"(?![^\W\d_]|[{LETTER_MARKS}])"
_NUKTAS: Final = re.compile("[\u0915-\u092f\u0995-\u09b9][\u093c\u09bc]|.")
"""A letter with the point below that has a sign of its own as well, or any one letter."""

_ENDINGS: Final = {
    "ь": ("ь", "я", "е", "ю", "ем", "ём"),
    "й": ("й", "я", "е", "ю"),
    "т": ("т", "та", "те", "ту", "том"),
}
_UKRAINIAN: Final = {
    "ня": ("ня", "ні", "ню", "нем", "ень"),
    "да": ("да", "ді", "ду", "дом", "д"),
    "го": ("го", "му", "й", "м"),
}
_BENGALI_CASES: Final = "(?:ের|তে|ে|র|এ|য়)?"
_UNSPACED: Final = re.compile("[\u0e00-\u0e7f\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class NamedMonth:
    """A month of a calendar; ``needs_figures`` if its name alone is another word too."""

    month: int
    calendar: str
    needs_figures: bool


@cache
def time_words() -> Mapping[str, Any]:
    """The words of ``times.toml``."""
    return tomllib.loads(files("reviewer.reading").joinpath("times.toml").read_text(encoding="utf-8"))


def all_months(language: str) -> list[list[str]]:
    """The names of the months of the common calendar in a language, January first."""
    months: list[list[str]] = known_names()["months"].get(language, [[]] * 12)
    return months


def weekday_names(language: str) -> list[list[str]]:
    """The names of the days of a week, Monday first."""
    own = time_words().get(language, {}).get("weekdays", ())
    told: list[list[str]] = known_names()["weekdays"].get(language, [[]] * 7)
    return [[*one, *(own[at].split("|") if own else ())] for at, one in enumerate(told)]


def span_words(name: str) -> str:
    """A pattern for words around both ends of a span; ``name`` is to, and, or between."""
    words = {fold(one) for one in time_words()["spans"][name].split("|")}
    return "|".join(pattern_of(one) for one in sorted(words, key=len, reverse=True))


def all_words(name: str) -> tuple[str, str]:
    """Two patterns for the words under ``name``: in scripts with blanks between words, and in others."""
    listed = [one for words in time_words().values() for one in words.get(name, "").split("|") if one]
    patterns: tuple[list[str], list[str]] = [], []
    for one in sorted(dict.fromkeys(map(fold, listed)), key=len, reverse=True):
        patterns[_UNSPACED.search(one) is not None].append(pattern_of(one))
    return "|".join(patterns[0]), "|".join(patterns[1])


@cache
def month_pattern() -> re.Pattern[str]:
    """Matches each name of a month in a plain text in small letters, which is much quicker than in both."""
    spaced: list[str] = []
    unspaced: list[str] = []
    for name in sorted(_table(), key=len, reverse=True):
        (unspaced if _UNSPACED.search(name) else spaced).append(pattern_of(name))
    return re.compile(
        rf"(?=[^\W\d_])(?:(?<![^\W\d_])(?:[وبلف]|ال|لل|بال)?({'|'.join(spaced)}){_BENGALI_CASES}{WORD_ENDS}|({'|'.join(unspaced)}))"
    )


def month_of(name: str) -> NamedMonth:
    """The month with this name, as :func:`month_pattern` found it.

    Raises:
        KeyError: it is no such name.
    """
    return _table()[fold(name)]


def pattern_of(name: str) -> str:
    """A pattern for a folded name, to be looked for in a text as ``even`` gives it."""
    pieces = []
    for letter in _NUKTAS.findall(name):
        if len(letter) > 1:
            pieces.append(f"(?:{letter}|{_whole_letters().get(letter, letter)})")
        else:
            pieces.append("[ ]+" if letter == " " else re.escape(letter))
    return "".join(pieces)


@cache
def _whole_letters() -> Mapping[str, str]:
    """The one sign for a letter with a point below."""
    codes = [*range(0x958, 0x960), 0x9DC, 0x9DD, 0x9DF]
    return {unicodedata.normalize("NFD", chr(code)): chr(code) for code in codes}


@cache
def _table() -> Mapping[str, NamedMonth]:
    found: dict[str, NamedMonth] = {}
    with_figures = frozenset(time_words()["months"]["with_figures"].split())
    for calendar, months in _months_by_calendar():
        for month, names in enumerate(months, 1):
            for name in (form for one in names for form in _forms(one)):
                folded = fold(name)
                if len(folded) > 1:
                    needs = name.casefold() in with_figures or folded in with_figures
                    found.setdefault(folded, NamedMonth(month, calendar, needs))
    return found


def _months_by_calendar() -> Iterator[tuple[str, list[list[str]]]]:
    for months in known_names()["months"].values():
        yield COMMON, months
    for calendar in (COMMON, ISLAMIC, SOLAR):
        yield calendar, [one.split("|") for one in time_words()["months"][calendar]]


def _forms(name: str) -> list[str]:
    """The name and its cases, where a language has them."""
    if not "\u0400" <= name[0] <= "\u04ff" or len(name) < 4:
        return [name]
    for endings in (_ENDINGS, _UKRAINIAN):
        for ending, others in endings.items():
            if name.endswith(ending):
                return [name[: -len(ending)] + other for other in others]
    return [name]
