"""The parts of an English sentence that its translation must keep, as pages insert it unchecked."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from gettext import c2py
from typing import Final

from babel.messages.catalog import Catalog

from tipline.languages.catalogue import plural_count, plural_rule
from tipline.languages.language import DIGITS, Language

_PLACE: Final = re.compile(r"%\((\w+)\)s")
_MARKUP: Final = re.compile(r"<[^<>]*>?|&#?\w+;|[<>]")
_ADDRESS: Final = re.compile(r"[a-z]+://|www\.|\.onion\b", re.IGNORECASE)
# Overrides and embeddings turn what follows them around; isolates and marks are enough, and end with the sentence.
_TURNING: Final = re.compile("[\u202a-\u202e]")
_CONTROL: Final = re.compile("[\x00-\x1f\x7f\ufeff\ufffd]")
_POINTS: Final = ".,\u066b\u066c"
_NUMBER: Final = re.compile(rf"(?<![A-Za-z\d])\d+(?:[{_POINTS}]\d+)*(?![A-Za-z\d]|-[A-Za-z])")
_COUNT: Final = "num"
_NUMBERS_LOOKED_AT: Final = 1000


@dataclass(frozen=True, slots=True)
class Sentence:
    """One entry. ``source`` is the English text, with its plural where it has one; ``forms`` is the translation,
    one form for each plural of the language; empty forms are not translated yet. ``line`` is where it stands."""

    source: tuple[str, ...]
    forms: tuple[str, ...]
    fuzzy: bool
    line: int
    pages: tuple[str, ...]

    @property
    def is_translated(self) -> bool:
        return all(self.forms)


def sentences(catalogue: Catalog) -> Iterator[Sentence]:
    """All entries but the header, in the order of the file."""
    for message in catalogue:
        if message.id:
            yield Sentence(
                _texts(message.id),
                _texts(message.string),
                message.fuzzy,
                message.lineno or 0,
                tuple(path for path, _ in message.locations),
            )


def faults(sentence: Sentence, language: Language) -> Iterator[str]:
    """Return the faults in the translation of one sentence, each as a short clause.

    An empty translation has none.
    """
    if sentence.fuzzy:
        yield "marked fuzzy: check it, then remove the mark"
    if not any(sentence.forms):
        return
    expected = plural_count(language) if len(sentence.source) > 1 else 1
    if len(sentence.forms) != expected or not sentence.is_translated:
        given = sum(bool(form) for form in sentence.forms)
        yield f"{expected} form{'s' if expected > 1 else ''} expected, {given} given"
        return
    for number, form in enumerate(sentence.forms):
        where = f"form {number}: " if len(sentence.forms) > 1 else ""
        only_one = len(sentence.source) > 1 and _only_one_number(language, number)
        for fault in _of_one(sentence, form, language, count_may_be_missing=only_one):
            yield where + fault


def _of_one(sentence: Sentence, form: str, language: Language, *, count_may_be_missing: bool) -> Iterator[str]:
    source = sentence.source[-1]
    wanted, given = set(_PLACE.findall(source)), set(_PLACE.findall(form))
    for name in sorted(wanted - given - ({_COUNT} if count_may_be_missing else set())):
        yield f"%({name})s is missing"
    for name in sorted(given - wanted):
        yield f"%({name})s is not in the English sentence"
    if _loose_percents(form) and not _loose_percents(source):
        yield "a % that belongs to no placeholder"
    if _numbers(form) != _numbers(source):
        yield "numbers are not those of the English sentence"
    elif not {sign for one in _NUMBER.findall(form) for sign in one} <= {*DIGITS[language.numerals], *_POINTS}:
        yield f"numbers must be written in these digits: {DIGITS[language.numerals]}"
    yield from _of_signs(source, form)


def _of_signs(source: str, form: str) -> Iterator[str]:
    if sorted(_MARKUP.findall(form)) != sorted(_MARKUP.findall(source)):
        yield "markup is not that of the English sentence"
    if _ADDRESS.search(form) and not _ADDRESS.search(source):
        yield "an address that is not in the English sentence"
    if _TURNING.search(form):
        yield "a control character that changes the direction of writing (U+202A to U+202E)"
    if _CONTROL.search(form):
        yield "a control character or a line break"
    if form != form.strip():
        yield "a space at the beginning or the end"


def _loose_percents(text: str) -> int:
    return _PLACE.sub("", text).count("%") - 2 * _PLACE.sub("", text).count("%%")


def _numbers(text: str) -> list[str]:
    """Return the numbers that stand alone, in Latin digits and without points.

    A digit in a name, as in tor2web, is none.
    """
    return sorted(
        "".join(str(unicodedata.decimal(s)) for s in one if s.isdecimal()) for one in _NUMBER.findall(text)
    )


def _only_one_number(language: Language, form: int) -> bool:
    """Return whether this plural form stands for one number only, as in Arabic for two.

    Its words can then say the number.
    """
    choose = c2py(plural_rule(language))
    return sum(choose(number) == form for number in range(_NUMBERS_LOOKED_AT)) == 1


def _texts(value: object) -> tuple[str, ...]:
    return tuple(str(one or "") for one in value) if isinstance(value, list | tuple) else (str(value or ""),)
