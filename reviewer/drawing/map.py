"""A map: outlines of countries, rings for towns, edges for countries, in one cut of the world.

A ring is as wide as its town, and never a point. A named country is drawn by its whole edge and has no ring.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import cos, radians, sqrt
from typing import Final

from reviewer.atlas.outlines import STEPS, Outlines, Ring
from reviewer.drawing.layout import MARGIN, WIDTH, Anchor, LabelPlace, label_letters

_HEIGHT: Final = 460
_LEAST_DEGREES: Final = 6.0
_AROUND: Final = 0.15
_KILOMETRES_A_DEGREE: Final = 111.2
_PEOPLE_A_SQUARE_KILOMETRE: Final = 3000
_LEAST_RING: Final = 6
_FEWEST_POINTS: Final = 4
_LABEL_LINE, _LABEL_WIDTH = 18, 130


@dataclass(frozen=True, slots=True)
class Spot:
    """A town: degrees, and the number of its people, which sets the width of the ring."""

    latitude: float
    longitude: float
    people: int


@dataclass(frozen=True, slots=True)
class MapRing:
    """A ring of a town, and the place of its label."""

    x: int
    y: int
    radius: int
    label: LabelPlace
    letters: int


@dataclass(frozen=True, slots=True)
class MapEdge:
    """The outline of one country as a path of SVG made of numbers only."""

    country: str
    path: str
    is_named: bool


@dataclass(frozen=True, slots=True)
class MapDrawing:
    """Edges of all countries in the cut, the named ones last; rings in the order of the input."""

    width: int
    height: int
    edges: Sequence[MapEdge]
    rings: Sequence[MapRing]
    country_labels: Mapping[str, LabelPlace]


def draw_map(spots: Sequence[Spot], named: Sequence[str], outlines: Outlines) -> MapDrawing:
    """The map of spots and of named countries (ISO 3166); without outlines it has rings only.

    Raises:
        ValueError: there is no spot and no named country with an outline.
    """
    areas = [area for country in named if (area := outlines.area(country)) is not None]
    if not spots and not areas:
        raise ValueError("a map needs a spot, or a country that has an outline")
    cut = _Cut.around(spots, areas)
    edges = [
        MapEdge(country, path, country in named)
        for country in sorted(outlines.rings, key=lambda one: (one in named, one))
        if (path := cut.path(outlines.rings[country]))
    ]
    taken: list[tuple[int, int]] = []
    rings = [cut.ring(spot, taken) for spot in spots]
    labels = {}
    for country in named:
        if (area := outlines.area(country)) is not None:
            x, y = cut.pixel((area[0] + area[2]) / 2 / STEPS, area[1] / STEPS)  # below it, where no ring is
            labels[country] = LabelPlace(_inside(x, WIDTH), _inside(y + _LABEL_LINE, _HEIGHT), Anchor.MIDDLE)
    return MapDrawing(WIDTH, _HEIGHT, edges, rings, labels)


@dataclass(frozen=True, slots=True)
class _Cut:
    """The cut of the world that is drawn: its western and northern edge, and pixels for a degree."""

    west: float
    north: float
    across: float
    down: float

    @classmethod
    def around(cls, spots: Sequence[Spot], areas: Sequence[tuple[int, int, int, int]]) -> "_Cut":
        longitudes = [one.longitude for one in spots] + [edge / STEPS for area in areas for edge in area[::2]]
        latitudes = [one.latitude for one in spots] + [edge / STEPS for area in areas for edge in area[1::2]]
        middle = (max(latitudes) + min(latitudes)) / 2
        shrink = max(0.2, cos(radians(middle)))
        wide = max(max(longitudes) - min(longitudes), _LEAST_DEGREES) * (1 + 2 * _AROUND)
        tall = max(max(latitudes) - min(latitudes), _LEAST_DEGREES) * (1 + 2 * _AROUND)
        down = min(WIDTH / (wide * shrink), _HEIGHT / tall)
        across = down * shrink
        west = (max(longitudes) + min(longitudes)) / 2 - WIDTH / across / 2
        return cls(west, middle + _HEIGHT / down / 2, across, down)

    def pixel(self, longitude: float, latitude: float) -> tuple[int, int]:
        return round((longitude - self.west) * self.across), round((self.north - latitude) * self.down)

    def ring(self, spot: Spot, taken: list[tuple[int, int]]) -> MapRing:
        x, y = self.pixel(spot.longitude, spot.latitude)
        kilometres = sqrt(spot.people / _PEOPLE_A_SQUARE_KILOMETRE / 3.14159)
        radius = max(_LEAST_RING, round(kilometres / _KILOMETRES_A_DEGREE * self.down))
        is_right = x < WIDTH * 2 // 3
        label_x = x + radius + 5 if is_right else x - radius - 5
        label_y = y + 5
        while any(abs(label_y - y) < _LABEL_LINE and abs(label_x - x) < _LABEL_WIDTH for x, y in taken):
            label_y += _LABEL_LINE
        taken.append((label_x, label_y))
        room = WIDTH - MARGIN - label_x if is_right else label_x - MARGIN
        label = LabelPlace(label_x, label_y, Anchor.START if is_right else Anchor.END)
        return MapRing(x, y, radius, label, label_letters(room))

    def path(self, rings: Iterable[Ring]) -> str:
        """The rings that touch the cut, with points that can be told apart, as ``M1,2L3,4Z``."""
        pieces = []
        for ring in rings:
            points: list[tuple[int, int]] = []
            for longitude, latitude in ring:
                x, y = self.pixel(longitude / STEPS, latitude / STEPS)
                point = (_clamped(x, WIDTH), _clamped(y, _HEIGHT))
                if not points or abs(points[-1][0] - point[0]) + abs(points[-1][1] - point[1]) > 1:
                    points.append(point)
            is_inside = any(0 <= x <= WIDTH and 0 <= y <= _HEIGHT for x, y in points) or _surrounds(points)
            if is_inside and len(points) >= _FEWEST_POINTS:
                pieces.append("M" + "L".join(f"{x},{y}" for x, y in points) + "Z")
        return "".join(pieces)


def _clamped(value: int, size: int) -> int:
    """A coordinate at most half a drawing outside of it: lines that leave it are not seen."""
    return min(max(value, -size // 2), size + size // 2)


def _inside(value: int, size: int) -> int:
    return min(max(value, 2 * MARGIN), size - 2 * MARGIN)


def _surrounds(points: Sequence[tuple[int, int]]) -> bool:
    """True if the box of the points holds the whole drawing."""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return bool(points) and min(xs) < 0 and max(xs) > WIDTH and min(ys) < 0 and max(ys) > _HEIGHT
