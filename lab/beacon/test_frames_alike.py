"""The air does not tell help from a sign of life or a drill: a classifier of ids stays at chance."""

import math
from collections.abc import Sequence
from random import Random

from crypto.beacon.rotating_id import ID_BYTES, ButtonSeed, Meaning, ids_of_windows

MEANINGS = (Meaning.HELP_1, Meaning.ALIVE, Meaning.DRILL)
BUTTONS, WINDOWS, FIRST_WINDOW = 40, 100, 1_753_000
BITS = 8 * ID_BYTES
Sample = tuple[int, int]
"""The bits of an id as one number, and the place of its meaning."""


def samples(random: Random, *, marked: bool = False) -> list[Sample]:
    """Ids of all three meanings, shuffled; ``marked`` ones have their meaning in two bits, as a control."""
    found: list[Sample] = []
    for _button in range(BUTTONS):
        seed = ButtonSeed(random.randbytes(32))
        for place, meaning in enumerate(MEANINGS):
            for one in ids_of_windows(seed.id_key(meaning), FIRST_WINDOW, WINDOWS):
                number = int.from_bytes(one, "big")
                found.append(((number & ~3) | place if marked else number, place))
    random.shuffle(found)
    return found


def told(known: Sequence[Sample], asked: Sequence[Sample]) -> float:
    """The share of ``asked`` whose meaning the frequencies of pairs of bits in ``known`` name rightly."""
    features = [(bit, (bit + 1) % BITS) for bit in range(BITS)]
    counts = [[[1] * 4 for _feature in features] for _meaning in MEANINGS]
    for number, place in known:
        for at, (one, other) in enumerate(features):
            counts[place][at][(number >> one & 1) * 2 + (number >> other & 1)] += 1
    logs = [[[math.log(count / sum(row)) for count in row] for row in rows] for rows in counts]
    right = 0
    for number, place in asked:
        pairs = [(number >> one & 1) * 2 + (number >> other & 1) for one, other in features]
        scores = [sum(row[pair] for row, pair in zip(rows, pairs, strict=True)) for rows in logs]
        right += scores.index(max(scores)) == place
    return right / len(asked)


def test_a_classifier_does_not_tell_help_from_a_sign_of_life_or_a_drill_and_would_tell_marked_ids() -> None:
    random = Random(26)
    for marked in (False, True):
        found = samples(random, marked=marked)
        half = len(found) // 2
        share = told(found[:half], found[half:])
        print(
            f"{'marked' if marked else 'ids'}: {share:.1%} of {len(found) - half} told rightly, 33.3 % are chance"
        )
        assert (share > 0.9) if marked else (share <= 1 / 3 + 0.05)
