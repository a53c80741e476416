"""Fits ``reviewer/matching/calibration.toml`` to the pairs of ``pairs.py``: weights of features, and probabilities.

Run ``scripts/names --write``. It never sees the pairs of ``unseen.py``.
"""

import json
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import Final

from pairs import Pair, pairs
from sklearn.linear_model import LogisticRegression

from reviewer.matching.name_likeness import NameFeatures, name_likeness

_TABLE: Final = Path(__file__).parents[2] / "reviewer" / "matching" / "calibration.toml"
_PAIRS, _SEED = 24_000, 1
_FEWEST, _SMALLEST, _LARGEST = 150, 0.005, 0.99


def write_table() -> None:
    """Fit weights to one half of the pairs, and probabilities to the other half."""
    every = [(features, pair.is_same) for pair in pairs(_PAIRS, _SEED) if (features := _features(pair)) is not None]
    fitted, rest = every[::2], every[1::2]
    model = LogisticRegression(C=10.0, max_iter=1000)
    model.fit([features for features, _ in fitted], [is_same for _, is_same in fitted])
    names = [field.name for field in fields(NameFeatures)]
    weights = dict(zip(names, (round(float(one), 3) for one in model.coef_[0]), strict=True))
    constant = round(float(model.intercept_[0]), 3)
    sums = [constant + sum(w * v for w, v in zip(weights.values(), features, strict=True)) for features, _ in rest]
    table = isotonic(list(zip(sums, (is_same for _, is_same in rest), strict=True)))
    lines = [
        "# Made by benchmarks/names/calibrate.py from pairs of invented people, half of them one person's.",
        "# The features stand in name_likeness.py. A weight below zero speaks against.",
        f"constant = {constant}",
        f"sums = {json.dumps([raw for raw, _ in table])}",
        f"probabilities = {json.dumps([round(probability, 4) for _, probability in table])}",
        "",
        "[weights]",
        *(f"{name} = {weight}" for name, weight in weights.items()),
    ]
    _TABLE.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _features(pair: Pair) -> tuple[float, ...] | None:
    features = name_likeness(pair.one, pair.other).features
    return astuple(features) if features is not None else None


def isotonic(points: Sequence[tuple[float, bool]]) -> list[tuple[float, float]]:
    """Rising points through the middles of steps (pool adjacent violators), each with its share of true pairs."""
    steps: list[_Step] = []
    for raw, is_same in sorted(points):
        steps.append(_Step(raw, int(is_same), 1))
        while len(steps) > 1 and (steps[-2].share >= steps[-1].share or steps[-2].count < _FEWEST):
            last = steps.pop()
            steps[-1] = steps[-1].joined(last)
    middles: dict[float, float] = {}
    for one in steps:
        middles.setdefault(round(one.total / one.count, 3), min(_LARGEST, max(_SMALLEST, one.share)))
    return sorted(middles.items())


@dataclass(frozen=True)
class _Step:
    total: float
    true: int
    count: int

    @property
    def share(self) -> float:
        return self.true / self.count

    def joined(self, other: "_Step") -> "_Step":
        return _Step(self.total + other.total, self.true + other.true, self.count + other.count)
