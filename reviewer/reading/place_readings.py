"""Readings of places: a town of GeoNames, a country by its code, the position of a picture."""

import re
from collections.abc import Collection, Sequence
from functools import lru_cache
from math import cos, hypot, radians
from typing import Final

from reviewer.atlas.gazetteer import NamedPlaces, Place, gazetteer
from reviewer.languages.staff_language import said, staff_language
from reviewer.reading.place_names import country_name

COUNTRY, TOWN, POSITION = "country", "geonames", "position"
_POSITION: Final = re.compile(r"(-?[0-9]{1,2}\.[0-9]{3}),(-?[0-9]{1,3}\.[0-9]{3})")
_DAY: Final = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOST_READINGS: Final = 8
_KILOMETRES_A_DEGREE: Final = 111.2
_LEAST_SHARE: Final = 0.05
"""Of the largest town with a name: smaller ones count only if this is their main name."""

_TIMES_A_MAIN: Final = 5
"""By how much a town must be larger than one with this main name, if it has the name beside another one."""


def place_of(reading: str) -> Place | str | None:
    """The town of a reading, or the code of its country; None where the gazetteer does not have it.

    The position of a picture is a place of no people, with its figures as its name, in the country of the nearest
    town.
    """
    kind, _, value = reading.partition(":")
    if kind == COUNTRY:
        return value
    if kind == POSITION and (found := _POSITION.fullmatch(value)) is not None:
        latitude, longitude = float(found[1]), float(found[2])
        town = nearest_town(latitude, longitude)
        return Place(0, value.replace(",", ", "), town.country if town else "", latitude, longitude, 0)
    return gazetteer().by_id(int(value)) if kind == TOWN and value.isdecimal() else None


def reading_said(reading: str) -> str:
    """A reading in the language of staff: "Berlin, DE", "Germany", "2026-04-01 to 2026-04-30"."""
    one, to, other = reading.partition("/")
    if to and _DAY.fullmatch(one) and _DAY.fullmatch(other):
        return one if one == other else said("%(first)s to %(last)s", first=one, last=other)
    if not reading.startswith((f"{COUNTRY}:", f"{TOWN}:", f"{POSITION}:")):
        return reading
    place = place_of(reading)
    if isinstance(place, Place) and is_position(reading):
        town = nearest_town(place.latitude, place.longitude)
        if town is None:
            return place.name
        return said(
            "%(position)s, about %(number)s km from %(town)s",
            position=place.name,
            number=_kilometres(place, town),
            town=f"{town.name}, {town.country}",
        )
    if isinstance(place, str):
        return country_name(place, staff_language().tag)
    return f"{place.name}, {place.country}" if place is not None else reading


def position_reading(latitude: float, longitude: float) -> str:
    """The reading of a position in degrees, to a thousandth."""
    return f"{POSITION}:{latitude:.3f},{longitude:.3f}"


def is_position(reading: str) -> bool:
    """True for the reading of a position that a picture names."""
    return reading.startswith(f"{POSITION}:")


@lru_cache(maxsize=256)
def nearest_town(latitude: float, longitude: float) -> Place | None:
    """The town nearest to a position; None without the list of towns."""
    return gazetteer().nearest(latitude, longitude)


def _kilometres(one: Place, other: Place) -> int:
    """The distance, on a flat map: the two are near each other."""
    east = (one.longitude - other.longitude) * cos(radians(one.latitude))
    return round(_KILOMETRES_A_DEGREE * hypot(one.latitude - other.latitude, east))


def likely_places(named: NamedPlaces, chosen: Collection[str]) -> Sequence[Place]:
    """The towns that a name can mean, the largest first; those in a country of ``chosen`` go before all."""
    least = named.places[0].population * _LEAST_SHARE
    mains = [place.population for place, is_main in zip(named.places, named.are_main, strict=True) if is_main]
    least = max(least, _TIMES_A_MAIN * max(mains, default=0))
    fitting = [
        place
        for place, is_main in zip(named.places, named.are_main, strict=True)
        if is_main or place.population >= least
    ]
    return ([one for one in fitting if one.country in chosen] or fitting)[:_MOST_READINGS]
