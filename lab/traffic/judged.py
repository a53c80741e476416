"""How often an onlooker guessed right, and whether that is as it must be."""

import math
from dataclasses import dataclass
from typing import Final

from lab.traffic.comparisons import Comparison, Verdict

_SURE: Final = 2.576  # 99 of 100
_USUAL: Final = 1.96  # 95 of 100
_SEEN_THROUGH: Final = 0.9
_ALL: Final = 6
"""More classes than this are not named one by one."""


@dataclass(frozen=True)
class Judged:
    """``right`` of ``guesses``; by chance it would be ``chance``."""

    comparison: Comparison
    right: int
    guesses: int

    @property
    def chance(self) -> float:
        return 1 / len(self.comparison.classes)

    def bounds(self, width: float = _USUAL) -> tuple[float, float]:
        """Between which the true share lies (Wilson)."""
        share, count, square = self.right / self.guesses, self.guesses, width * width
        middle = (share + square / (2 * count)) / (1 + square / count)
        reach = width * math.sqrt(share * (1 - share) / count + square / (4 * count * count)) / (1 + square / count)
        return middle - reach, middle + reach

    @property
    def is_as_it_must_be(self) -> bool:
        match self.comparison.verdict:
            case Verdict.ALIKE:
                return self.bounds(_SURE)[0] <= self.chance
            case Verdict.TOLD_APART:
                return self.right / self.guesses > _SEEN_THROUGH
        return True

    def line(self) -> str:
        """A row of the table in docs/evidence/traffic.md."""
        low, high = self.bounds()
        classes = self.comparison.classes
        between = " / ".join(classes) if len(classes) <= _ALL else f"all {len(classes)} kinds"
        share = f"{100 * self.right / self.guesses:.1f} % ({100 * low:.0f}–{100 * high:.0f})"
        must = self.comparison.verdict.value + ("" if self.is_as_it_must_be else ": NOT SO")
        return f"| {between} | {self.comparison.view} | {share} | {100 * self.chance:.0f} % | {must} |"
