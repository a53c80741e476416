"""The place of words in a tip, as reviewers name it to each other. ``docs/formats/shared.md``.

A place holds no words: the part of the tip, the first letter, and how many there are.
"""

import re
from dataclasses import dataclass
from typing import Final

from crypto.errors import Malformed

LARGEST: Final = 2**31 - 1
PARTS: Final = ("field", "file", "inside-field", "inside-file", "picture", "inside-picture")
"""Of a tip. A picture has no letters: 0 stands for what it shows, 1 for where it says that it was taken."""

_INSIDE: Final = "inside-"
_NUMBER: Final = r"(0|[1-9][0-9]{0,9})"
_PLACE: Final = re.compile(rf"({'|'.join(PARTS)}) (?:{_NUMBER}\.)?{_NUMBER} {_NUMBER} {_NUMBER}")


@dataclass(frozen=True, slots=True, order=True)
class SharedPlace:
    """Letters ``first`` to ``first + length - 1`` of one text of a tip, counted from 0.

    ``sealed`` is the place of the sealed file that the text lies in, or None.

    Raises:
        Malformed: a number out of bounds, or ``sealed`` does not fit the part.
    """

    part: str
    sealed: int | None
    place: int
    first: int
    length: int

    def __post_init__(self) -> None:
        numbers = (self.sealed or 0, self.place, self.first, self.length)
        if self.part not in PARTS or any(not 0 <= number <= LARGEST for number in numbers) or not self.length:
            raise Malformed("place of words must be a part of a tip, with numbers from 0 and at least one letter")
        if (self.sealed is not None) is not self.part.startswith(_INSIDE):
            raise Malformed("place of words must name a sealed file exactly where it lies inside of one")

    def __str__(self) -> str:
        within = "" if self.sealed is None else f"{self.sealed}."
        return f"{self.part} {within}{self.place} {self.first} {self.length}"

    @classmethod
    def parse(cls, untrusted_text: str) -> "SharedPlace":
        """Undo :meth:`__str__`.

        Raises:
            Malformed: anything else.
        """
        found = _PLACE.fullmatch(untrusted_text)
        if found is None:
            raise Malformed("place of words must read like: field 0 12 15")
        part, sealed, *numbers = found.groups()
        place, first, length = map(int, numbers)
        return cls(part, None if sealed is None else int(sealed), place, first, length)
