"""Outlines of countries from Natural Earth, in hundredths of a degree; see ``scripts/atlas-data``."""

import json
from array import array
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import accumulate, pairwise
from typing import Final

from reviewer.atlas.packed_file import FileState, sections, state_of

OUTLINES_FILE: Final = "outlines.bin"
STEPS: Final = 100
"""Steps of a degree."""

Ring = Sequence[tuple[int, int]]
"""Longitude and latitude of each point, in steps; the last point is the first one."""


class Outlines:
    """The rings of each country by its ISO code; none where the packed file is missing or was changed."""

    def __init__(self, file: str = OUTLINES_FILE) -> None:
        self.state: FileState = state_of(file)
        parts = sections(file) or {}
        points = array("i", parts.get("points", b""))
        self.rings: Mapping[str, Sequence[Ring]] = _rings(json.loads(parts.get("index", b"[]")), points)

    def area(self, country: str) -> tuple[int, int, int, int] | None:
        """West, south, east and north of the largest part of a country, in steps; None if it is unknown."""
        rings = self.rings.get(country)
        if not rings:
            return None
        largest = max(rings, key=_size)
        longitudes, latitudes = zip(*largest, strict=True)
        return min(longitudes), min(latitudes), max(longitudes), max(latitudes)


def _rings(index: Sequence[tuple[str, int, int]], points: Sequence[int]) -> Mapping[str, Sequence[Ring]]:
    found: dict[str, list[Ring]] = {}
    for country, first, count in index:
        values = points[2 * first : 2 * (first + count)]
        ring = list(zip(accumulate(values[::2]), accumulate(values[1::2]), strict=True))
        found.setdefault(country, []).append(ring)
    return found


def _size(ring: Ring) -> float:
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(ring)))


@cache
def outlines() -> Outlines:
    """The one set of outlines, read when it is first needed."""
    return Outlines()
