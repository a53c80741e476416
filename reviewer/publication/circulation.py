"""How far the cells of a table could differ although all published numbers stay the same.

A table with its totals is a circulation: each cell is an arc from its row to its column, each total leads back. Two
tables with the same published numbers differ by circles through arcs that were left out. So the interval of an arc
follows from two maximum flows (Cox, 1995; Castro, 2012). Published totals count as exact here, although they are
rounded: an attacker learns less than this module assumes.
"""

import heapq
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass

from reviewer.publication.counted_table import CountedTable, Place

Node = tuple[str, int]
_Room = dict[Node, dict[Node, int]]
_BOUNDLESS = 1 << 40
_FIRST, _LAST = ("row", 0), ("column", 0)


@dataclass(frozen=True, slots=True)
class _Step:
    """One way along an arc: ``limit`` is the most that can move this way."""

    place: Place
    to: Node
    limit: int


class Circulation:
    """The arcs of a table. ``values`` are counts of the published unit, totals included."""

    def __init__(self, table: CountedTable) -> None:
        self.values: Mapping[Place, int] = {place: table.value(place) for place in table.places()}
        self._ends = {place: _ends(table, place) for place in table.places()}
        self._more = {place: _more(table, place) for place in table.places()}
        self._drawn: tuple[frozenset[Place], _Room] = frozenset(), {}

    def width(self, place: Place, left_out: frozenset[Place], *, enough: int) -> int:
        """The highest minus the lowest value that a place could have, at most about ``enough`` each way."""
        tail, head = self._ends[place]
        up = _flow(self._room_beside(place, left_out), head, tail, most=min(enough, self._more[place]))
        down = _flow(self._room_beside(place, left_out), tail, head, most=min(enough, self.values[place]))
        return up + down

    def cheapest_circle(
        self, place: Place, left_out: frozenset[Place], prices: Mapping[Place, float], *, room: int
    ) -> frozenset[Place] | None:
        """The places to leave out besides, so that ``place`` can grow by ``room``; None if there is no way.

        The sum of their prices is the least there is. A place that cannot grow so far shrinks.
        """
        tail, head = self._ends[place] if self._more[place] >= room else self._ends[place][::-1]
        steps = self._steps(frozenset(self.values) - {place}, least=room)
        costs: dict[Node, float] = {head: 0}
        came: dict[Node, tuple[Node, Place]] = {}
        waiting: list[tuple[float, Node]] = [(0, head)]
        while waiting:
            cost, node = heapq.heappop(waiting)
            if node == tail:
                break
            if cost > costs[node]:
                continue
            for step in steps.get(node, ()):
                price = cost + (0 if step.place in left_out else prices[step.place])
                if price < costs.get(step.to, _BOUNDLESS):
                    costs[step.to] = price
                    came[step.to] = (node, step.place)
                    heapq.heappush(waiting, (price, step.to))
        if tail not in came:
            return None
        used, node = set(), tail
        while node != head:
            node, place_used = came[node]
            used.add(place_used)
        return frozenset(used) - left_out

    def _steps(self, places: frozenset[Place], *, least: int = 1) -> dict[Node, list[_Step]]:
        """The ways from each node: along an arc as far as it can grow, and back as far as its value goes."""
        steps: dict[Node, list[_Step]] = {}
        for place in sorted(places):
            tail, head = self._ends[place]
            if self._more[place] >= least:
                steps.setdefault(tail, []).append(_Step(place, head, self._more[place]))
            if self.values[place] >= least:
                steps.setdefault(head, []).append(_Step(place, tail, self.values[place]))
        return steps

    def _room_beside(self, place: Place, left_out: frozenset[Place]) -> _Room:
        """The room for flow on all ways over places that are left out, but for this one."""
        if self._drawn[0] != left_out:
            self._drawn = left_out, self._room(left_out)
        room = {node: dict(ways) for node, ways in self._drawn[1].items()}
        if place in left_out:
            tail, head = self._ends[place]
            if self._more[place] or self.values[place]:
                room[tail][head] -= self._more[place]
                room[head][tail] -= self.values[place]
        return room

    def _room(self, places: frozenset[Place]) -> _Room:
        room: _Room = {}
        for node, steps in self._steps(places).items():
            for step in steps:
                room.setdefault(node, {}).setdefault(step.to, 0)
                room[node][step.to] += step.limit
                room.setdefault(step.to, {}).setdefault(node, 0)
        return room


def _flow(room: _Room, start: Node, end: Node, *, most: int) -> int:
    """The maximum flow from ``start`` to ``end``, up to ``most`` (Edmonds and Karp); it uses ``room`` up."""
    total = 0
    while total < most:
        came = _shortest(room, start, end)
        if came is None:
            break
        path, node = [], end
        while node != start:
            path.append((came[node], node))
            node = came[node]
        amount = min(most - total, *(room[one][other] for one, other in path))
        for one, other in path:
            room[one][other] -= amount
            room[other][one] += amount
        total += amount
    return total


def _more(table: CountedTable, place: Place) -> int:
    """The most by which a place could grow: no bound, unless the size of its row may be known."""
    if not table.row_sizes or table.is_total(place):
        return _BOUNDLESS
    return max(0, table.row_sizes[place[0]] - table.value(place))


def _ends(table: CountedTable, place: Place) -> tuple[Node, Node]:
    """The nodes that an arc leads from and to.

    Totals of rows lead back to their row, those of columns away.
    """
    if not table.has_columns:
        return (_LAST, _FIRST) if table.is_total(place) else (_FIRST, _LAST)
    row, column = ("row", place[0]), ("column", place[1])
    is_row_of_totals = place[0] == len(table.rows)
    is_column_of_totals = place[1] == table.width
    if is_row_of_totals != is_column_of_totals:
        return column, row
    return row, column


def _shortest(room: Mapping[Node, Mapping[Node, int]], start: Node, end: Node) -> dict[Node, Node] | None:
    came: dict[Node, Node] = {}
    waiting = deque([start])
    while waiting:
        node = waiting.popleft()
        for other, limit in room.get(node, {}).items():
            if limit > 0 and other not in came and other != start:
                came[other] = node
                if other == end:
                    return came
                waiting.append(other)
    return None
