"""Readings of places: a town by its number at GeoNames, a country by its code."""

import re
from collections.abc import Collection, Sequence
from typing import Final

from reviewer.atlas.gazetteer import NamedPlaces, Place, gazetteer
from reviewer.reading.place_names import country_name

COUNTRY, TOWN = "country", "geonames"
_DAY: Final = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOST_READINGS: Final = 8
_LEAST_SHARE: Final = 0.05
"""Of the largest town with a name: smaller ones count only if this is their main name."""

_TIMES_A_MAIN: Final = 5
"""By how much a town must be larger than one with this main name, if it has the name beside another one."""


def place_of(reading: str) -> Place | str | None:
    """The town of a reading, or the code of its country; None where the gazetteer does not have it."""
    kind, _, value = reading.partition(":")
    if kind == COUNTRY:
        return value
    return gazetteer().by_id(int(value)) if kind == TOWN and value.isdecimal() else None


def reading_said(reading: str) -> str:
    """A reading as a person says it: "Berlin, DE", "Germany", "2026-04-01 to 2026-04-30"."""
    one, to, other = reading.partition("/")
    if to and _DAY.fullmatch(one) and _DAY.fullmatch(other):
        return one if one == other else f"{one} to {other}"
    if not reading.startswith((f"{COUNTRY}:", f"{TOWN}:")):
        return reading
    place = place_of(reading)
    if isinstance(place, str):
        return country_name(place)
    return f"{place.name}, {place.country}" if place is not None else reading


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
