"""Which classes of visits an onlooker is asked to tell apart, from what, and what must come out."""

from dataclasses import dataclass
from enum import Enum
from typing import Final

from lab.traffic.visits import CLASSES


class Verdict(Enum):
    """The result that must come out; where docs/threat-model.md says nothing the figure is published, whatever it
    is."""

    ALIKE = "alike"
    TOLD_APART = "told apart: the control"
    PUBLISHED = "–"


@dataclass(frozen=True)
class Comparison:
    """Classes by their names in :mod:`lab.traffic.visits`; a view of :func:`lab.traffic.onlooker.numbers`."""

    classes: tuple[str, ...]
    view: str
    verdict: Verdict = Verdict.PUBLISHED

    @property
    def name(self) -> str:
        """Of its results: its classes, and what is seen of them."""
        return f"{' / '.join(self.classes)}: {self.view}"


_ANSWERS: Final = ("comes back, no answer", "comes back, an answer")
_PAGES: Final = ("reads “Is this safe for me?”", "reads “What happens”", "reads “What we cannot do”", "leaves")
_ACTS: Final = ("… and deletes", "… and says “I am safe”")
_FIRST_OR_BACK: Final = ("writes", "comes back, no answer")
_WRITES_OR_ACTS: Final = ("… and writes more", "… and deletes")
_ALL: Final = tuple(one.name for one in CLASSES)

COMPARISONS: Final = (
    Comparison(_ANSWERS, "bytes, times", Verdict.ALIKE),
    Comparison(_ANSWERS, "cells, times", Verdict.ALIKE),
    Comparison(_ANSWERS, "unfilled cells, times", Verdict.TOLD_APART),
    Comparison(_PAGES, "answers", Verdict.ALIKE),
    Comparison(_PAGES, "cells, times"),
    Comparison(_PAGES, "bytes"),
    Comparison(_PAGES, "unfilled answers", Verdict.TOLD_APART),
    Comparison(_ACTS, "answers", Verdict.ALIKE),
    Comparison(_ACTS, "cells, times", Verdict.ALIKE),
    Comparison(_ACTS, "bytes"),
    Comparison(_ACTS, "unfilled answers", Verdict.TOLD_APART),
    Comparison(_FIRST_OR_BACK, "cells"),
    Comparison(_FIRST_OR_BACK, "answers"),
    Comparison(_WRITES_OR_ACTS, "cells"),
    Comparison(_ALL, "cells"),
    Comparison(_ALL, "cells, times"),
    Comparison(_ALL, "unfilled cells, times"),
)

CONTROLLED_ELSEWHERE: Final = {(_ACTS, "cells, times"): "benchmarks/button_times.py --without-rest"}
"""Pairs that must look alike in a view whose control is another command. Without the filling a delete and "I am
safe" still have equally many cells: what hides them here is the rest, and without it a finer look tells them
apart."""
