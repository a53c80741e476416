"""Measures the likeness of facilities beside Open Supply Hub's three fields in dedupe, on pairs no person has read.

``scripts/facilities`` runs it. The peer: country compared exactly, name and address as strings with affine gaps, by
the comparators of dedupe, weighed by logistic regression. Both are fitted to the same pairs (``FITTED``), and
measured on others (``UNSEEN``) that differ in countries, words and kinds of difference. Each gets the threshold
that is best for it on the unseen pairs. Only totals are printed.
"""

import argparse
import random
import sys
import time
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import Final

from anyascii import anyascii
from dedupe import variables
from dedupe.datamodel import DataModel
from pairs import FITTED, UNSEEN, FacilityPair, pairs_of
from sklearn.linear_model import LogisticRegression

from reviewer.supply.facility import Facility
from reviewer.supply.facility_likeness import FacilityFeatures, compare_facilities, facility_features

_WEIGHTS: Final = Path(__file__).parents[2] / "reviewer" / "supply" / "facility_weights.toml"
_FITTED_PAIRS, _UNSEEN_PAIRS, _FOLDED_PAIRS = 8_000, 6_000, 2_000
_MADE = "\u0301\u0300\u0308"
"""Accents that are put onto letters."""

Scored = Sequence[tuple[float, bool]]


def best_f1(some: Scored) -> float:
    """The best F1 over all thresholds."""
    there, true, best = sum(is_same for _, is_same in some), 0, 0.0
    for asked, (_, is_same) in enumerate(sorted(some, reverse=True), 1):
        true += is_same
        best = max(best, 2 * true / (asked + there))
    return best


def write_weights() -> None:
    """Fit the weights of the program to the fitted pairs."""
    every = pairs_of(FITTED, _FITTED_PAIRS)
    rows = [list(asdict(facility_features(Facility(*pair.one), Facility(*pair.other))).values()) for pair in every]
    model = LogisticRegression(C=0.05, max_iter=2000).fit(rows, [pair.is_same for pair in every])
    weights = dict(zip((field.name for field in fields(FacilityFeatures)), model.coef_[0], strict=True))
    # Invented pairs say little of wrong country codes: another country speaks a little against.
    weights["country_conflict"] = min(-0.3, weights["country_conflict"])
    lines = [
        "# Made by benchmarks/facilities/measure.py --write from pairs of invented facilities, half of them true.",
        "# Each line weighs one part of the comparison (facility_likeness.py); below zero it speaks against.",
        "# The sum only puts questions into order.",
        f"constant = {model.intercept_[0]:.3f}",
        *(f"{name} = {weight:.3f}" for name, weight in weights.items()),
    ]
    _WEIGHTS.write_text("\n".join(lines) + "\n", encoding="utf-8")


class Peer:
    """Open Supply Hub's three fields in dedupe's comparators, weighed by logistic regression."""

    def __init__(self, fitted: Sequence[FacilityPair]) -> None:
        self._model = DataModel([variables.Exact("country"), variables.String("name"), variables.String("address")])
        self._weights = LogisticRegression(max_iter=2000).fit(
            self._distances(fitted), [pair.is_same for pair in fitted]
        )

    def scores(self, some: Sequence[FacilityPair]) -> list[float]:
        """The probability of each pair."""
        return [float(one) for one in self._weights.predict_proba(self._distances(some))[:, 1]]

    def _distances(self, some: Sequence[FacilityPair]):
        return self._model.distances([(_record(pair.one), _record(pair.other)) for pair in some])


def _record(facility: tuple[str, str, str]) -> dict[str, str]:
    name, address, country = (anyascii(text).lower().strip() or " " for text in facility)
    return {"name": name, "address": address, "country": country}


def folded_same(count: int) -> float:
    """The share of *same* among true pairs that differ in case, accents, punctuation and blanks only."""
    drawn = random.Random("facilities, folded")
    same = 0
    for pair in pairs_of(UNSEEN, 2 * count)[::2]:
        name, address, country = pair.one
        other = Facility(_dressed(name, drawn), _dressed(address, drawn), country)
        same += compare_facilities(Facility(name, address, country), other).verdict == "same"
    return same / count


def _dressed(text: str, drawn: random.Random) -> str:
    """The same text in other capitals, with accents, other signs and other blanks; numbers stay parted."""
    text = drawn.choice([text.upper(), text.lower(), text.swapcase(), text])
    made = []
    for letter in text:
        if letter.isalpha() and drawn.random() < 0.1:
            made.append(unicodedata.normalize("NFC", letter + drawn.choice(_MADE)))
        elif letter in " ,.-#/":
            made.append(drawn.choice([letter, f"{letter} ", "  ", " - ", "\u00a0", ", "]))
        else:
            made.append(letter)
    return unicodedata.normalize(drawn.choice(["NFC", "NFD", "NFKC"]), "".join(made))


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="fit the weights, and measure nothing")
    if parser.parse_args(arguments).write:
        write_weights()
        return 0
    unseen = pairs_of(UNSEEN, _UNSEEN_PAIRS)
    truth = [pair.is_same for pair in unseen]
    began = time.process_time()
    compared = [compare_facilities(Facility(*pair.one), Facility(*pair.other)) for pair in unseen]
    micros = (time.process_time() - began) / len(unseen) * 1e6
    ours = best_f1([(one.score, is_same) for one, is_same in zip(compared, truth, strict=True)])
    peer = best_f1(list(zip(Peer(pairs_of(FITTED, _FITTED_PAIRS)).scores(unseen), truth, strict=True)))
    wrong = sum(one.verdict == "same" and not is_same for one, is_same in zip(compared, truth, strict=True))
    distinct = [pair for pair in unseen if not pair.is_same]
    hard = sum(pair.kind in {"same name, other unit", "same address, other name"} for pair in distinct)
    print(f"{len(unseen)} unseen pairs, half of them true")
    print(f"Open Supply Hub's three fields in dedupe: best F1 {peer:.3f}")
    print(f"ours: best F1 {ours:.3f}, {micros:.0f} µs a pair")
    print(f"ours above the peer: {ours - peer:.3f}")
    print(f"{len(distinct)} distinct pairs, {hard} of them hard: answered same {wrong}")
    print(
        f"{_FOLDED_PAIRS} pairs that are equal when folded: answered same {100 * folded_same(_FOLDED_PAIRS):.1f} %"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
