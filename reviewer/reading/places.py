"""Places in texts: countries and towns of the gazetteer, and how sure a name must be to count.

A name counts behind or in front of a word of place ("in", "из", "में"), or if it begins with a capital and belongs to
a town of some size. Names that are other words ("Nice", "Bar") or persons ("Sofia") count only beside such a word.
Scripts without capitals need the word too, except for large towns. Of several towns with one name all are readings,
unless a country that the text or the tip names has some of them.
"""

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from reviewer.atlas.gazetteer import NamedPlaces, gazetteer
from reviewer.reading.place_names import MOST_WORDS, countries, country_beginnings, keys_in, stems
from reviewer.reading.place_readings import COUNTRY, TOWN, likely_places
from reviewer.reading.plain_text import PlainText
from reviewer.reading.word_row import UNSPACED, WordRow

_BETWEEN: Final = re.compile(r"[ \n]{1,2}|[ ]?-[ ]?|\.[ ]")
_SENTENCE_END: Final = re.compile(r"(?:^|[.!?\n:;•\"“„«(،؟।–-])\s*$")
_HUGE, _LARGE, _KNOWN, _NAMED_OTHERWISE, _SMALL_LETTERS = 1_000_000, 500_000, 300_000, 100_000, 50_000
_FEWEST_LETTERS: Final = 4
_LONGEST_UNSPACED: Final = 30
_MOST_UNSPACED: Final = 100_000


@dataclass(frozen=True, slots=True)
class _NamedStretch:
    first: int
    end: int
    country: str
    towns: NamedPlaces | None


Stretch = tuple[int, int, tuple[str, ...]]
NearCountries = Collection[str] | Callable[[], Collection[str]]


def places(text: str, *, near: NearCountries = ()) -> Iterator[Stretch]:
    """Begin, end and readings (``geonames:2950159`` or ``country:DE``) of each place in a plain text.

    ``near`` are countries (ISO 3166) that the tip names elsewhere: they choose among towns of one name. It is
    called, if it can be, only where a town is named.
    """
    found = [*_spaced(text), *_unspaced(text)]
    chosen = {one.country for one in found if one.country}
    if any(one.towns is not None for one in found):
        chosen |= set(near() if callable(near) else near)
    for one in sorted(found, key=lambda one: one.first):
        if one.country:
            yield one.first, one.end, (f"{COUNTRY}:{one.country}",)
        elif one.towns is not None and (likely := likely_places(one.towns, chosen)):
            yield one.first, one.end, tuple(f"{TOWN}:{place.geonames_id}" for place in likely)


def named_countries(text: str) -> set[str]:
    """The countries (ISO 3166) that a text of a source names."""
    plain = PlainText.of(text).text
    return {one.country for one in (*_spaced(plain), *_unspaced(plain)) if one.country}


def _spaced(text: str) -> Iterator[_NamedStretch]:
    """Places in scripts with blanks between words."""
    words = WordRow(text)
    at = last_end = 0
    announcing = _announcing()
    while at < len(words):
        if words.is_small(at) and (at == 0 or words.key(at - 1) not in announcing):
            at += 1  # most words of a text: neither a capital nor a word of place in front
            continue
        is_behind_town = last_end > 0 and text[last_end : words[at].first] == ", "
        found = _longest(text, words, at, is_behind_town=is_behind_town)
        if found is None:
            at += 1
            continue
        one, count = found
        yield one
        last_end = one.end
        at += count


@cache
def _announcing() -> frozenset[str]:
    """The words that may stand directly in front of a place that is announced."""
    return frozenset(key.split()[-1] for key in keys_in("before") if key) | keys_in("fill")


def _longest(text: str, words: WordRow, at: int, *, is_behind_town: bool) -> tuple[_NamedStretch, int] | None:
    """The longest place that begins with this word, and how many words it has."""
    first = words[at]
    is_announced, is_at_once = _is_announced(text, words, at)
    if not (first.has_capital or first.is_caseless or is_announced):
        return None
    is_announced = is_announced or is_behind_town
    best: tuple[_NamedStretch, int] | None = None
    key = ""
    for count in range(1, min(MOST_WORDS, len(words) - at) + 1):
        last = words[at + count - 1]
        if count > 1 and not _BETWEEN.fullmatch(text[words[at + count - 2].end : last.first]):
            break
        key = f"{key} {last.key}".lstrip()
        for stem in stems(key):
            found = _found(text, words, at, count, stem, is_announced=is_announced, is_at_once=is_at_once)
            if found is not None:
                best = found, count
                break
        if not (gazetteer().has_longer(key) or key in country_beginnings()):
            break
    return best


def _found(
    text: str, words: WordRow, at: int, count: int, key: str, *, is_announced: bool, is_at_once: bool
) -> _NamedStretch | None:
    first, last = words[at], words[at + count - 1]
    span = first.first, last.end
    is_sure = is_announced or _is_followed(words, at + count - 1)
    if (code := countries().get(key)) is not None:
        is_doubtful = key in keys_in("doubtful_countries", "all")
        if is_sure and (
            first.has_capital or first.is_caseless or key not in keys_in("doubtful_countries", "lower")
        ):
            return _NamedStretch(*span, code, None)
        fewest = _FEWEST_LETTERS - first.is_caseless
        if not is_doubtful and len(key) >= fewest and (first.has_capital or first.is_caseless):
            return _NamedStretch(*span, code, None)
        if not is_doubtful and key in {"uk", "usa", "uae"} and text[span[0] : span[1]].isupper():
            return _NamedStretch(*span, code, None)
    towns = gazetteer().find(key)
    if towns is None or (len(key) < 3 and not (is_sure and first.has_capital)):
        return None
    is_doubtful = towns.is_word or key in _words_too() or key in keys_in("before") or key in keys_in("persons")
    if _counts(
        text, words, at, count, key, towns, is_sure=is_sure and (is_at_once or not is_doubtful or not is_announced)
    ):
        return _NamedStretch(*span, "", towns)
    return None


def _counts(text: str, words: WordRow, at: int, count: int, key: str, towns: NamedPlaces, *, is_sure: bool) -> bool:
    first = words[at]
    size = towns.places[0].population
    is_main = any(towns.are_main)
    is_word = towns.is_word or key in _words_too()
    if key in keys_in("before") or key in keys_in("after") or key in keys_in("fill"):
        return is_sure and first.has_capital and not _goes_on(text, words, at, count)
    if first.is_caseless:
        if key in keys_in("words", "caseless"):
            return False
        return len(key) >= 3 if is_sure else size >= _KNOWN and len(key) >= _FEWEST_LETTERS and not is_word
    if not first.has_capital:
        return (
            is_sure
            and is_main
            and not is_word
            and size >= _SMALL_LETTERS
            and len(key) >= _FEWEST_LETTERS
            and key not in keys_in("persons")
        )
    if is_sure and key in keys_in("persons"):
        return size >= _NAMED_OTHERWISE
    if is_sure:
        return not (is_word and _goes_on(text, words, at, count)) and (
            is_main or size >= _SMALL_LETTERS or len(key) > _FEWEST_LETTERS
        )
    fewest = _FEWEST_LETTERS if size < _HUGE or text[first.first : first.end].isupper() else _FEWEST_LETTERS - 1
    if is_word or key in keys_in("persons") or len(key) < fewest or _is_of_a_person(text, words, at, count):
        return False
    return size >= (0 if is_main else _NAMED_OTHERWISE)


@cache
def _words_too() -> frozenset[str]:
    return keys_in("words", "german", "other")


def _is_announced(text: str, words: WordRow, at: int) -> tuple[bool, bool]:
    """If a word of place stands in front, and if no article stands between."""
    here = at
    for step in range(3):
        before = words[here - 1] if here else None
        if before is None or len(text[before.end : words[here].first].strip(" .'’\n")) > 0:
            return False, False
        pair = f"{words[here - 2].key} {before.key}" if here > 1 else ""
        if before.key in keys_in("before") or pair in keys_in("before"):
            return True, step == 0
        if before.key not in keys_in("fill"):
            return False, False
        here -= 1
    return False, False


def _is_followed(words: WordRow, last: int) -> bool:
    """True if a word of place stands behind, in a language that puts it there."""
    return (
        last + 1 < len(words)
        and words[last].is_caseless
        and words[last + 1].first - words[last].end <= 2
        and words[last + 1].key in keys_in("after")
    )


def _is_of_a_person(text: str, words: WordRow, at: int, count: int) -> bool:
    """True if another name or a title stands beside it, without a comma between."""
    if at and text[words[at - 1].end : words[at].first] in {" ", ". "}:
        before = words[at - 1]
        is_first = _SENTENCE_END.search(text[: before.first][-8:]) is not None
        if before.key in keys_in("titles") or (
            before.has_capital and not is_first and before.key not in countries()
        ):
            return True
    return _goes_on(text, words, at, count)


def _goes_on(text: str, words: WordRow, at: int, count: int) -> bool:
    """True if a word with a capital follows at once: "Sofia Petrova", "Berlin Street"."""
    if at + count >= len(words):
        return False
    after = words[at + count]
    return text[words[at + count - 1].end : after.first] == " " and after.has_capital


def _unspaced(text: str) -> Iterator[_NamedStretch]:
    """Places in Chinese and Thai texts, where no blank parts the words."""
    left = _MOST_UNSPACED
    for run in UNSPACED.finditer(text):
        at = 0
        while at < len(run[0]) and left > 0:
            left -= 1
            found = _beginning(run[0], at)
            if found is None:
                at += 1
                continue
            length, code, towns = found
            yield _NamedStretch(run.start() + at, run.start() + at + length, code, towns)
            at += length


def _beginning(run: str, at: int) -> tuple[int, str, NamedPlaces | None] | None:
    """Letters, country and towns of the place that begins here."""
    rest = run[at : at + _LONGEST_UNSPACED]
    country = next(
        (rest[:length] for length in range(len(rest), 1, -1) if rest[:length] in _unspaced_countries()), ""
    )
    town = gazetteer().longest_beginning(rest)
    is_thai = "\u0e00" <= rest[0] <= "\u0e7f"
    if len(town) > len(country):
        towns = gazetteer().find(town)
        if towns is not None and _counts_unspaced(run, at, town, towns, is_thai=is_thai):
            return len(town), "", towns
    return (len(country), countries()[country], None) if len(country) >= 2 else None


def _counts_unspaced(run: str, at: int, town: str, towns: NamedPlaces, *, is_thai: bool) -> bool:
    tag = "th" if is_thai else "zh-Hans"
    is_announced = any(run[:at].endswith(word) for word in keys_in("before", tag))
    is_followed = not is_thai and run.startswith(tuple(keys_in("after", "zh-Hans")), at + len(town))
    if len(town) < 2 or (len(town) < _FEWEST_LETTERS and is_thai):
        return False
    if is_announced or (is_followed and run[at + len(town)] != "的"):
        return True
    return towns.places[0].population >= _LARGE and town not in keys_in("words", "han")


@cache
def _unspaced_countries() -> frozenset[str]:
    return frozenset(key for key in countries() if UNSPACED.fullmatch(key))
