"""From the raw likeness of two names to a probability.

``benchmarks/names/calibrate.py`` makes the table. The probability holds for pairs of which half are one person's,
as in the table's training pairs. It measures the program, and is never said of one pair on its own.
"""

import importlib.resources
import tomllib
from bisect import bisect_left
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Final

from reviewer.matching.name_likeness import NameReason, name_likeness

_FILE: Final = "calibration.toml"
YES, WEAK = 0.8, 0.5
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


@cache
def _table() -> tuple[tuple[float, ...], tuple[float, ...]]:
    text = importlib.resources.files("reviewer.matching").joinpath(_FILE).read_text(encoding="utf-8")
    table = tomllib.loads(text)
    return tuple(table["raw"]), tuple(table["probability"])


def compare_names(one: str, other: str) -> NameComparison:
    """Compare two names in any script; symmetric.

    Raises:
        ValueError: one of them holds no letter.
    """
    likeness = name_likeness(one, other)
    score = _probability(likeness.raw)
    question = NameQuestion.YES if score >= YES else NameQuestion.WEAK if score >= WEAK else NameQuestion.NO
    return NameComparison(score, question, likeness.reasons)


def _probability(raw: float) -> float:
    """Between two points of the table the probability grows evenly."""
    raws, probabilities = _table()
    at = bisect_left(raws, raw)
    if at == 0:
        return probabilities[0]
    if at == len(raws):
        return probabilities[-1]
    share = (raw - raws[at - 1]) / (raws[at] - raws[at - 1])
    return round(probabilities[at - 1] + share * (probabilities[at] - probabilities[at - 1]), 4)
