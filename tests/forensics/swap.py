"""Swap, where there is any and it can be read."""

from pathlib import Path

from tests.forensics.journey import Row
from tests.forensics.places import Found, search_files
from tipline.demo.sought import Sought

_SWAPS = Path("/proc/swaps")


def search_swap(sought: Sought) -> list[Row]:
    """A row for each area of swap; none where there is none."""
    areas = [line.split()[0] for line in _SWAPS.read_text().splitlines()[1:]]
    return [_row(f"swap {area}", search_files([Path(area)], sought)) for area in areas]


def _row(place: str, found: Found) -> Row:
    where = tuple(sorted(f"{name}: {one}" for name, ones in found.places.items() for one in ones))
    return Row("switched off", place, frozenset(found.names()), frozenset(), where, found.length)
