"""The parts of an English sentence of the desk that its translation must keep, as pages insert it unchecked."""

import re
from collections import Counter
from collections.abc import Iterator
from gettext import c2py
from typing import Final

from reviewer.languages.staff_language import StaffLanguage
from tests.languages.catalogue_rules import Sentence

_PLACE: Final = re.compile(r"%\((\w+)\)s")
_PERCENT: Final = re.compile(r"%(?!\(\w+\)s)")
_TAG: Final = re.compile(r"<[^<>]*>")
_ENTITY: Final = re.compile("[&<>]")
_ADDRESS: Final = re.compile(r"[a-z]+://|www\.|\.onion\b|[\w.]+@[\w.]+", re.IGNORECASE)
_DIGITS: Final = re.compile(r"\d+")
_CODE: Final = re.compile(r"<code>.*?</code>")
_TURNING: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")
_CONTROL: Final = re.compile("[\x00-\x1f\x7f\ufeff\ufffd]")
_MOST_COUNTED: Final = 300


def faults(sentence: Sentence, language: StaffLanguage) -> Iterator[str]:
    """The faults in the translation of one sentence, each as a short clause."""
    if sentence.fuzzy:
        yield "fuzzy: mend it and delete the word"
    if not all(sentence.forms) or not sentence.forms:
        yield "not translated"
        return
    counted = len(sentence.source) > 1
    wanted_forms = _form_count(language) if counted else 1
    if len(sentence.forms) != wanted_forms:
        yield f"must have {wanted_forms} forms"
    for number, form in enumerate(sentence.forms):
        source = sentence.source[-1] if counted and number else sentence.source[0]
        places, others = Counter(_PLACE.findall(form)), Counter(_PLACE.findall(source))
        for one in (places, others):
            if counted and _is_for_one_number(number, language):
                one.pop("num", None)
        if places != others:
            yield f"places must be {sorted(others)}, and are {sorted(places)}"
        yield from _marks(form, source)


def _marks(form: str, source: str) -> Iterator[str]:
    if Counter(_TAG.findall(form)) != Counter(_TAG.findall(source)):
        yield "tags must be those of the English sentence"
    if _CODE.findall(form) != _CODE.findall(source):
        yield "what stands between <code> tags must stay as it is"
    text, source_text = _TAG.sub("", form), _TAG.sub("", source)
    if _ENTITY.search(text):
        yield "must hold no markup of its own"
    if '"' in text:
        yield "must use the quotation marks of the language"
    if len(_PERCENT.findall(form)) != len(_PERCENT.findall(source)):
        yield "must hold no further percent sign"
    if _ADDRESS.search(text):
        yield "must hold no address"
    without = _PLACE.sub("", text)
    if not Counter(_DIGITS.findall(without)) <= Counter(_DIGITS.findall(_PLACE.sub("", source_text))):
        yield "must hold no number that the English sentence does not have"
    if _TURNING.search(form) or _CONTROL.search(form):
        yield "must hold no control character"
    if form.strip() != form:
        yield "must not begin or end with a blank"


def _form_count(language: StaffLanguage) -> int:
    return int(language.plurals.split("nplurals=")[1].split(";")[0])


def _is_for_one_number(number: int, language: StaffLanguage) -> bool:
    """True if this form is used for a single number only, which it may say in words."""
    rule = c2py(language.plurals.split("plural=")[1].rstrip(";"))
    return sum(rule(count) == number for count in range(_MOST_COUNTED)) == 1
