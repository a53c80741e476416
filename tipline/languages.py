"""The languages of the site. Each page says its language and its direction; a source chooses by a link."""

from dataclasses import dataclass
from enum import StrEnum


class Direction(StrEnum):
    """Of writing; the value is HTML's."""

    LEFT_TO_RIGHT = "ltr"
    RIGHT_TO_LEFT = "rtl"


@dataclass(frozen=True, slots=True)
class Language:
    """A language by its BCP 47 tag, as HTML wants it in ``lang``."""

    tag: str
    direction: Direction


ENGLISH = Language("en", Direction.LEFT_TO_RIGHT)
