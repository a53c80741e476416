"""How often two strangers look this alike: the reason why a frequent name is no link.

``strangers.toml`` has the share of pairs of strangers that reach a score; ``benchmarks/names/strangers.py`` makes
it. Beside it counts how many other mailboxes here write of such a name.
"""

import importlib.resources
import math
import tomllib
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

_FILE: Final = "strangers.toml"
_NEARLY_ONE: Final = 0.999
_FOUND: Final = 0.9
"""About this share of the names of one person looks alike."""

_UNSEEN_NAMES: Final = 200
"""Names that are added to those here, so that the first tips of a casebook do not make a name frequent."""


@cache
def _shares(kind: str) -> tuple[tuple[float, ...], tuple[float, ...]]:
    text = importlib.resources.files("reviewer.matching").joinpath(_FILE).read_text(encoding="utf-8")
    table = tomllib.loads(text)
    return tuple(table["score"]), tuple(table[kind])


@dataclass(frozen=True, slots=True)
class Strangers:
    """Chance among ``names`` names here, for one pair that looks alike.

    ``bearers`` is the number of other people here who are expected to have such a name.
    """

    names: int
    share: float
    bearers: float

    @property
    def pairs(self) -> float:
        """The pairs of strangers among the names here that look this alike."""
        return max(self.share * math.comb(self.names, 2), self.bearers * (self.bearers + 1) / 2)

    def lowered(self, score: float) -> float:
        """The score with what chance gives here against it; never higher than it was."""
        score = min(score, _NEARLY_ONE)
        odds = min(score / (1 - score), _FOUND / self.bearers) if self.bearers else score / (1 - score)
        return min(score, odds / (1 + odds))


def strangers(names: int, score: float, frequencies: Sequence[int], *, is_one_word: bool) -> Strangers:
    """The number of strangers among this number of names who look this alike by chance.

    Args:
        names: how many names are here.
        score: how alike the two are, calibrated, from 0 to 1.
        frequencies: for each word that both have, in how many other mailboxes it stands.
        is_one_word: one of the two has a single word.
    """
    scores, shares = _shares("one_word" if is_one_word else "whole")
    share = shares[max(0, bisect_right(scores, score) - 1)]
    bearers = float(names) if frequencies else 0.0
    for count in frequencies:
        bearers *= (min(count, names) + 1) / (names + _UNSEEN_NAMES)
    return Strangers(names, share, bearers)
