"""From the features of two names to a probability.

``calibration.toml`` weighs the features (logistic regression) and makes a probability of the sum (isotonic
regression); ``benchmarks/names/calibrate.py`` fits both. The probability holds for pairs of which half are one
person's, as in the pairs to which it is fitted. It measures the program, and is never said of one pair on its own.
"""

import importlib.resources
import tomllib
from bisect import bisect_left
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import cache
from typing import Final

from reviewer.matching.name_likeness import NameFeatures, NameReason, name_likeness

_FILE: Final = "calibration.toml"
YES, WEAK = 0.7, 0.4
"""From these scores on two names raise a question, and a weak one."""


class NameQuestion(StrEnum):
    """The question that two names raise."""

    YES = "yes"
    WEAK = "weak"
    NO = "no"


@dataclass(frozen=True, slots=True)
class NameComparison:
    """``score`` is calibrated, from 0 to 1; ``reasons`` never quote a name."""

    score: float
    question: NameQuestion
    reasons: tuple[NameReason, ...]


_ONE_WORD: Final = YES - 0.01
"""The most that a name of one word reaches beside a longer one."""


@dataclass(frozen=True, slots=True)
class _Table:
    constant: float
    weights: dict[str, float]
    sums: tuple[float, ...]
    probabilities: tuple[float, ...]


@cache
def _table() -> _Table:
    text = importlib.resources.files("reviewer.matching").joinpath(_FILE).read_text(encoding="utf-8")
    table = tomllib.loads(text)
    return _Table(table["constant"], table["weights"], tuple(table["sums"]), tuple(table["probabilities"]))


def compare_names(one: str, other: str) -> NameComparison:
    """Compare two names in any script; symmetric.

    Raises:
        ValueError: one of them holds no letter.
    """
    likeness = name_likeness(one, other)
    features = likeness.features
    score = _probability(weighed(features)) if features is not None else _table().probabilities[0]
    if features is not None and features.one_word and features.left_in_one:
        score = min(score, _ONE_WORD)
    question = NameQuestion.YES if score >= YES else NameQuestion.WEAK if score >= WEAK else NameQuestion.NO
    return NameComparison(score, question, likeness.reasons)


def weighed(features: NameFeatures) -> float:
    """The sum of the features by their weights; larger where two names are more alike."""
    table = _table()
    values: dict[str, float] = asdict(features)
    return table.constant + sum(weight * values[name] for name, weight in table.weights.items())


def _probability(total: float) -> float:
    """Between two points of the table the probability grows evenly."""
    sums, probabilities = _table().sums, _table().probabilities
    at = bisect_left(sums, total)
    if at == 0:
        return probabilities[0]
    if at == len(sums):
        return probabilities[-1]
    share = (total - sums[at - 1]) / (sums[at] - sums[at - 1])
    return round(probabilities[at - 1] + share * (probabilities[at] - probabilities[at - 1]), 4)
