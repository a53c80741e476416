"""Days that are told from the day of the tip: yesterday, three weeks ago, last summer.

The words are in ``times.toml``. Weeks begin on Monday. "Three weeks ago" is the week in which that day lies, and
"last summer" the last one that has ended.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from reviewer.atlas.folding import fold
from reviewer.reading.cues import digit_words
from reviewer.reading.month_names import WORD_ENDS, all_months, pattern_of, time_words, weekday_names
from reviewer.reading.read_date import DaySpan, ReadDate, whole_month, whole_year
from reviewer.reading.seasons_and_years import season_span

_SCRIPTS: Final = (
    (re.compile("[A-Za-z]"), ("en", "de", "es", "fr", "pt", "ro", "vi", "tl")),
    (re.compile("[\u0400-\u04ff]"), ("ru", "uk")),
    (re.compile("[\u0600-\u06ff]"), ("ar", "fa", "ur")),
    (re.compile("[\u0900-\u097f]"), ("hi",)),
    (re.compile("[\u0980-\u09ff]"), ("bn",)),
    (re.compile("[\u3400-\u9fff]"), ("zh-Hans",)),
    (re.compile("[\u0e00-\u0e7f]"), ("th",)),
)
"""The letters of each script, and the languages that are read in it."""

_NOT_BY_CHANCE: Final = {"fr": frozenset({"hier"}), "ur": frozenset({"آج"})}
"""Words of a language that are other words in its neighbours: they count only in a text of this language."""

_MOST_BACK: Final = 120
_WEEK: Final = dt.timedelta(days=7)

Meaning = Callable[[re.Match[str], dt.date], DaySpan | None]


def relative_days(text: str, today: dt.date | None, language: str | None) -> Iterator[ReadDate]:
    """Each day that is told from ``today``; none without it."""
    if today is None:
        return
    small = text.lower()
    for tag in _languages(text, language):
        for word, pattern, meaning in _patterns(tag, is_sure=tag == language):
            if word not in small:  # quicker than the pattern, which most texts do not hold
                continue
            for found in _compiled(pattern).finditer(text):
                if (span := _in_calendar(meaning, found, today)) is not None:
                    yield ReadDate(*found.span(), (span,))


def _in_calendar(meaning: Meaning, found: re.Match[str], today: dt.date) -> DaySpan | None:
    """The days that are told; None where they lie before or after the years that Python counts."""
    try:
        return meaning(found, today)
    except (ValueError, OverflowError):
        return None


def _languages(text: str, language: str | None) -> Sequence[str]:
    tags = [tag for letters, few in _SCRIPTS if letters.search(text) for tag in few]
    if language not in tags:
        return tags
    neighbours = next(few for _letters, few in _SCRIPTS if language in few)
    return [tag for tag in tags if tag == language or tag == "en" or tag not in neighbours]


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    """The words of one language, each folded, and their patterns."""

    tag: str
    units: Mapping[str, str]
    pairs: Mapping[str, str]
    numbers: Mapping[str, int]
    seasons: Mapping[str, str]
    weekdays: Mapping[str, int]
    months: Mapping[str, int]

    @classmethod
    def of(cls, tag: str, words: Mapping[str, Any]) -> "_Vocabulary":
        numbers = {fold(one): 1 for one in words["one"].split("|")}
        for value, forms in words.get("numbers", {}).items():
            numbers |= {fold(one): int(value) for one in forms.split("|")}
        for word, digit in digit_words(tag).items():
            numbers.setdefault(fold(word), int(digit))
        weekdays = {
            fold(name): at for at, names in enumerate(weekday_names(tag)) for name in names if len(name) > 1
        }
        months = {fold(name): at for at, names in enumerate(all_months(tag), 1) for name in names if len(name) > 3}
        return cls(
            tag,
            _by_form(words["units"]),
            _by_form(words.get("pairs", {})),
            numbers,
            _by_form(words["seasons"]),
            weekdays,
            months,
        )

    def unit(self, told: str) -> str | None:
        return self.units.get(fold(told))

    def number(self, told: str) -> int:
        return int(told) if told.isdecimal() else self.numbers[fold(told)]


@cache
def _patterns(tag: str, *, is_sure: bool) -> Sequence[tuple[str, str, Meaning]]:
    """For each way to tell a day: a word that must stand in the text, the pattern, and its meaning."""
    told = time_words()[tag]
    words = _Vocabulary.of(tag, told)
    unit, pair, number = _any(words.units), _any(words.pairs), f"[0-9]{{1,3}}|{_any(words.numbers)}"
    named = {**words.seasons, **words.months}
    what, of_a_year = _any({**words.units, **words.weekdays, **named}), _any(named)
    templates = [one.replace("{n} {u}", "{n}{u}") if tag == "th" else one for one in told["ago"]]
    with_pairs = [one.replace("{n} {u}", "{p}") for one in templates] if words.pairs else []
    ways: list[tuple[str, Meaning]] = [
        (one, lambda found, day: _ago(words, found, day))
        for one in [*templates, *with_pairs, *told.get("ago_one", ())]
    ]
    for which, past in ((-1, "last"), (0, "this")):
        ways += [(one, _in_year(words, which)) for one in told.get(f"of_{past}_year", ())]
        ways += [(one, _last_or_this(words, which)) for one in told[past]]
        ways += [(one, _the_year(which)) for one in told.get(f"{past}_year", "").split("|") if one]
    left_out = frozenset() if is_sure else _NOT_BY_CHANCE.get(tag, frozenset())
    for days, forms in told["days"].items():
        ways += [(one, _that_day(int(days))) for one in forms.split("|") if one not in left_out]
    found = []
    for template, meaning in ways:
        is_of_a_year = template in told.get("of_last_year", ()) or template in told.get("of_this_year", ())
        pattern = _filled(template, n=number, u=unit, p=pair, x=of_a_year if is_of_a_year else what)
        pieces = [fold(piece) for piece in re.split(r"\{[a-z]\}", template)]
        found.append((max((one for piece in pieces for one in piece.split()), key=len), pattern, meaning))
    return found


def _ago(words: _Vocabulary, found: re.Match[str], today: dt.date) -> DaySpan | None:
    groups = found.groupdict()
    unit = words.pairs.get(fold(groups["p"])) if groups.get("p") else words.unit(groups["u"])
    count = 2 if groups.get("p") else words.number(groups["n"]) if groups.get("n") else 1
    if unit is None or not 0 < count <= _MOST_BACK * (10 if unit == "day" else 1):
        return None
    return _whole(unit, today, -count)


def _last_or_this(words: _Vocabulary, which: int) -> Meaning:
    def meaning(found: re.Match[str], today: dt.date) -> DaySpan | None:
        told = fold(found["x"])
        if (unit := words.units.get(told)) is not None:
            return _whole(unit, today, which) if unit != "day" else None
        if (season := words.seasons.get(told)) is not None:
            spans = [season_span(season, year) for year in range(today.year - 2, today.year + 1)]
            passed = [one for one in spans if (one[1] if which else one[0]) <= today]
            return passed[-1] if which else max(passed[-1], season_span(season, today.year))
        if (weekday := words.weekdays.get(told)) is not None:
            back = (today.weekday() - weekday) % 7
            if which and words.tag == "zh-Hans":  # the day of the week before, and not the last such day
                back = today.weekday() - weekday + 7
            return _shifted(today, -(back or 7)) if which else _shifted(today, weekday - today.weekday())
        month = words.months[told]
        year = today.year - (1 if which and month >= today.month else 0)
        return whole_month(year, month)

    return meaning


def _in_year(words: _Vocabulary, which: int) -> Meaning:
    def meaning(found: re.Match[str], today: dt.date) -> DaySpan | None:
        told, year = fold(found["x"]), today.year + which
        if (season := words.seasons.get(told)) is not None:
            return season_span(season, year)
        return whole_month(year, words.months[told])

    return meaning


def _that_day(days: int) -> Meaning:
    return lambda _found, today: _shifted(today, days)


def _the_year(which: int) -> Meaning:
    return lambda _found, today: whole_year(today.year + which)


def _whole(unit: str, today: dt.date, count: int) -> DaySpan | None:
    """The day, week, month or year that lies ``count`` of them from that of today."""
    match unit:
        case "day":
            return _shifted(today, count)
        case "week":
            monday = today - dt.timedelta(days=today.weekday()) + count * _WEEK
            return monday, monday + dt.timedelta(days=6)
        case "month":
            months = today.year * 12 + today.month - 1 + count
            return whole_month(months // 12, months % 12 + 1)
        case _:
            return whole_year(today.year + count)


def _shifted(day: dt.date, days: int) -> DaySpan:
    shifted = day + dt.timedelta(days=days)
    return shifted, shifted


def _by_form(words: Mapping[str, str]) -> dict[str, str]:
    return {fold(form): name for name, forms in words.items() for form in forms.split("|")}


def _any(words: Mapping[str, object]) -> str:
    return "|".join(pattern_of(one) for one in sorted(words, key=len, reverse=True))


def _filled(template: str, **patterns: str) -> str:
    """The pattern of a template: each part in braces is a group with one of its patterns."""
    pieces = []
    for piece in re.split(r"(\{[a-z]\})", template):
        name = piece[1:-1]
        is_group = piece.startswith("{")
        pieces.append(f"(?P<{name}>{patterns[name]})" if is_group else _spaced(piece))
        if name == "n" and "{n}{u}" in template:
            pieces.append("[ ]?")
    return "".join(pieces)


def _spaced(piece: str) -> str:
    """A piece of a template. Blanks at its ends are blanks of the text; Thai words need none."""
    inside = pattern_of(fold(piece)) if piece.strip() else ""
    is_thai = any("\u0e00" <= letter <= "\u0e7f" for letter in piece)
    blank = "[ ]?" if is_thai else "[ ]+"
    if not inside:
        return blank if piece else ""
    return (blank if piece[0] == " " else "") + inside + (blank if piece[-1] == " " else "")


@cache  # a way is compiled for the first text that holds its word: all of them would take half a second
def _compiled(pattern: str) -> re.Pattern[str]:
    is_unspaced = re.search("[\u0e00-\u0e7f\u3400-\u9fff]", pattern) is not None
    return re.compile(pattern if is_unspaced else rf"(?<![^\W_])(?:{pattern}){WORD_ENDS}", re.IGNORECASE)
