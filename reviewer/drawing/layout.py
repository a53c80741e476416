"""Shapes of a drawing in whole pixels, and the rule for drawings that have more nodes than fit.

All numbers are computed from the arguments only, so the same input gives the same bytes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeVar

MOST_NODES: Final = 60
WIDTH: Final = 720
LINE: Final = 26
"""Height of one line of text."""

MARGIN: Final = 20
LETTER: Final = 8
"""Width that one letter of a label may take."""


class Anchor(StrEnum):
    """The end of a label that is at its point."""

    START = "start"
    MIDDLE = "middle"
    END = "end"


@dataclass(frozen=True, slots=True)
class Point:
    """A place in the drawing, in pixels from the upper left corner."""

    x: int
    y: int


@dataclass(frozen=True, slots=True)
class LabelPlace:
    """The point of a label, and which end of it lies there."""

    x: int
    y: int
    anchor: Anchor


Item = TypeVar("Item")


def shown_and_left_out(items: Sequence[Item], most: int = MOST_NODES) -> tuple[Sequence[Item], int]:
    """The first ``most`` items, and how many are left out."""
    return items[:most], max(0, len(items) - most)


def label_letters(room_pixels: int) -> int:
    """The number of letters that surely fit."""
    return max(1, room_pixels // LETTER)
