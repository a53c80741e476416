"""The graph around one entity: it stands in the middle, its neighbours on two arcs beside it.

Each neighbour has a line of its own, so that no label covers another one. Neighbours of neighbours stand behind the
neighbour that leads to them, further out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Final

from reviewer.drawing.layout import LINE, MARGIN, WIDTH, Anchor, LabelPlace, Point, label_letters

_ARC: Final = 110
"""How far from the middle the outermost neighbour of a side stands, in pixels."""

_FURTHER: Final = 40
_LABEL_GAP: Final = 12
_NODE: Final = 7


@dataclass(frozen=True, slots=True)
class GraphNode:
    """A node, its label, and the most letters that the label may have."""

    place: Point
    label: LabelPlace
    radius: int
    letters: int


@dataclass(frozen=True, slots=True)
class GraphLine:
    """A line between two nodes."""

    one: Point
    other: Point


@dataclass(frozen=True, slots=True)
class GraphDrawing:
    """Nodes in the order of the input, the middle first; lines in the order of the input."""

    width: int
    height: int
    nodes: Sequence[GraphNode]
    lines: Sequence[GraphLine]


def draw_graph(steps: Sequence[int], lines: Sequence[tuple[int, int]]) -> GraphDrawing:
    """The drawing of nodes; ``steps`` says how far each is from the middle, 0 for the first one only.

    ``lines`` are pairs of places in ``steps``.

    Raises:
        ValueError: the first node is not the middle, or a line names a node that is not there.
    """
    if not steps or steps[0] != 0 or any(step < 1 for step in steps[1:]):
        raise ValueError("the first node must be the middle, and only it")
    if any(not 0 <= place < len(steps) for line in lines for place in line):
        raise ValueError("a line must join two nodes that are there")
    others = len(steps) - 1
    right, left = others - others // 2, others // 2
    rows = max(right, left, 1)
    height = rows * LINE + 2 * MARGIN + LINE
    middle = Point(WIDTH // 2, height // 2)
    nodes = [GraphNode(middle, LabelPlace(middle.x, middle.y - 16, Anchor.MIDDLE), _NODE + 3, label_letters(240))]
    for number, step in enumerate(steps[1:]):
        is_right = number < right
        row, count = (number, right) if is_right else (number - right, left)
        nodes.append(_on_arc(middle, row, count, step, is_right=is_right))
    return GraphDrawing(
        WIDTH, height, nodes, [GraphLine(nodes[one].place, nodes[other].place) for one, other in lines]
    )


def _on_arc(middle: Point, row: int, count: int, step: int, *, is_right: bool) -> GraphNode:
    from_middle = row - (count - 1) / 2
    share = from_middle / max(1.0, count / 2)
    out = round(60 + (_ARC - 60) * sqrt(1 - share * share)) + _FURTHER * (step - 1)
    side = 1 if is_right else -1
    place = Point(middle.x + side * out, round(middle.y + from_middle * LINE))
    label = LabelPlace(place.x + side * _LABEL_GAP, place.y + 5, Anchor.START if is_right else Anchor.END)
    room = WIDTH - MARGIN - label.x if is_right else label.x - MARGIN
    return GraphNode(place, label, _NODE, label_letters(room))
