"""Patterns that need a figure are looked for around figures only: most of a text has none.

A match may begin at most 60 letters before its first figure, and end at most 80 letters behind its last one.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

_BEFORE: Final = 60
_BEHIND: Final = 80
_FIGURES: Final = re.compile(r"[0-9]+")


def near_figures(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Each match of ``pattern`` in the parts of a plain text that have figures, in its place.

    What stands in front of a part is seen by the pattern, as in the whole text.
    """
    for first, end in _stretches(text):
        yield from pattern.finditer(text, first, end)


@lru_cache(maxsize=4)
def _stretches(text: str) -> Sequence[tuple[int, int]]:
    """The parts of a text around its figures, in order; none of them overlaps another one."""
    stretches: list[tuple[int, int]] = []
    for found in _FIGURES.finditer(text):
        first, end = max(0, found.start() - _BEFORE), min(len(text), found.end() + _BEHIND)
        if stretches and first <= stretches[-1][1]:
            first = stretches.pop()[0]
        stretches.append((first, end))
    return stretches
