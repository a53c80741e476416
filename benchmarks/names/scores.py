"""The score of the program and those of named peers on pairs of names, each called as its authors call it."""

import itertools
from collections.abc import Callable
from typing import Final

from anyascii import anyascii
from followthemoney import model
from nomenklatura.matching import get_algorithm
from nomenklatura.matching.types import ScoringConfig
from rapidfuzz import fuzz

from reviewer.matching.calibration import compare_names

Score = Callable[[str, str], float]

_NOMENKLATURA: Final = ("logic-v1", "logic-v2")
_NUMBERS: Final = itertools.count()


def ours(one: str, other: str) -> float:
    """The calibrated score of the program."""
    return compare_names(one, other).score


def peers() -> dict[str, Score]:
    """The named peers by name."""
    return {
        "rapidfuzz token set": lambda one, other: fuzz.token_set_ratio(_latin(one), _latin(other)) / 100,
        "rapidfuzz WRatio": lambda one, other: fuzz.WRatio(_latin(one), _latin(other)) / 100,
        **{f"nomenklatura {name}": _nomenklatura(name) for name in _NOMENKLATURA},
    }


def _latin(name: str) -> str:
    return anyascii(name).lower()


def _nomenklatura(algorithm_name: str) -> Score:
    algorithm = get_algorithm(algorithm_name)
    if algorithm is None:
        raise LookupError(f"nomenklatura has no {algorithm_name}")
    config = ScoringConfig.defaults()

    def score(one: str, other: str) -> float:
        # It keeps the names of an entity by the entity's id. So each entity has an id of its own.
        entities = [
            model.get_proxy({"id": f"e{next(_NUMBERS)}", "schema": "Person", "properties": {"name": [name]}})
            for name in (one, other)
        ]
        return float(algorithm.compare(*entities, config).score)

    return score
