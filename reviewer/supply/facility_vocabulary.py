"""Words of names and addresses of facilities: legal forms, frequent words, short forms."""

import importlib.resources
import tomllib
from functools import cache
from typing import Any, Final

_FILE: Final = "facility_vocabulary.toml"
_FREQUENT_WEIGHT, _PLACE_WEIGHT = 0.35, 0.3


@cache
def _table() -> dict[str, Any]:
    text = importlib.resources.files("reviewer.supply").joinpath(_FILE).read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def _words_of(key: str) -> frozenset[str]:
    return frozenset(word for row in _table()[key] for word in row.split())


@cache
def _short_forms() -> dict[str, str]:
    rows = [row.split() for row in _table()["short_forms"]]
    return {short: whole for whole, *shorts in rows for short in shorts}


def is_country(code: str) -> bool:
    """True for an alpha-2 code of ISO 3166-1, in capitals."""
    return code in _words_of("countries")


def without_legal_signs(text: str) -> str:
    """A text with a blank for each legal form in Chinese, Japanese or Korean."""
    for row in _table()["legal_signs"]:
        for sign in row.split():
            text = text.replace(sign, " ")
    return text


def is_legal_form(word: str) -> bool:
    """True for a word as ``ltd`` or ``gmbh``, in small Latin letters."""
    return word in _words_of("legal_forms")


def written_out(word: str) -> str:
    """The whole word for a short form, as ``road`` for ``rd``; else the word itself."""
    return _short_forms().get(word, word)


def weight_of_name_word(word: str) -> float:
    """How much an equal word of two names tells: 1, or less for one that many names have."""
    return _FREQUENT_WEIGHT if word in _words_of("frequent") else 1.0


def weight_of_address_word(word: str) -> float:
    """How much an equal word of two addresses tells: 1, or less for one that most addresses have."""
    return _PLACE_WEIGHT if word in _words_of("places") else 1.0
