"""Makes ``reviewer/matching/strangers.toml``: how often two strangers look alike by their names.

Run ``scripts/names --strangers`` after the calibration has changed. Strangers are drawn evenly from sixteen
peoples, and their names evenly from lists. In life some names are far more frequent, relatives share one, and the
tips of one casebook may be about one people: so chance is greater than the table says. The program counts the names
of its own casebook beside it.

It also says how many pairs that raise a question share a key (:mod:`reviewer.matching.name_keys`). The others
are never compared.
"""

import itertools
import random
from bisect import bisect_left
from pathlib import Path
from typing import Final

from pairs import Pair, drawn_names, pairs

from reviewer.matching.calibration import WEAK, compare_names
from reviewer.matching.name_keys import name_keys

_TABLE: Final = Path(__file__).parents[2] / "reviewer" / "matching" / "strangers.toml"
_SCORES: Final = (0.0, 0.4, 0.55, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99)
_KEYS_TRIED: Final = 8_000


def shares(persons: int, seed: int, *, is_one_word: bool) -> list[float]:
    """For each score: the share of pairs of strangers that reach it, half a pair where none does."""
    drawn = random.Random(seed)
    names = [name for _kind, some in drawn_names(persons, drawn, is_one_word=is_one_word) for name in some]
    keyed = [(name, _keys(name)) for name in names]
    count = len(names) * (len(names) - 1) // 2
    # As in the program: names that share no key are not compared.
    scores = sorted(
        compare_names(one, other).score
        for (one, keys), (other, other_keys) in itertools.combinations(keyed, 2)
        if keys & other_keys
    )
    return [1.0, *(max(0.5, len(scores) - bisect_left(scores, least)) / count for least in _SCORES[1:])]


def with_key(tested: list[Pair]) -> tuple[int, int, int]:
    """Of pairs of one person: those that raise a question, those of them with a key, all with a key."""
    same = [pair for pair in tested if pair.is_same]
    asked = [pair for pair in same if compare_names(pair.one, pair.other).score >= WEAK]
    found = [pair for pair in asked if _keys(pair.one) & _keys(pair.other)]
    return len(asked), len(found), sum(bool(_keys(pair.one) & _keys(pair.other)) for pair in same)


def _keys(name: str) -> set[str]:
    return {key for some in name_keys(name) for key in some}


def write_strangers(persons: int) -> None:
    """Write the table, from this number of persons of each people, and print the shares that have a key."""
    table = {
        kind: [round(share, 8) for share in shares(persons, 7, is_one_word=kind == "one_word")]
        for kind in ("whole", "one_word")
    }
    lines = [
        "# Made by benchmarks/names/strangers.py: the share of pairs of strangers that reach a score.",
        f"score = {list(_SCORES)}",
        *(f"{kind} = {shown}" for kind, shown in table.items()),
    ]
    print("\n".join(lines))
    questions, found, all_found = with_key(pairs(_KEYS_TRIED, 3))
    print(f"of {_KEYS_TRIED // 2:,} pairs of one person {all_found:,} share a key")
    print(f"of {questions:,} that raise a question {found:,} share a key")
    _TABLE.write_text("\n".join(lines) + "\n", encoding="utf-8")
