"""Measures the likeness of names beside named peers, on pairs that no person has read.

``scripts/names`` runs it. A peer gets the threshold at which it is best on the other pairs; ours is the shipped
one. Only totals are printed: no pair of ``unseen.py`` is ever shown, or its errors would be read and mended.
"""

import argparse
import sys
import time
from collections.abc import Sequence

from calibrate import write_table
from pairs import Pair, pairs
from scores import Score, ours, peers
from strangers import write_strangers
from unseen import unseen_pairs

from reviewer.matching.calibration import YES

_UNSEEN, _FOR_THRESHOLDS, _SEED = 6_000, 3_000, 2
_BINS = 10
_ABOVE, _PRECISION, _ERROR = 0.03, 0.90, 0.05
"""The goals: F1 so far above the best peer, this precision, and at most this calibration error."""

Scored = Sequence[tuple[float, bool]]


def scored(score: Score, some: Sequence[Pair]) -> Scored:
    """The score of each pair, and whether it is true."""
    return [(score(pair.one, pair.other), pair.is_same) for pair in some]


def figures(some: Scored, threshold: float) -> tuple[float, float, float]:
    """F1, precision and recall."""
    true = sum(is_same for value, is_same in some if value >= threshold)
    asked = sum(value >= threshold for value, _ in some)
    there = sum(is_same for _, is_same in some)
    return 2 * true / (asked + there), true / max(1, asked), true / there


def best_threshold(some: Scored) -> float:
    """The threshold with the best F1 on these pairs, in steps of a hundredth."""
    return max((at / 100 for at in range(20, 101)), key=lambda threshold: figures(some, threshold)[0])


def calibration_error(some: Scored) -> float:
    """The mean distance of score and share of true pairs in ten bins of equal count."""
    return sum(map(_distance, _equal_bins(some))) / _BINS


def farthest_bin(some: Scored) -> float:
    """The largest of these distances."""
    return max(map(_distance, _equal_bins(some)))


def _equal_bins(some: Scored) -> list[Scored]:
    in_order = sorted(some)
    return [in_order[at * len(some) // _BINS : (at + 1) * len(some) // _BINS] for at in range(_BINS)]


def farthest_band(some: Scored) -> tuple[float, int]:
    """The largest distance of score and share of true pairs in a band of scores, as 0.2 to 0.3; and its pairs."""
    bands: list[list[tuple[float, bool]]] = [[] for _ in range(_BINS)]
    for value, is_same in some:
        bands[min(_BINS - 1, int(value * _BINS))].append((value, is_same))
    return max((_distance(one), len(one)) for one in bands if one)


def _distance(some: Scored) -> float:
    return abs(sum(value - is_same for value, is_same in some)) / len(some)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--write", action="store_true", help="fit the table to the other pairs, and measure nothing"
    )
    parser.add_argument("--strangers", action="store_true", help="count strangers who look alike, and write it")
    parser.add_argument("--persons", type=int, default=100, help="of each people, for --strangers")
    asked = parser.parse_args(arguments)
    if asked.write:
        write_table()
        return 0
    if asked.strangers:
        write_strangers(asked.persons)
        return 0
    unseen, others = unseen_pairs(_UNSEEN), pairs(_FOR_THRESHOLDS, _SEED)
    print(f"{len(unseen)} unseen pairs, half of them true; no name of theirs is in a pair to which ours is fitted")
    best = 0.0
    for name, score in {**peers(), "ours": ours}.items():
        threshold = YES if name == "ours" else best_threshold(scored(score, others))
        began = time.process_time()
        answered = scored(score, unseen)
        micros = (time.process_time() - began) / len(unseen) * 1e6
        f1, precision, recall = figures(answered, threshold)
        print(
            f"{name}: threshold {threshold:.2f} F1 {f1:.3f} precision {precision:.3f} recall {recall:.3f}"
            f" best F1 of any threshold {figures(answered, best_threshold(answered))[0]:.3f} µs a pair {micros:.0f}"
        )
        if name == "ours":
            print(f"ours: calibration error {calibration_error(answered):.3f} at one true pair in two")
            print(f"ours: at most {farthest_bin(answered):.3f} off in each of ten bins of equal count")
            same_kind = farthest_bin(scored(score, others))
            print(
                f"ours: at most {same_kind:.3f} off in such a bin, of other pairs of the kind to which it is fitted"
            )
            distance, count = farthest_band(answered)
            print(f"ours: at most {distance:.3f} off in each tenth of the score, there of {count} pairs")
            print(f"ours above the best peer: {f1 - best:.3f}")
            missed = [f1 < best + _ABOVE, precision < _PRECISION, calibration_error(answered) > _ERROR]
            print(f"ours: goals missed {sum(missed)} of {len(missed)}")
        best = max(best, f1)
    return 0


if __name__ == "__main__":
    sys.exit(main())
