"""Places by level, the highest first; and finding a place by words."""

import datetime as dt
import heapq
import itertools
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from reviewer.casebook.casebook import Casebook
from reviewer.casebook.facility_lists import StoredFacility
from reviewer.facilities.facility_flags import FlagReader, Place
from reviewer.facilities.places import confirmed_clusters
from reviewer.supply.facility_form import facility_text
from reviewer.supply.facility_keys import word_keys
from reviewer.supply.flags import LEVELS, Level, WeighedFlags, goods_points, weight_of_ticks

PAGE_PLACES: Final = 50
MOST_FOUND: Final = 50
_MOST_HOLDERS: Final = 2_000


@dataclass(frozen=True, slots=True)
class ListedPlace:
    """A place by the facility with the lowest number, with its flags."""

    facility: StoredFacility
    place: Place
    weighed: WeighedFlags


class LevelList:
    """The places of which something is known, by level and points. It is computed for one page or command."""

    def __init__(self, casebook: Casebook, *, today: dt.date) -> None:
        self._casebook = casebook
        self._reader = FlagReader(casebook, today=today)
        self._known: dict[int, tuple[Level, int]] = {}
        self._place: dict[int, Place] = {}
        self._read_known()

    def _read_known(self) -> None:
        """All places with anything but goods. Those with goods only may be very many, and come from an index."""
        casebook = self._casebook
        clusters = confirmed_clusters(casebook)
        hidden = casebook.overview.hidden()
        numbers = casebook.facility_evidence.facilities_with_findings() | casebook.custody.facilities_with_faults()
        numbers |= {number for cluster in clusters.all() for number in cluster}
        single: dict[int, tuple[str, ...]] = {}
        for facility, count, submission, ticked in casebook.facility_evidence.ticks_by_facility():
            if count > 1 or submission in hidden:
                numbers.add(facility)
            elif facility not in numbers:
                single[facility] = ticked
        places = list({clusters.of(number) | {number} for number in numbers})
        for place, weighed in zip(places, self._reader.of(places), strict=True):
            self._known[min(place)] = weighed.level, weighed.points
            self._place |= dict.fromkeys(place, place)
        # Most places have one tip and nothing else: their flags are not put into words to be put into order.
        goods = self._reader.points_of_goods(list(single))
        for facility, ticked in single.items():
            self._known[facility] = weight_of_ticks(ticked, goods.get(facility, 0))

    def page(self, number: int = 1, *, level: Level | None = None) -> tuple[list[ListedPlace], bool]:
        """The places of a page, from 1, and true if there are more."""
        first = (number - 1) * PAGE_PLACES
        wanted = list(itertools.islice(self._numbers(level), first, first + PAGE_PLACES + 1))
        return self.places(wanted[:PAGE_PLACES]), len(wanted) > PAGE_PLACES

    def places(self, numbers: Sequence[int]) -> list[ListedPlace]:
        """These facilities, each as its place."""
        places = [self._place.get(number, frozenset({number})) for number in numbers]
        facilities = self._casebook.facility_lists.facilities([min(place) for place in places])
        return [
            ListedPlace(facility, place, weighed)
            for facility, place, weighed in zip(facilities, places, self._reader.of(places), strict=True)
        ]

    def _numbers(self, level: Level | None) -> Iterator[int]:
        for one in LEVELS if level is None else (level,):
            if one is Level.NOTHING:
                if level is Level.NOTHING:
                    yield from self._of_nothing()
                continue
            known = sorted(
                (-points, number) for number, (level_here, points) in self._known.items() if level_here is one
            )
            if one is not Level.LOOK:
                yield from (number for _points, number in known)
                continue
            merged = heapq.merge(known, self._with_goods_only(), key=lambda pair: pair[0])
            yield from (number for _points, number in merged)

    def _with_goods_only(self) -> Iterator[tuple[int, int]]:
        """Facilities against which nothing but a list of goods speaks, the most points first."""
        goods = self._casebook.facility_goods
        rows = [
            (-goods_points(child=row.child, forced=row.forced, derived=row.derived), row)
            for row in goods.all_listed(self._reader.goods_list)
        ]
        told: set[int] = set()
        for points, row in sorted(rows, key=lambda pair: (pair[0], pair[1].line)):
            for number in goods.with_good(row.key, row.country) if points else ():
                if number not in told and number not in self._place and number not in self._known:
                    told.add(number)
                    yield points, number

    def _of_nothing(self) -> Iterator[int]:
        after, lists = 0, self._casebook.facility_lists
        while numbers := lists.without_listed_goods(after, self._reader.goods_list, most=500):
            after = numbers[-1]
            for number in numbers:
                place = self._place.get(number, frozenset({number}))
                level, _points = self._known.get(min(place), (Level.NOTHING, 0))
                if level is Level.NOTHING and number == min(place):
                    yield number


def find_places(casebook: Casebook, words: str) -> list[StoredFacility]:
    """The facilities that a number, an identifier, or words of a name or a buyer find: fifty at most."""
    plain = words.strip()
    digits = plain[2:] if plain[:2].upper() == "F-" else ""
    if digits.isascii() and digits.isdecimal() and len(digits) < 10:
        found = casebook.facility_lists.facility(int(digits))
        return [found] if found else []
    numbers = casebook.facility_lists.with_identifier("".join(plain.split()).upper(), most=MOST_FOUND)
    hits: Counter[int] = Counter()
    for key in word_keys(plain):
        holders = casebook.facility_matches.with_key(key, most=_MOST_HOLDERS)
        hits.update(dict.fromkeys(holders, 1 + _MOST_HOLDERS // max(1, len(holders))))
    likely = [number for number, _count in hits.most_common(4 * MOST_FOUND)]
    wanted = set(facility_text(plain).words)
    named = sorted(
        casebook.facility_lists.facilities([one for one in likely if one not in numbers]),
        key=lambda one: (
            -len(wanted & set(facility_text(one.listed.facility.name).words)),
            -hits[one.number],
            one.number,
        ),
    )
    told = {one.number for one in named}.union(numbers)
    buying = casebook.facility_goods.with_buyer(plain, most=MOST_FOUND) if plain else []
    others = casebook.facility_lists.facilities([one for one in buying if one not in told])
    return [*casebook.facility_lists.facilities(numbers), *named, *others][:MOST_FOUND]
