"""Keys by which facilities that may be the same are found, so that not every pair is compared.

A key of a rule is equal for two facilities that are the same by that rule. Any other key only finds a candidate.
Keys are cut digests: they are short, and of one length.
"""

import hashlib
import itertools
from collections.abc import Iterator, Mapping
from typing import Final

from reviewer.supply.facility import Facility
from reviewer.supply.facility_columns import ListedFacility
from reviewer.supply.facility_form import facility_text, strict_form
from reviewer.supply.facility_vocabulary import weight_of_address_word, weight_of_name_word

PLACE_SCHEMES: Final = ("os_id", "gln")
"""Identifiers of one place. Two factories of one company may share any other identifier."""

NAME_AND_ADDRESS: Final = "name and address"
_KEY_BYTES: Final = 12
_OF_RULE, _OF_LIKENESS = b"\1", b"\0"
_SKELETON_LETTERS, _SQUASHED_LETTERS, _FEWEST_LETTERS = 5, 8, 3
_MOST_ADDRESS_WORDS, _MOST_NUMBERS = 5, 3
_VOWELS: Final = str.maketrans("", "", "aeiouyhw")


def rule_keys(listed: ListedFacility) -> Mapping[str, bytes]:
    """Key by rule: the scheme of an identifier, or ``name and address``."""
    found = {
        scheme: _key(_OF_RULE, scheme, value)
        for scheme, value in listed.identifiers.items()
        if scheme in PLACE_SCHEMES
    }
    address = strict_form(listed.facility.address)
    if address.letters:
        name = strict_form(listed.facility.name)
        found[NAME_AND_ADDRESS] = _key(
            _OF_RULE, "place", name.letters, *name.numbers, "/", address.letters, *address.numbers
        )
    return found


def likeness_keys(facility: Facility) -> frozenset[bytes]:
    """Keys of rare words of the name, the beginning of the name, and numbers of the address beside a word."""
    return frozenset(_key(_OF_LIKENESS, *parts) for parts in _likeness(facility))


def word_keys(text: str) -> frozenset[bytes]:
    """The keys that find names with one of these words, or with one that sounds like it."""
    words = facility_text(text).words
    return frozenset(_key(_OF_LIKENESS, "word", _skeleton(one)) for one in words if len(one) >= _FEWEST_LETTERS)


def _likeness(facility: Facility) -> Iterator[tuple[str, ...]]:
    name, address = facility_text(facility.name), facility_text(facility.address)
    rare = [one for one in name.words if weight_of_name_word(one) == 1.0 and len(one) >= _FEWEST_LETTERS]
    for word in rare:
        yield "word", _skeleton(word)
    if len(rare) < 2:
        yield "words", *sorted(map(_skeleton, name.words))
    yield "name", "".join(name.words)[:_SQUASHED_LETTERS], *sorted(name.numbers)
    places = [one for one in address.words if weight_of_address_word(one) == 1.0 and len(one) >= _FEWEST_LETTERS]
    numbers = sorted(address.numbers, key=lambda number: (-len(number), number))
    for number, word in itertools.product(numbers[:_MOST_NUMBERS], places[:_MOST_ADDRESS_WORDS]):
        yield "address", number, _skeleton(word)


def _skeleton(word: str) -> str:
    """The first letter and the consonants behind it: "rahman" and "rehman" are alike."""
    bare = word[0] + word[1:].translate(_VOWELS)
    return "".join(letter for letter, _ in itertools.groupby(bare))[:_SKELETON_LETTERS]


def _key(kind: bytes, *parts: str) -> bytes:
    digest = hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).digest()
    return kind + digest[: _KEY_BYTES - 1]
