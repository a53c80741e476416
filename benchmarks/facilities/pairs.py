"""Pairs of invented facilities, true and false, in two sets that share no word, no country and no way to differ.

``FITTED`` is for weights of the program and for the peer's training. ``UNSEEN`` measures: no person has read its
pairs. A quarter of the false pairs has one name with another unit, a quarter one address with another name; the
rest are alike in other ways. All words are made from syllables, so that no real company or place is meant.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final


@dataclass(frozen=True)
class Place:
    """A facility in parts, before it is written."""

    stem: str
    trade: str
    legal: str
    unit: str
    house: str
    road: str
    area: str
    city: str
    postcode: str
    country: str


@dataclass(frozen=True)
class FacilityPair:
    """Two facilities as ``(name, address, country)``; ``kind`` says how they differ."""

    one: tuple[str, str, str]
    other: tuple[str, str, str]
    is_same: bool
    kind: str


@dataclass(frozen=True)
class World:
    """Words of one set, and the ways in which one facility is written twice."""

    seed: str
    countries: Sequence[str]
    syllables: Sequence[str]
    trades: Sequence[str]
    legals: Sequence[str]
    units: Sequence[str]
    roads: Sequence[str]
    areas: Sequence[str]
    same: Mapping[str, Callable[[Place, random.Random], Place]]


def written(place: Place, drawn: random.Random) -> tuple[str, str, str]:
    """Name, address and country of a list; some lists leave a part out."""
    name = " ".join(part for part in (place.stem, place.trade, place.legal, place.unit) if part)
    parts = [place.house, place.road, place.area, place.city, place.postcode]
    if drawn.random() < 0.2:
        parts[4] = ""
    if drawn.random() < 0.12:
        parts[2] = ""
    return name, ", ".join(part for part in parts if part), place.country


def place_of(world: World, drawn: random.Random) -> Place:
    """An invented facility."""

    def word(least: int, most: int) -> str:
        return "".join(drawn.choices(world.syllables, k=drawn.randint(least, most))).capitalize()

    house = drawn.choice(["", "Plot ", "No. ", "House "]) + str(drawn.randint(1, 400))
    return Place(
        stem=" ".join(word(2, 3) for _ in range(drawn.choice((1, 1, 2)))),
        trade=drawn.choice(world.trades),
        legal=drawn.choice(world.legals),
        unit=f"{drawn.choice(world.units)} {drawn.randint(1, 9)}" if drawn.random() < 0.3 else "",
        house=house + drawn.choice(["", "", "A", "/B"]),
        road=f"{word(2, 3)} {drawn.choice(world.roads)}",
        area=f"{word(1, 2)} {drawn.choice(world.areas)}",
        city=word(2, 3),
        postcode=str(drawn.randint(1000, 99999)),
        country=drawn.choice(world.countries),
    )


def pairs_of(world: World, count: int) -> list[FacilityPair]:
    """``count`` pairs, half of them true; the same ones at each call."""
    drawn = random.Random(world.seed)
    some: list[FacilityPair] = []
    for at in range(count // 2):
        kind = sorted(world.same)[at % len(world.same)]
        place = place_of(world, drawn)
        changed = world.same[kind](place, drawn)
        if drawn.random() < 0.3:
            changed = world.same[drawn.choice(sorted(world.same))](changed, drawn)
        some.append(FacilityPair(written(place, drawn), written(changed, drawn), True, kind))
        kind = _FALSE_KINDS[at % len(_FALSE_KINDS)]
        place = place_of(world, drawn)
        changed = _FALSE[kind](world, place, drawn)
        if drawn.random() < 0.4:
            changed = world.same[drawn.choice(sorted(world.same))](changed, drawn)
        some.append(FacilityPair(written(place, drawn), written(changed, drawn), False, kind))
    return some


def _other_unit(world: World, place: Place, drawn: random.Random) -> Place:
    number = int(place.unit.split()[-1]) if place.unit else 0
    unit = f"{drawn.choice(world.units)} {number % 9 + 1}"
    return replace(place, unit=unit, house=place.house if drawn.random() < 0.6 else place_of(world, drawn).house)


def _other_name(world: World, place: Place, drawn: random.Random) -> Place:
    other = place_of(world, drawn)
    trade = place.trade if drawn.random() < 0.5 else other.trade
    return replace(place, stem=other.stem, trade=trade, legal=other.legal)


def _other_town(world: World, place: Place, drawn: random.Random) -> Place:
    other = place_of(world, drawn)
    return replace(other, stem=place.stem, trade=place.trade, country=place.country)


def _near_stem(world: World, place: Place, drawn: random.Random) -> Place:
    other = place_of(world, drawn)
    stem = place.stem[: len(place.stem) // 2 + 1] + drawn.choice(world.syllables)
    return replace(other, stem=stem, city=place.city, area=place.area, country=place.country)


def _stranger(world: World, place: Place, drawn: random.Random) -> Place:
    return replace(place_of(world, drawn), country=place.country, city=place.city, trade=place.trade)


_FALSE: Final[Mapping[str, Callable[[World, Place, random.Random], Place]]] = {
    "same name, other unit": _other_unit,
    "same address, other name": _other_name,
    "same name, other town": _other_town,
    "near name, same town": _near_stem,
    "strangers of one town": _stranger,
}
_FALSE_KINDS: Final = (
    *("same name, other unit", "same address, other name", "same name, other town"),
    *("same name, other unit", "same address, other name", "near name, same town"),
    *("same name, other unit", "same address, other name", "strangers of one town", "near name, same town"),
)


def _mistyped(text: str, drawn: random.Random) -> str:
    if len(text) < 3:
        return text
    at = drawn.randrange(1, len(text) - 1)
    return drawn.choice([text[:at] + text[at + 1 :], text[:at] + text[at - 1] + text[at:]])


def _abbreviated(place: Place, _drawn: random.Random) -> Place:
    short = {"Road": "Rd", "Street": "St.", "Avenue": "Ave", "Lane": "Ln", "Industrial Area": "Indl. Area"}
    road, area = place.road, place.area
    for word, put in short.items():
        road, area = road.replace(word, put), area.replace(word, put)
    return replace(place, road=road, area=area, legal=place.legal.replace("Limited", "Ltd."))


def _swapped(place: Place, _drawn: random.Random) -> Place:
    return replace(place, area=place.city, city=place.area)


def _vowels(place: Place, drawn: random.Random) -> Place:
    """Another romanisation: a for o, i for e, one letter of a pair."""
    old, new = drawn.choice([("a", "o"), ("e", "i"), ("u", "oo"), ("k", "c"), ("j", "z")])
    return replace(place, stem=place.stem.replace(old, new, 1), city=place.city.replace(old, new, 1))


FITTED: Final = World(
    seed="facilities, fitted",
    countries=("BD", "IN", "PK", "KH", "LK"),
    syllables=(
        "ba",
        "ra",
        "na",
        "ka",
        "ma",
        "sha",
        "di",
        "pur",
        "gan",
        "mo",
        "lo",
        "ti",
        "re",
        "jo",
        "su",
        "ha",
        "vi",
        "ku",
    ),
    trades=("Garments", "Textile Mills", "Apparels", "Fashion Wear", "Knit Composite", "Spinning Mills"),
    legals=("Ltd", "Limited", "Pvt Ltd", "(Pvt.) Limited", ""),
    units=("Unit", "Unit-", "Factory"),
    roads=("Road", "Street", "Avenue", "Lane"),
    areas=("Industrial Area", "Sector", "Village", "Upazila"),
    same={
        "capitals": lambda place, _drawn: replace(
            place, stem=place.stem.upper(), road=place.road.upper(), city=place.city.upper()
        ),
        "short forms": _abbreviated,
        "legal form left out": lambda place, _drawn: replace(place, legal=""),
        "area left out": lambda place, _drawn: replace(place, area="", postcode=""),
        "typing error": lambda place, drawn: replace(
            place, stem=_mistyped(place.stem, drawn), road=_mistyped(place.road, drawn)
        ),
        "swapped": _swapped,
        "spelling": _vowels,
        "other address": lambda place, drawn: replace(
            place, house="", road=drawn.choice((place.road, "")), area=drawn.choice((place.area, "")), postcode=""
        ),
        "no address": lambda place, _drawn: replace(place, house="", road="", area="", city="", postcode=""),
        "other trade": lambda place, drawn: replace(place, trade=drawn.choice(FITTED.trades)),
        "country wrong": lambda place, drawn: replace(place, country=drawn.choice(("BD", "IN", "HK"))),
    },
)


def _joined(place: Place, _drawn: random.Random) -> Place:
    first, _, rest = place.trade.partition(" ")
    return replace(place, stem=place.stem.replace(" ", "") + first.lower(), trade=rest)


def _hyphens(place: Place, _drawn: random.Random) -> Place:
    house = place.house.replace("No. ", "#").replace("Plot ", "Plot-")
    return replace(place, stem=place.stem.replace(" ", "-"), house=house)


UNSEEN: Final = World(
    seed="facilities, unseen, 29 November 2026",
    countries=("VN", "TR", "MX", "ET", "MM", "ID"),
    syllables=(
        "qu",
        "an",
        "tho",
        "vuo",
        "nge",
        "xo",
        "el",
        "yil",
        "dem",
        "tza",
        "oc",
        "che",
        "wol",
        "gef",
        "zin",
        "thu",
        "hla",
        "pya",
    ),
    trades=("Footwear Company", "Konfeksiyon", "Maquila", "Leather Works", "Seafood Processing", "Denim Factory"),
    legals=("A.S.", "S.A. de C.V.", "Co., Ltd.", "PLC", "Sdn Bhd", ""),
    units=("Plant", "Line", "Branch"),
    roads=("Caddesi", "Highway", "Calle", "Jalan"),
    areas=("Zone", "Ward", "District", "Kabupaten"),
    same={
        "trade left out": lambda place, _drawn: replace(place, trade=""),
        "in brackets": lambda place, _drawn: replace(place, stem=f"{place.stem} ({place.city})"),
        "written together": _joined,
        "hyphens": _hyphens,
        "road left out": lambda place, _drawn: replace(place, road=""),
        "letter added": lambda place, drawn: replace(
            place, city=place.city + drawn.choice("hna"), stem=place.stem + "h"
        ),
        "more of the address": lambda place, drawn: replace(
            place, city=f"{place.city}, {place.area.split()[0]} Province, near {drawn.choice(('market', 'km 4'))}"
        ),
        "other house": lambda place, _drawn: replace(place, house=""),
        "translated": lambda place, _drawn: replace(
            place,
            road=place.road.replace("Caddesi", "Avenue").replace("Calle", "Street").replace("Jalan", "Road"),
            legal="",
        ),
        "no country": lambda place, _drawn: replace(place, country=""),
    },
)
