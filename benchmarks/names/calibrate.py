"""Makes ``reviewer/matching/calibration.toml`` from training pairs, and measures it on test pairs.

Run ``scripts/names``, which puts Faker and the peers into an environment of their own.

The test pairs are not unseen: their errors were read while the rules were written, and the spellings in
``variants.toml`` come from the same hand as the tables of the program. So the figures flatter ours. nomenklatura's
logic-v2 scored every pair alike here: its call is wrong, and its figure counts for nothing.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pairs import Pair, pairs

from reviewer.matching.calibration import YES, compare_names
from reviewer.matching.name_likeness import name_likeness

_TABLE: Final = Path(__file__).parents[2] / "reviewer" / "matching" / "calibration.toml"
_TRAINING, _TESTING = 24_000, 8_000
_FEWEST, _SMALLEST, _LARGEST = 100, 0.005, 0.99
_BINS: Final = 10

Score = Callable[[str, str], float]


def isotonic(points: Sequence[tuple[float, bool]]) -> list[tuple[float, float]]:
    """Rising steps through the points (pool adjacent violators): begin and end of each, with its share of true."""
    steps: list[_Step] = []
    for raw, is_same in sorted(points):
        steps.append(_Step(raw, raw, int(is_same), 1))
        while len(steps) > 1 and (steps[-2].share >= steps[-1].share or steps[-2].count < _FEWEST):
            last = steps.pop()
            steps[-1] = steps[-1].joined(last)
    edges: list[tuple[float, float]] = []
    for one in steps:
        share = min(_LARGEST, max(_SMALLEST, one.share))
        for raw in (round(one.first, 9), round(one.last, 9)):
            if not edges or raw > edges[-1][0]:
                edges.append((raw, share))
            elif share > edges[-1][1]:  # a step begins where the one before ends
                edges.append((edges[-1][0] + 1e-9, share))
    return edges


@dataclass(frozen=True)
class _Step:
    first: float
    last: float
    true: int
    count: int

    @property
    def share(self) -> float:
        return self.true / self.count

    def joined(self, other: "_Step") -> "_Step":
        return _Step(self.first, other.last, self.true + other.true, self.count + other.count)


def write_table() -> None:
    """Fit the table to the training pairs."""
    training = pairs("train", _TRAINING, 1)
    table = isotonic([(name_likeness(pair.one, pair.other).raw, pair.is_same) for pair in training])
    lines = [
        "# Made by benchmarks/names/calibrate.py from pairs of invented people, half of them one person's.",
        f"raw = {json.dumps([round(raw, 9) for raw, _ in table])}",
        f"probability = {json.dumps([round(probability, 4) for _, probability in table])}",
    ]
    _TABLE.write_text("\n".join(lines) + "\n", encoding="utf-8")


def measure(name: str, score: Score, threshold: float, tested: Sequence[Pair], *, is_calibrated: bool) -> None:
    """Print F1, precision and recall at the threshold, the calibration error, and the time of a pair."""
    began = time.process_time()
    scored = sorted(((score(pair.one, pair.other), pair.is_same) for pair in tested), key=lambda one: one[0])
    micros = (time.process_time() - began) / len(tested) * 1e6
    true = sum(is_same for value, is_same in scored if value >= threshold)
    asked = sum(value >= threshold for value, _ in scored)
    there = sum(is_same for _, is_same in scored)
    size = len(scored) // _BINS
    bins = [scored[at * size : (at + 1) * size] for at in range(_BINS)]
    error = sum(abs(sum(v for v, _ in one) - sum(s for _, s in one)) / size for one in bins) / _BINS
    print(
        f"{name:<34} threshold {threshold:.2f}  F1 {2 * true / (asked + there):.3f}  precision"
        f" {true / asked:.3f}  recall {true / there:.3f}"
        f"{f'  calibration error {error:.3f}' if is_calibrated else ''}  {micros:.0f} µs a pair"
    )


def best_threshold(score: Score, some: Sequence[Pair]) -> float:
    """The threshold with the best F1 on these pairs."""
    scored = [(score(pair.one, pair.other), pair.is_same) for pair in some]
    there = sum(is_same for _, is_same in scored)

    def f1(threshold: float) -> float:
        chosen = [is_same for value, is_same in scored if value >= threshold]
        return 2 * sum(chosen) / (len(chosen) + there)

    return max((at / 50 for at in range(10, 50)), key=f1)


def peers() -> dict[str, Score]:
    """Scores of named peers that are installed here."""
    from anyascii import anyascii
    from rapidfuzz import fuzz  # only in the environment of this benchmark

    return {
        "rapidfuzz token set, anyascii": lambda one, other: (
            fuzz.token_set_ratio(anyascii(one).lower(), anyascii(other).lower()) / 100
        ),
        "rapidfuzz WRatio, anyascii": lambda one, other: fuzz.WRatio(anyascii(one), anyascii(other)) / 100,
        **_nomenklatura(),
    }


def _nomenklatura() -> dict[str, Score]:
    try:
        from followthemoney import model
        from nomenklatura.matching import get_algorithm
        from nomenklatura.matching.types import ScoringConfig
    except ImportError:
        return {}

    def scored(name: str) -> Score:
        algorithm = get_algorithm(name)
        config = ScoringConfig.defaults()

        def score(one: str, other: str) -> float:
            some = [
                model.get_proxy({"id": str(at), "schema": "Person", "properties": {"name": [name]}})
                for at, name in enumerate((one, other))
            ]
            return float(algorithm.compare(*some, config).score)

        return score

    return {f"nomenklatura {name}": scored(name) for name in ("logic-v1", "logic-v2")}


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="fit the table again, then measure")
    parser.add_argument("--peers", action="store_true", help="measure named peers on the same pairs as well")
    options = parser.parse_args(arguments)
    if options.write:
        write_table()
    tested, training = pairs("test", _TESTING, 2), pairs("train", _TESTING // 2, 3)
    print(f"{len(tested)} test pairs, half of them true; no family name of theirs is in a training pair")
    measure("ours", lambda one, other: compare_names(one, other).score, YES, tested, is_calibrated=True)
    if options.peers:
        for name, score in peers().items():
            measure(name, score, best_threshold(score, training), tested, is_calibrated=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
