"""Likeness of two facilities, and the verdict: same by rule, a question for a person, or different.

No likeness ever makes two facilities the same. *Same* needs an equal name and an equal address with every number,
but for case, accents, punctuation and blanks. The score only puts the questions into order. Country codes of public
lists are often wrong: where two differ, a person is asked.
"""

import importlib.resources
import math
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import cache, lru_cache
from typing import Final

from reviewer.matching.name_form import latin_word
from reviewer.matching.word_likeness import word_likeness
from reviewer.supply.facility import Facility
from reviewer.supply.facility_form import FacilityText, facility_text, strict_form
from reviewer.supply.facility_vocabulary import weight_of_address_word, weight_of_name_word

_FILE: Final = "facility_weights.toml"
_CACHED: Final = 1 << 15
_ASKED_FROM: Final = 0.05
"""From this score on a person is asked."""

_NAME_REST, _ADDRESS_REST = 0.5, 0.25
"""Words that one side alone has cost this share of their weight: lists leave out more of an address."""

_FEWEST_SQUASHED, _MOST_SQUASHED, _SQUASHED_APART = 6, 60, 8
_ALIKE_SQUASHED: Final = 0.9
_ALIKE_TEXT: Final = 0.6
"""From this share on a name or an address is called alike."""

_ALIKE: Final = 0.75
"""Words less alike than this are two words."""


class FacilityVerdict(StrEnum):
    SAME = "same"
    ASK = "ask"
    DIFFERENT = "different"


class FacilityReason(StrEnum):
    """Why two facilities look alike or not. A reason never quotes a name or an address."""

    SAME_NAME = "same-name"
    ALIKE_NAME = "alike-name"
    OTHER_NAME = "other-name"
    SAME_ADDRESS = "same-address"
    ALIKE_ADDRESS = "alike-address"
    OTHER_ADDRESS = "other-address"
    NO_ADDRESS = "no-address"
    OTHER_NUMBER = "other-number"
    NUMBER_LEFT_OUT = "number-left-out"
    OTHER_COUNTRY = "other-country"
    NO_COUNTRY = "no-country"


@dataclass(frozen=True, slots=True)
class FacilityComparison:
    """``score`` is from 0 to 1 and puts questions into order."""

    verdict: FacilityVerdict
    score: float
    reasons: tuple[FacilityReason, ...]


@dataclass(frozen=True, slots=True)
class FacilityFeatures:
    """Parts of the comparison that ``facility_weights.toml`` weighs, each from 0 to 1.

    ``name`` and ``address`` say how much of the words is alike. ``number_conflict`` is 1 where each side has a
    number that the other lacks, ``name_number_conflict`` the same of the names; ``name_number_left_out``: one name
    alone has a number. ``numbers_shared`` and
    ``numbers_left_out`` are shares of all numbers.
    """

    name: float
    address: float
    both: float
    no_address: float
    number_conflict: float
    name_number_conflict: float
    name_number_left_out: float
    numbers_shared: float
    numbers_left_out: float
    country_conflict: float


@cache
def _weights() -> dict[str, float]:
    text = importlib.resources.files("reviewer.supply").joinpath(_FILE).read_text(encoding="utf-8")
    return tomllib.loads(text)


def compare_facilities(one: Facility, other: Facility) -> FacilityComparison:
    """Compare two facilities; symmetric."""
    first, second = sorted((one, other), key=lambda facility: (facility.name, facility.address, facility.country))
    features = facility_features(first, second)
    values: dict[str, float] = asdict(features)
    total = sum(weight * values.get(name, 1.0) for name, weight in _weights().items())
    score = round(1 / (1 + math.exp(-total)), 4)
    if _is_same_by_rule(first, second):
        verdict = FacilityVerdict.SAME
    elif score < _ASKED_FROM and not features.country_conflict and not _is_alike(features):
        verdict = FacilityVerdict.DIFFERENT
    else:
        verdict = FacilityVerdict.ASK
    return FacilityComparison(verdict, score, tuple(_reasons(first, second, features)))


def _is_alike(features: FacilityFeatures) -> bool:
    """True where name and address are alike, whatever their numbers: a list may have the numbers wrong."""
    return features.name >= _ALIKE_TEXT and (features.address >= _ALIKE_TEXT or bool(features.no_address))


def _is_same_by_rule(one: Facility, other: Facility) -> bool:
    """Equal name and equal address, with every number; no country is no conflict."""
    address = strict_form(one.address)
    return (
        bool(address.letters)
        and strict_form(one.name) == strict_form(other.name)
        and address == strict_form(other.address)
        and not _countries_differ(one, other)
    )


def _countries_differ(one: Facility, other: Facility) -> bool:
    return bool(one.country and other.country) and one.country != other.country


def facility_features(one: Facility, other: Facility) -> FacilityFeatures:
    """The parts of the comparison."""
    names = facility_text(one.name), facility_text(other.name)
    addresses = facility_text(one.address), facility_text(other.address)
    numbers = [name.numbers | address.numbers for name, address in zip(names, addresses, strict=True)]
    alone, other_alone = numbers[0] - numbers[1], numbers[1] - numbers[0]
    every = max(1, len(numbers[0] | numbers[1]))
    name_like = max(_overlap(names, weight_of_name_word, _NAME_REST), _squashed(names))
    has_addresses = all(address.words or address.numbers for address in addresses)
    address_like = _overlap(addresses, weight_of_address_word, _ADDRESS_REST) if has_addresses else 0.0
    name_alone, name_other_alone = names[0].numbers - names[1].numbers, names[1].numbers - names[0].numbers
    return FacilityFeatures(
        name=name_like,
        address=address_like,
        both=name_like * address_like,
        no_address=float(not has_addresses),
        number_conflict=float(bool(alone and other_alone)),
        name_number_conflict=float(bool(name_alone and name_other_alone)),
        name_number_left_out=float(bool(name_alone) != bool(name_other_alone)),
        numbers_shared=len(numbers[0] & numbers[1]) / every,
        numbers_left_out=len(alone | other_alone) / every,
        country_conflict=float(_countries_differ(one, other)),
    )


def _overlap(texts: Sequence[FacilityText], weight: Callable[[str], float], one_sided: float) -> float:
    """The share of words that both have, by weight; words of one side cost ``one_sided`` of it."""
    left = [list(text.words) for text in texts]
    equal = [word for word in left[0] if word in left[1]]
    gained = 0.0
    for word in equal:
        if word in left[0] and word in left[1]:
            gained += weight(word)
            left[0].remove(word)
            left[1].remove(word)
    for likeness, one, other in _alike(left):
        if one in left[0] and other in left[1]:
            gained += likeness * (weight(one) + weight(other)) / 2
            left[0].remove(one)
            left[1].remove(other)
    rest = [sum(map(weight, words)) for words in left]
    lost = min(rest) + one_sided * abs(rest[0] - rest[1])
    return gained / (gained + lost) if gained else 0.0


def _squashed(names: Sequence[FacilityText]) -> float:
    """Likeness of two names without blanks, or 0 if they are not nearly equal."""
    one, other = ("".join(name.words) for name in names)
    longer = max(len(one), len(other))
    if not _FEWEST_SQUASHED <= longer <= _MOST_SQUASHED or abs(len(one) - len(other)) > longer // _SQUASHED_APART:
        return 0.0
    likeness = _words_alike(one, other)
    return likeness if likeness >= _ALIKE_SQUASHED else 0.0


@lru_cache(maxsize=_CACHED)
def _words_alike(one: str, other: str) -> float:
    """The likeness of two words; those of trades and roads return in one list a thousand times."""
    return word_likeness(latin_word(one), latin_word(other))


def _alike(left: Sequence[Sequence[str]]) -> Iterator[tuple[float, str, str]]:
    found = [
        (likeness, one, other)
        for one in left[0]
        for other in left[1]
        if (likeness := _words_alike(one, other)) >= _ALIKE
    ]
    return iter(sorted(found, reverse=True))


def _reasons(one: Facility, other: Facility, features: FacilityFeatures) -> Iterator[FacilityReason]:
    """The codes that hold, in the order of the class."""
    is_same_name = strict_form(one.name) == strict_form(other.name)
    is_same_address = strict_form(one.address) == strict_form(other.address)
    has_address = not features.no_address
    for reason, holds in (
        (FacilityReason.SAME_NAME, is_same_name),
        (FacilityReason.ALIKE_NAME, not is_same_name and features.name >= _ALIKE_TEXT),
        (FacilityReason.OTHER_NAME, not is_same_name and features.name < _ALIKE_TEXT),
        (FacilityReason.SAME_ADDRESS, has_address and is_same_address),
        (FacilityReason.ALIKE_ADDRESS, has_address and not is_same_address and features.address >= _ALIKE_TEXT),
        (FacilityReason.OTHER_ADDRESS, has_address and not is_same_address and features.address < _ALIKE_TEXT),
        (FacilityReason.NO_ADDRESS, not has_address),
        (FacilityReason.OTHER_NUMBER, bool(features.number_conflict or features.name_number_conflict)),
        (FacilityReason.NUMBER_LEFT_OUT, features.numbers_left_out > 0 and not features.number_conflict),
        (FacilityReason.OTHER_COUNTRY, bool(features.country_conflict)),
        (FacilityReason.NO_COUNTRY, not (one.country and other.country)),
    ):
        if holds:
            yield reason
