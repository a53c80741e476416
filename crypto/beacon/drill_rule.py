"""When the drill of a button shows that presses are heard: ``docs/beacon/place.md``.

A duty machine judges a drill while it runs, and the air-gapped machine before it makes a week file. Both ask here.
"""

import math

FEWEST_PRESSES = 60
"""A drill with fewer presses is not enough, even if each was heard."""

LEAST_CHANCE = 0.95
CONFIDENCE = 0.95

_HALVINGS = 60


def is_enough(heard: int, presses: int) -> bool:
    """True if the one-sided lower 95 % bound of the chance to be heard is at least 95 %.

    ``heard`` of the ``presses`` were heard. The bound is that of Clopper and Pearson.
    60 presses without a miss are enough, 93 with one miss, 124 with two.
    """
    return presses >= FEWEST_PRESSES and _at_least(heard, presses, LEAST_CHANCE) <= 1 - CONFIDENCE


def heard_at_least(heard: int, presses: int) -> float:
    """The lower bound of :func:`is_enough`, from 0 to 1; 0 if nothing was heard."""
    low, high = 0.0, 1.0 if heard else 0.0
    for _ in range(_HALVINGS):
        chance = (low + high) / 2
        low, high = (chance, high) if _at_least(heard, presses, chance) < 1 - CONFIDENCE else (low, chance)
    return low


def _at_least(heard: int, presses: int, chance: float) -> float:
    """The probability that at least this number of the presses is heard, each with this chance."""
    return sum(
        math.comb(presses, count) * chance**count * (1 - chance) ** (presses - count)
        for count in range(heard, presses + 1)
    )
