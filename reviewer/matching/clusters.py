"""Clusters of entities, replayed from decisions.

*Same* joins, *different* forbids, *unsure* says nothing. Nothing is stored. So an undo is the replay of what is
left, and no order of decisions leaves a trace.

One reviewer contradicts no earlier decision. Two who do not know of each other can: then no side is taken. The
*same* decisions that connect a pair which is *different* join nothing until a person undoes one of them.
"""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """A person's answer to the question if two entities are one."""

    SAME = "same"
    DIFFERENT = "different"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Link:
    """A decision that stands; ``number`` names it."""

    number: int
    one: int
    other: int
    verdict: Verdict


_Joins = Mapping[int, Sequence[Link]]


class Clusters:
    """The clusters that some decisions make, in whatever order they are given."""

    def __init__(self, links: Iterable[Link]) -> None:
        standing = sorted(links, key=lambda link: link.number)
        self._forbidden = [link for link in standing if link.verdict is Verdict.DIFFERENT]
        self._pairs = {frozenset((link.one, link.other)): link for link in reversed(standing)}
        sames = [link for link in standing if link.verdict is Verdict.SAME]
        self._all_joins = _joins(sames)
        self._joins: _Joins = self._all_joins
        self._opposite: dict[int, set[int]] = {}
        self._by_number = {link.number: link for link in standing}
        while disputed := self._disputed():
            sames = [link for link in sames if link.number not in disputed]
            self._joins = _joins(sames)

    def of(self, entity: int) -> frozenset[int]:
        """All entities that are the same as this one, and itself."""
        return frozenset(_paths(self._joins, entity))

    def perhaps(self, entity: int) -> frozenset[int]:
        """As :meth:`of`, with the entities that some reviewer calls the same and another one does not."""
        return frozenset(_paths(self._all_joins, entity))

    def all(self) -> set[frozenset[int]]:
        """The clusters of two entities or more."""
        return {self.of(entity) for entity in self._joins}

    def opposite(self) -> list[tuple[Link, list[Link]]]:
        """Each *different* decision, with the *same* decisions that say the opposite and so join nothing."""
        return [
            (self._by_number[number], [self._by_number[same] for same in sorted(sames)])
            for number, sames in sorted(self._opposite.items())
        ]

    def decided(self, one: int, other: int) -> Link | None:
        """The first decision on exactly this pair."""
        return self._pairs.get(frozenset((one, other)))

    def against(self, one: int, other: int, verdict: Verdict) -> Sequence[Link]:
        """The decisions that a new one would contradict, in the order in which they connect the two."""
        if verdict is Verdict.DIFFERENT:
            return _paths(self._all_joins, one).get(other, ())
        if verdict is Verdict.SAME:
            from_one, from_other = _paths(self._joins, one), _paths(self._joins, other)
            for link in self._forbidden:
                for first, last in ((link.one, link.other), (link.other, link.one)):
                    if first in from_one and last in from_other:
                        return [*from_one[first], link, *reversed(from_other[last])]
        return ()

    def _disputed(self) -> set[int]:
        """The *same* decisions on all shortest ways between two entities that are different."""
        found: set[int] = set()
        cluster: dict[int, int] = {}
        for entity in self._joins:
            if entity not in cluster:
                cluster |= dict.fromkeys(_paths(self._joins, entity), entity)
        for link in self._forbidden:
            if link.one not in cluster or cluster[link.one] != cluster.get(link.other):
                continue
            near, far = _steps(self._joins, link.one), _steps(self._joins, link.other)
            between = {
                same.number
                for entity, step in near.items()
                for same in self._joins[entity]
                if step + 1 + far[_end(same, entity)] == near[link.other]
            }
            self._opposite.setdefault(link.number, set()).update(between)
            found |= between
        return found


def _joins(sames: Iterable[Link]) -> _Joins:
    joins: dict[int, list[Link]] = {}
    for link in sames:
        for end in (link.one, link.other):
            joins.setdefault(end, []).append(link)
    return joins


def _paths(joins: _Joins, start: int) -> dict[int, list[Link]]:
    """The shortest chain of *same* from an entity to each of its cluster."""
    paths: dict[int, list[Link]] = {start: []}
    waiting = deque([start])
    while waiting:
        here = waiting.popleft()
        for link in joins.get(here, ()):
            there = _end(link, here)
            if there not in paths:
                paths[there] = [*paths[here], link]
                waiting.append(there)
    return paths


def _steps(joins: _Joins, start: int) -> dict[int, int]:
    return {entity: len(path) for entity, path in _paths(joins, start).items()}


def _end(link: Link, entity: int) -> int:
    return link.other if link.one == entity else link.one
