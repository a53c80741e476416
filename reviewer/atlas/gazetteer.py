"""The gazetteer: towns of GeoNames with 15,000 people or more, by their names in many scripts.

It is packed by ``scripts/atlas-data``. The names lie sorted in one block of bytes and are looked up by halving, so
that it takes 20 MB and no dictionary of 400,000 names.
"""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from math import cos, radians
from typing import Final

from reviewer.atlas.packed_file import sections, state_of

PLACES_FILE: Final = "places.bin"
LATITUDE_STEPS, LONGITUDE_STEPS = 360, 180
"""Steps of a degree in which coordinates are kept: about 600 metres."""

IS_MAIN, IS_WORD = 1, 2
"""Flags: of a reference, the main name of the place; of a name, a word of a language too."""


@dataclass(frozen=True, slots=True)
class Place:
    """A town; ``latitude`` and ``longitude`` in degrees, ``country`` as two letters."""

    geonames_id: int
    name: str
    country: str
    latitude: float
    longitude: float
    population: int


@dataclass(frozen=True, slots=True)
class NamedPlaces:
    """The places with one name, the largest first, and which of them have it as their main name."""

    places: Sequence[Place]
    are_main: Sequence[bool]
    is_word: bool


class Gazetteer:
    """All places, or none where the packed file is missing or was changed."""

    def __init__(self, file: str = PLACES_FILE) -> None:
        parts = sections(file)
        self.state = state_of(file)
        parts = parts or {}
        self._ids = array("I", parts.get("ids", b""))
        self._latitudes = array("h", parts.get("latitudes", b""))
        self._longitudes = array("h", parts.get("longitudes", b""))
        self._populations = array("I", parts.get("populations", b""))
        self._countries = parts.get("countries", b"")
        self._codes = parts.get("codes", b"").decode("ascii").split()
        self._names = parts.get("names", b"").decode("utf-8").split("\n")
        self._keys = parts.get("keys", b"")
        self._key_flags = parts.get("key flags", b"")
        self._ends = array("I", accumulate(array("B", parts.get("key lengths", b""))))
        self._references = array("H", parts.get("references", b""))
        self._main_flags = parts.get("main flags", b"")
        self._reference_ends = array("I", accumulate(parts.get("reference counts", b"")))

    def __len__(self) -> int:
        return len(self._ids)

    def find(self, key: str) -> NamedPlaces | None:
        """The places with a name (as :func:`place_key` folds it), or None."""
        wanted = key.encode("utf-8")
        at = self._first_from(wanted)
        if at >= len(self._ends) or self._key(at) != wanted:
            return None
        begins = self._reference_ends[at - 1] if at else 0
        numbers = range(begins, self._reference_ends[at])
        return NamedPlaces(
            [self._place(self._references[number]) for number in numbers],
            [bool(self._main_flags[number] & IS_MAIN) for number in numbers],
            bool(self._key_flags[at] & IS_WORD),
        )

    def has_longer(self, key: str) -> bool:
        """True if a name goes on after these words."""
        wanted = key.encode("utf-8") + b" "
        at = self._first_from(wanted)
        return at < len(self._ends) and self._key(at).startswith(wanted)

    def longest_beginning(self, text: str) -> str:
        """The longest name with which a text begins, whatever comes behind it; empty if there is none."""
        wanted = text.encode("utf-8")
        while wanted:
            at = self._first_from(wanted + b"\x00") - 1
            if at < 0:
                return ""
            found = self._key(at)
            if wanted.startswith(found):
                return found.decode("utf-8")
            shared = next(
                (n for n, (one, other) in enumerate(zip(found, wanted, strict=False)) if one != other), len(found)
            )
            wanted = wanted[: min(shared, len(wanted) - 1)]
        return ""

    def by_id(self, geonames_id: int) -> Place | None:
        """The place with this number of GeoNames, or None."""
        try:
            return self._place(self._ids.index(geonames_id))
        except (ValueError, OverflowError):
            return None

    def nearest(self, latitude: float, longitude: float) -> Place | None:
        """The place nearest to a position in degrees; None where there is no place."""
        north, east = round(latitude * LATITUDE_STEPS), round(longitude * LONGITUDE_STEPS)
        shrink = 4 * cos(radians(latitude)) ** 2  # a step of longitude is two of latitude at the equator
        across = 360 * LONGITUDE_STEPS

        def apart(number: int) -> float:
            beside = abs(self._longitudes[number] - east)
            return (self._latitudes[number] - north) ** 2 + shrink * min(beside, across - beside) ** 2

        return self._place(min(range(len(self._ids)), key=apart)) if self._ids else None

    def _first_from(self, wanted: bytes) -> int:
        low, high = 0, len(self._ends)
        while low < high:
            middle = (low + high) // 2
            if self._key(middle) < wanted:
                low = middle + 1
            else:
                high = middle
        return low

    def _key(self, at: int) -> bytes:
        return self._keys[self._ends[at - 1] if at else 0 : self._ends[at]]

    def _place(self, number: int) -> Place:
        return Place(
            self._ids[number],
            self._names[number],
            self._codes[self._countries[number]],
            self._latitudes[number] / LATITUDE_STEPS,
            self._longitudes[number] / LONGITUDE_STEPS,
            self._populations[number],
        )


@cache
def gazetteer() -> Gazetteer:
    """The one gazetteer, read when it is first needed."""
    return Gazetteer()
