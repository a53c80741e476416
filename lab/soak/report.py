"""How a run is told: a line a step, and a table at the end."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

Say = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Row:
    """An act, how often it was done, and its outcome."""

    what: str
    points: int
    came_of_it: str


def table(rows: Sequence[Row]) -> list[str]:
    width = max(len(row.what) for row in rows)
    return [f"{row.what:{width}}  {row.points:5}  {row.came_of_it}" for row in rows]
