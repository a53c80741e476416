"""Clusters of entities, replayed from decisions.

*Same* joins, *different* forbids, *unsure* says nothing. Nothing is stored. So an undo is the replay of what is
left, and no order of decisions leaves a trace.
"""

from collections import deque
from collections.abc import Iterable, Sequence
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


class Clusters:
    """The clusters that some decisions make.

    Raises:
        ValueError: two of these decisions contradict each other.
    """

    def __init__(self, links: Iterable[Link]) -> None:
        self._joins: dict[int, list[Link]] = {}
        self._forbidden: list[Link] = []
        self._pairs: dict[frozenset[int], Link] = {}
        for link in links:
            if self.against(link.one, link.other, link.verdict):
                raise ValueError(f"decision {link.number} contradicts an earlier one")
            self._pairs[frozenset((link.one, link.other))] = link
            if link.verdict is Verdict.SAME:
                for end in (link.one, link.other):
                    self._joins.setdefault(end, []).append(link)
            elif link.verdict is Verdict.DIFFERENT:
                self._forbidden.append(link)

    def of(self, entity: int) -> frozenset[int]:
        """All entities that are the same as this one, and itself."""
        return frozenset(self._paths(entity))

    def all(self) -> set[frozenset[int]]:
        """The clusters of two entities or more."""
        return {self.of(entity) for entity in self._joins}

    def decided(self, one: int, other: int) -> Link | None:
        """The decision on exactly this pair."""
        return self._pairs.get(frozenset((one, other)))

    def against(self, one: int, other: int, verdict: Verdict) -> Sequence[Link]:
        """The decisions that a new one would contradict, in the order in which they connect the two."""
        if verdict is Verdict.DIFFERENT:
            return self._paths(one).get(other, ())
        if verdict is Verdict.SAME:
            from_one, from_other = self._paths(one), self._paths(other)
            for link in self._forbidden:
                for first, last in ((link.one, link.other), (link.other, link.one)):
                    if first in from_one and last in from_other:
                        return [*from_one[first], link, *reversed(from_other[last])]
        return ()

    def _paths(self, start: int) -> dict[int, list[Link]]:
        """The shortest chain of *same* from an entity to each of its cluster."""
        paths: dict[int, list[Link]] = {start: []}
        waiting = deque([start])
        while waiting:
            here = waiting.popleft()
            for link in self._joins.get(here, ()):
                there = link.other if link.one == here else link.one
                if there not in paths:
                    paths[there] = [*paths[here], link]
                    waiting.append(there)
        return paths
