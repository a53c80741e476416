"""Guesses classes of visits from what an onlooker wrote down, with a random forest. Needs scikit-learn.

``python -m lab.traffic.judge FILE`` prints a row for each comparison: how many of a hundred guesses were right,
and between what bounds that lies. Ends with 1 where visits that must look alike do not, or where the control is not
seen through.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from lab.traffic.comparisons import COMPARISONS, Comparison
from lab.traffic.judged import Judged
from lab.traffic.onlooker import Seen, numbers
from tests.documents.runs import record

_FOLDS: Final = 10
_TREES: Final = 100


def judge(comparison: Comparison, visits: dict[str, list[list[Seen]]]) -> Judged:
    """Each visit is guessed once, by a forest that has seen nine tenths of the others."""
    known, classes = [], []
    for name in comparison.classes:
        known += [numbers(visit, comparison.view) for visit in visits[name]]
        classes += [name] * len(visits[name])
    forest = RandomForestClassifier(n_estimators=_TREES, n_jobs=2, random_state=0)
    folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=0)
    guessed = cross_val_predict(forest, np.array(known), np.array(classes), cv=folds)
    return Judged(comparison, int(sum(guessed == np.array(classes))), len(classes))


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m lab.traffic.judge", description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--write", action="store_true", help="put the guesses into docs/evidence/traffic.json")
    wanted = parser.parse_args(arguments)
    written = json.loads(wanted.file.read_text())
    visits = {name: [[Seen(**one) for one in visit] for visit in made] for name, made in written.items()}
    fewest = min(map(len, visits.values()))
    print(f"{len(visits)} kinds of visits, at least {fewest} of each\n")
    print("| visits | seen as | right guesses | by chance | must be |")
    print("|---|---|---|---|---|")
    wrong = 0
    for comparison in COMPARISONS:
        judged = judge(comparison, visits)
        print(judged.line(), flush=True)
        wrong += not judged.is_as_it_must_be
        if wanted.write:
            record("traffic", comparison.name, {"right": judged.right, "guesses": judged.guesses})
    print("\nall is as it must be" if not wrong else f"\n{wrong} not as they must be")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
