"""The languages of the site: their names, their scripts, and the choice for a new visitor."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

LATIN: Final = "latn"
DIGITS: Final = {LATIN: "0123456789", "arab": "٠١٢٣٤٥٦٧٨٩", "arabext": "۰۱۲۳۴۵۶۷۸۹", "beng": "০১২৩৪৫৬৭৮৯"}
"""Digits by CLDR's names of numbering systems."""

_MOST_RANGES: Final = 20
_LONGEST_RANGE: Final = 35
"""Letters; RFC 5646 wants so many read of a tag. Each subtag costs a look-up of all before it."""


class Direction(StrEnum):
    """The direction of writing; the value is HTML's."""

    LEFT_TO_RIGHT = "ltr"
    RIGHT_TO_LEFT = "rtl"


@dataclass(frozen=True, slots=True)
class Language:
    """A language by its BCP 47 tag, as HTML wants it in ``lang``.

    ``own_name`` is how its readers call it; ``locale`` its name in CLDR, for plurals, months and countries;
    ``numerals`` the CLDR name of the digits in which its readers expect numbers; ``also`` other tags by which a
    browser may ask for it.
    """

    tag: str
    own_name: str
    locale: str
    direction: Direction = Direction.LEFT_TO_RIGHT
    numerals: str = LATIN
    also: tuple[str, ...] = ()


_RTL: Final = Direction.RIGHT_TO_LEFT

ENGLISH: Final = Language("en", "English", "en")
# In this order they stand on the page. Numerals: readers of Hindi, Urdu and Thai meet the Latin ones on telephones
# and expect them on a screen (so does CLDR); an Arabic page takes the ones that most of its readers learnt first.
LANGUAGES: Final = (
    ENGLISH,
    Language("es", "Español", "es"),
    Language("fr", "Français", "fr"),
    Language("pt", "Português", "pt"),
    Language("ro", "Română", "ro", also=("mo",)),
    Language("ru", "Русский", "ru"),
    Language("uk", "Українська", "uk"),
    Language("ar", "العربية", "ar", _RTL, "arab"),
    Language("fa", "فارسی", "fa", _RTL, "arabext", also=("prs",)),
    Language("ur", "اردو", "ur", _RTL),
    Language("hi", "हिन्दी", "hi"),
    Language("bn", "বাংলা", "bn", numerals="beng"),
    Language("zh-Hans", "简体中文", "zh_Hans", also=("zh",)),
    Language("th", "ไทย", "th"),
    Language("vi", "Tiếng Việt", "vi"),
    Language("tl", "Tagalog", "fil", also=("fil",)),
)


def by_name(languages: Iterable[Language]) -> dict[str, Language]:
    """Return the languages by every tag that a browser may send for them, in lower case."""
    return {name.lower(): language for language in languages for name in (language.tag, *language.also)}


def likely(untrusted_accept_language: str, known: Mapping[str, Language]) -> Language | None:
    """Return the language that a browser prefers among the ``known`` (:func:`by_name`), or None.

    Follows RFC 4647 (lookup).
    """
    for asked in _by_weight(untrusted_accept_language):
        subtags = asked.split("-")
        while subtags:
            if (found := known.get("-".join(subtags))) is not None:
                return found
            subtags.pop()
    return None


def _by_weight(untrusted_accept_language: str) -> Iterator[str]:
    """Return the ranges of the header in lower case, the preferred first.

    A malformed weight counts as none.
    """
    weighed = []
    for one in untrusted_accept_language.split(",")[:_MOST_RANGES]:
        name, _, parameter = one.partition(";")
        weight = _weight(parameter)
        if weight > 0 and len(name.strip()) <= _LONGEST_RANGE:
            weighed.append((-weight, name.strip().lower().replace("_", "-")))
    weighed.sort(key=lambda pair: pair[0])  # stable: among equals the first one
    for _, name in weighed:
        yield name


def _weight(untrusted_parameter: str) -> float:
    name, _, value = untrusted_parameter.partition("=")
    if not untrusted_parameter.strip():
        return 1.0
    try:
        weight = float(value) if name.strip().lower() == "q" else 0.0
    except ValueError:
        return 0.0
    return weight if 0 < weight <= 1 else 0.0
