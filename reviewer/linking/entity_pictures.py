"""Graph, timeline and map of an entity as shapes, for the one template that draws them.

A picture for a file has no links, no days of arrival and no names of tips, and names of entities only if a person
ticks them.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Final

from reviewer.atlas.gazetteer import Place, gazetteer
from reviewer.atlas.outlines import Outlines, outlines
from reviewer.atlas.packed_file import FileState
from reviewer.cases.shown_code import shown_code
from reviewer.drawing.graph import draw_graph
from reviewer.drawing.layout import Anchor, LabelPlace, shown_and_left_out
from reviewer.drawing.map import Spot, draw_map
from reviewer.drawing.timeline import draw_timeline
from reviewer.languages.staff_language import marked, said, said_number, staff_language
from reviewer.linking.drawn_entity import EntityGraph, EntityRows, PlaceRow, TimeRow
from reviewer.reading.place_names import country_name
from reviewer.reading.place_readings import is_position, place_of

_DAMAGED_TOWNS: Final = {
    FileState.MISSING: marked("the list of towns: file missing"),
    FileState.CHANGED: marked("the list of towns: file changed"),
}
_DAMAGED_EDGES: Final = {
    FileState.MISSING: marked("the outlines of countries: file missing"),
    FileState.CHANGED: marked("the outlines of countries: file changed"),
}


@dataclass(frozen=True, slots=True)
class Shape:
    """One shape of SVG; ``look`` is its class, and ``values`` and ``path`` are numbers."""

    tag: str
    look: str
    values: Sequence[int] = ()
    path: str = ""
    text: str = field(default="", repr=False)
    anchor: str = Anchor.START


@dataclass(frozen=True, slots=True)
class ShapeGroup:
    """Shapes that belong together; with an ``entity`` or a ``tip`` they are one link."""

    shapes: Sequence[Shape]
    entity: int = 0
    tip: str = ""


@dataclass(frozen=True, slots=True)
class EntityPicture:
    """A drawing and its table: the cells of each row, and the entity and the tip that it is about."""

    width: int
    height: int
    groups: Sequence[ShapeGroup]
    heads: Sequence[str]
    rows: Sequence[tuple[Sequence[str], int, str]]
    notes: Sequence[str]

    @property
    def code(self) -> str:
        """The code of the drawing, of the table and of what stands beside it."""
        table = [list(self.heads), [list(cells) for cells in rows_of(self)], list(self.notes)]
        return shown_code([*table, [asdict(one) for one in self.groups]])


def graph_picture(graph: EntityGraph, *, with_names: bool = True) -> EntityPicture:
    """The graph, and each of its relations as a row."""
    drawn = draw_graph(
        [0, *(max(1, one.step) for one in graph.nodes[1:])], [(one.one, one.other) for one in graph.lines]
    )
    groups = [
        ShapeGroup([Shape("line", "edge", (line.one.x, line.one.y, line.other.x, line.other.y))])
        for line in drawn.lines
    ]
    names = [f"{one.name} {one.title}".strip() if with_names else one.name for one in graph.nodes]
    for node, shape, name in zip(graph.nodes, drawn.nodes, names, strict=True):
        look = "middle" if not node.step else "node"
        circle = Shape("circle", look, (shape.place.x, shape.place.y, shape.radius))
        groups.append(
            ShapeGroup([circle, _label(shape.label, f"{name} · {said(node.kind)}", shape.letters)], node.number)
        )
    rows = [
        (
            (names[one.one], one.says, names[one.other]),
            graph.nodes[one.other if not one.one else one.one].number,
            "",
        )
        for one in graph.lines
    ]
    notes = _more(graph.left_out)
    return EntityPicture(drawn.width, drawn.height, groups, ("entity", "relation", "entity "), rows, notes)


def timeline_picture(rows: Sequence[TimeRow], *, for_file: bool = False) -> EntityPicture | None:
    """The timeline, and each day or span as a row; None without any."""
    told = [one for one in rows if not (for_file and one.is_arrival)]
    shown, left_out = shown_and_left_out(told)
    if not shown:
        return None
    drawn = draw_timeline([(one.first, one.last) for one in shown])
    axis = [Shape("line", "axis", (drawn.left, drawn.axis_y, drawn.right, drawn.axis_y))]
    for mark in drawn.marks:
        axis.append(Shape("line", "axis", (mark.x, drawn.axis_y, mark.x, drawn.height)))
        axis.append(Shape("text", "small", (mark.x, drawn.axis_y - 6), text=mark.text, anchor=Anchor.MIDDLE))
    groups = [ShapeGroup(axis)]
    for row, bar in zip(shown, drawn.bars, strict=True):
        look = "arrival" if row.is_arrival else "bar"
        box = Shape("rect", look, (bar.x - (4 if bar.is_day else 0), bar.y, bar.width, 16))
        groups.append(ShapeGroup([box, _label(bar.label, row.says, bar.letters)], tip="" if for_file else row.tip))
    cells = [
        ((one.says, one.first.isoformat(), one.last.isoformat()), 0, "" if for_file else one.tip) for one in shown
    ]
    notes = _more(left_out)
    return EntityPicture(drawn.width, drawn.height, groups, ("what is told", "from", "to"), cells, notes)


def map_picture(
    rows: Sequence[PlaceRow], *, for_file: bool = False, edges: Outlines | None = None
) -> EntityPicture:
    """The map, and each place as a row that says how it is drawn; without outlines the rows only.

    ``edges`` are the outlines that the program ships, unless others are given.
    """
    edges = edges or outlines()
    shown, left_out = shown_and_left_out(rows)
    spots: list[tuple[Place, PlaceRow]] = []
    named: dict[str, None] = {}
    cells: list[tuple[Sequence[str], int, str]] = []
    for row in shown:
        place, how = _drawn_as(row)
        if isinstance(place, Place):
            spots.append((place, row))
        elif place:
            named[place] = None
        where = _country_said(place) if isinstance(place, str) else _town_said(place)
        cells.append(((row.says, where, how), 0, "" if for_file else row.tip))
    notes = _more(left_out)
    notes += [said(_DAMAGED_TOWNS[gazetteer().state])] if gazetteer().state in _DAMAGED_TOWNS else []
    notes += [said(_DAMAGED_EDGES[edges.state])] if edges.state in _DAMAGED_EDGES else []
    try:
        drawn = draw_map(
            [Spot(one.latitude, one.longitude, one.population) for one, _ in spots], list(named), edges
        )
    except ValueError:
        return EntityPicture(0, 0, (), ("words", "place", "drawn as"), cells, notes)
    groups = [
        ShapeGroup([Shape("path", "named" if one.is_named else "land", path=one.path)]) for one in drawn.edges
    ]
    for (place, row), ring in zip(spots, drawn.rings, strict=True):
        shapes = [
            Shape("circle", "ring", (ring.x, ring.y, ring.radius)),
            _label(ring.label, place.name, ring.letters),
        ]
        groups.append(ShapeGroup(shapes, tip="" if for_file else row.tip))
    groups += [
        ShapeGroup([_label(label, _country_said(country), 30)]) for country, label in drawn.country_labels.items()
    ]
    return EntityPicture(drawn.width, drawn.height, groups, ("words", "place", "drawn as"), cells, notes)


def _drawn_as(row: PlaceRow) -> tuple[Place | str, str]:
    """The town or country that is drawn for a place, or nothing, and how a table says it."""
    places = [one for one in map(place_of, row.readings) if one is not None]
    if not places:
        return "", said("not drawn: not in the list of places")
    countries = {one if isinstance(one, str) else one.country for one in places}
    if len(countries) > 1:
        return "", said("not drawn: %(count)s towns of this name in several countries", count=len(places))
    (country,) = countries
    if row.is_coarse and any(map(is_position, row.readings)):
        return "", said("not drawn: a harmed person's place is not shown finer than a country")
    if row.is_coarse:
        return country, said("the country's edge: a harmed person's place is not shown finer")
    if len(places) > 1:
        return country, said("the country's edge: %(count)s towns of this name in it", count=len(places))
    if any(map(is_position, row.readings)):
        return places[0], said("a ring at the position that the picture names")
    if isinstance(places[0], str):
        return country, said("the country's edge")
    return places[0], said("a ring as wide as the town")


def _town_said(place: Place) -> str:
    """A town with its country; a position by its figures, as the country is only that of the nearest town."""
    return f"{place.name}, {_country_said(place.country)}" if place.geonames_id else place.name


def _country_said(code: str) -> str:
    return country_name(code, staff_language().tag)


def _more(left_out: int) -> list[str]:
    return [said_number("and %(num)s more", "and %(num)s more", left_out)] if left_out else []


def _label(place: LabelPlace, text: str, letters: int) -> Shape:
    cut = text if len(text) <= letters else f"{text[: max(1, letters - 1)]}…"
    return Shape("text", "label", (place.x, place.y), text=cut, anchor=place.anchor)


def rows_of(picture: EntityPicture) -> Sequence[Sequence[str]]:
    """The table without its links."""
    return [cells for cells, _entity, _tip in picture.rows]


def picture_of(
    what: str, rows: EntityRows, *, steps: int = 1, for_file: bool = False, with_names: bool = True
) -> EntityPicture | None:
    """The picture named ``graph``, ``timeline`` or ``map``; None where there is nothing to draw."""
    if what == "graph":
        return graph_picture(rows.graph(steps=steps, without_hidden=for_file), with_names=with_names)
    if what == "timeline":
        return timeline_picture(rows.timeline(without_hidden=for_file), for_file=for_file)
    return map_picture(rows.places(without_hidden=for_file), for_file=for_file)
