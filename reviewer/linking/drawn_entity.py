"""The rows of graph, timeline and map of one entity: each drawing has the content of its table.

A hidden entity has no rows until it is opened with a reason. Other entities that are hidden show as P-12, without
words, and nothing behind them is followed.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from reviewer.casebook.entities import Entity, Relation
from reviewer.casebook.finding_readings import DATE, PLACE
from reviewer.casebook.findings import StoredFinding
from reviewer.drawing.layout import MOST_NODES, shown_and_left_out
from reviewer.home.home import Home
from reviewer.languages.staff_language import marked, said
from reviewer.linking.consent_work import Permissions
from reviewer.linking.entity_work import RELATIONS, relation_said
from reviewer.linking.masking import Masks
from reviewer.linking.money_lines import NEVER_SAID
from reviewer.linking.places_leaving import may_be_present
from reviewer.linking.shown_findings import shown_entity
from reviewer.linking.tip_texts import text_by_place, words_of
from reviewer.terminal.plain_text import plain_line
from system.errors import ProgramError

TITLE_LETTERS: Final = 60
_SAME, _IN_ONE_TIP = marked("is the same as"), marked("stands in one tip with")
_MOST_TIPS: Final = 200


@dataclass(frozen=True, slots=True)
class DrawnNode:
    """An entity of a graph; without a ``title`` its words are hidden. ``step`` is 0 for the middle."""

    number: int
    name: str
    kind: str
    title: str = field(repr=False)
    step: int = 0


@dataclass(frozen=True, slots=True)
class DrawnLine:
    """A relation between two nodes by their places in the list."""

    one: int
    says: str
    other: int


@dataclass(frozen=True, slots=True)
class EntityGraph:
    """Nodes and lines; ``left_out`` is the number of further entities."""

    nodes: Sequence[DrawnNode]
    lines: Sequence[DrawnLine]
    left_out: int


@dataclass(frozen=True, slots=True)
class TimeRow:
    """A day or a span; ``tip`` is empty for a relation. A tip may arrive long after what it tells."""

    says: str = field(repr=False)
    first: dt.date
    last: dt.date
    tip: str = ""
    is_arrival: bool = False


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A place with its readings; ``is_coarse`` if it is drawn as its country only."""

    says: str = field(repr=False)
    readings: Sequence[str]
    tip: str
    is_coarse: bool


class EntityRows:
    """The rows of one entity and of those that are the same.

    Raises:
        ProgramError: no such entity, or it is hidden and was not opened. With ``may_be_hidden`` the caller asks for
            nothing but its name until it is opened.
    """

    def __init__(
        self, home: Home, number: int, *, is_opened: bool = False, may_be_hidden: bool = False, today: dt.date
    ) -> None:
        self._home, self._today, self._is_opened = home, today, is_opened
        self._masks = Masks(home)
        self._permissions = Permissions(home, self._masks)
        self.entity = home.casebook.entities.find(number)
        if self.is_hidden and not is_opened and not may_be_hidden:
            raise ProgramError(
                f"{self._masks.name(number)} is protected or closed, so it is not drawn",
                hint="open it with a reason",
            )
        cluster = sorted(self._masks.clusters.of(number), key=lambda one: (one != number, one))
        self.members = [
            one
            for one in cluster
            if one == number or (self._masks.are_here(number, one) and not self._masks.hides(one))
        ]

    @property
    def is_hidden(self) -> bool:
        """True if the entity is protected or closed."""
        return self._masks.hides(self.entity.number)

    @property
    def is_protected(self) -> bool:
        """True if a tip calls this entity harmed."""
        return self._masks.is_protected(self.entity.number)

    @property
    def name(self) -> str:
        """E-12, or P-12."""
        return self._masks.name(self.entity.number)

    def title(self, entity: Entity) -> str:
        """The words of an entity, or nothing where they are hidden."""
        is_opened = self._is_opened and entity.number == self.entity.number
        if self._masks.hides(entity.number) and not is_opened:
            return ""
        return plain_line(
            shown_entity(self._home, entity, self._masks, is_opened=is_opened).title, limit_letters=TITLE_LETTERS
        )

    def graph(self, *, steps: int = 1, without_hidden: bool = False) -> EntityGraph:
        """The entity and its neighbours; with two steps theirs as well."""
        reached = dict.fromkeys(self.members, 0)
        says: dict[tuple[int, int], list[str]] = {}
        edge: Sequence[int] = self.members
        for step in range(1, steps + 1):
            for number in edge:
                for one, words, other in self._neighbours(number, for_file=without_hidden):
                    words_here = says.setdefault((one, other), [])
                    if words not in words_here:
                        words_here.append(words)
                    for reachable in (one, other):
                        reached.setdefault(reachable, step)
            edge = [one for one, at in reached.items() if at == step and not self._masks.hides(one)]
        if without_hidden:
            reached = {one: step for one, step in reached.items() if not self.stays(one)}
        ordered = sorted(reached, key=lambda one: (one != self.entity.number, reached[one], one))
        shown, left_out = shown_and_left_out(ordered, MOST_NODES + 1)
        places = {number: place for place, number in enumerate(shown)}
        for first in self.members[1:]:
            says.setdefault((self.entity.number, first), []).insert(0, said(_SAME))
        lines = [
            DrawnLine(places[one], ", ".join(words), places[other])
            for (one, other), words in sorted(says.items())
            if one in places and other in places
        ]
        return EntityGraph([self._node(one, reached[one]) for one in shown], lines, left_out)

    def stays(self, number: int) -> bool:
        """True if an entity is in no file: it is protected or closed, or the person withdrew."""
        return self._masks.hides(number) or self._permissions.is_withdrawn(number, "")

    def timeline(self, *, without_hidden: bool = False) -> list[TimeRow]:
        """Days that are told of the entity, relations with a day, and the days on which its tips came."""
        rows: list[TimeRow] = []
        for finding in self._findings():
            if finding.kind == DATE:
                rows += self._told(finding)
        for relation in self._relations(for_file=without_hidden):
            if relation.since or relation.until:
                first, last = relation.since or relation.until, relation.until or relation.since
                if first is not None and last is not None:
                    rows.append(TimeRow(self._sentence(relation), first, last))
        tips = dict.fromkeys(one.submission for one in self._findings())
        for number in list(tips)[:_MOST_TIPS]:
            tip = self._home.casebook.submissions.by_number(number)
            if tip.day is not None:
                says = said("tip %(tip)s arrived", tip=tip.short_id)
                rows.append(TimeRow(says, tip.day, tip.day, tip.short_id, is_arrival=True))
        return sorted(rows, key=lambda one: (one.first, one.last, one.is_arrival, one.says))

    def places(self, *, without_hidden: bool = False) -> list[PlaceRow]:
        """Places that are said of the entity, and places to which it is related."""
        rows = [
            PlaceRow(self._words(one), self._readings(one), self._tip(one), is_coarse=self.is_protected)
            for one in self._findings()
            if one.kind == PLACE
        ]
        for relation in self._relations(for_file=without_hidden):
            other = relation.other if relation.entity in self.members else relation.entity
            entity = self._home.casebook.entities.find(other)
            if entity.kind != PLACE:
                continue
            is_coarse = self.is_protected and may_be_present(relation, self._today)
            if self._masks.hides(other):
                rows.append(PlaceRow(self._sentence(relation), [], "", is_coarse=is_coarse))
                continue
            says = self._sentence(relation)
            rows += [
                PlaceRow(f"{says}: {self._words(one)}", self._readings(one), self._tip(one), is_coarse=is_coarse)
                for one in self._home.casebook.findings.of_entity(other)
            ]
        return rows

    def _node(self, number: int, step: int) -> DrawnNode:
        entity = self._home.casebook.entities.find(number)
        return DrawnNode(number, self._masks.name(number), entity.kind, self.title(entity), step)

    def _neighbours(self, number: int, *, for_file: bool) -> Iterator[tuple[int, str, int]]:
        """Relations of an entity, and entities that stand in one tip with it unless one is hidden.

        A file has only relations that may leave in a referral too.
        """
        casebook = self._home.casebook
        for relation in self._relations_of(number):
            if not (for_file and self._relation_stays(relation)):
                yield relation.entity, said(RELATIONS.get(relation.kind, relation.kind)), relation.other
        if for_file:
            return
        tips = dict.fromkeys(one.submission for one in casebook.findings.of_entity(number))
        for tip in list(tips)[:_MOST_TIPS]:
            for one in casebook.findings.of(tip):
                if one.entity is not None and one.entity != number and not self._masks.hides(one.entity):
                    yield min(number, one.entity), said(_IN_ONE_TIP), max(number, one.entity)

    def _findings(self) -> list[StoredFinding]:
        return [one for number in self.members for one in self._home.casebook.findings.of_entity(number)]

    def _relations(self, *, for_file: bool) -> list[Relation]:
        found = [one for number in self.members for one in self._relations_of(number)]
        if for_file:
            found = [one for one in found if not self._relation_stays(one)]
        return list({one.number: one for one in found}.values())

    def _relation_stays(self, one: Relation) -> bool:
        return one.kind in NEVER_SAID or any(self.stays(number) for number in (one.entity, one.other))

    def _relations_of(self, number: int) -> list[Relation]:
        found = self._home.casebook.entities.relations(number)
        return [one for one in found if self._masks.are_here(one.entity, one.other)]

    def _sentence(self, relation: Relation) -> str:
        names = [self._masks.name(one) for one in (relation.entity, relation.other)]
        return relation_said(names[0], relation.kind, names[1])

    def _told(self, finding: StoredFinding) -> Iterator[TimeRow]:
        readings = self._readings(finding)
        for place, reading in enumerate(readings):
            first, _, last = reading.partition("/")
            says = self._words(finding)
            if len(readings) > 1:
                says = said("%(words)s (reading %(number)s)", words=says, number=place + 1)
            yield TimeRow(says, dt.date.fromisoformat(first), dt.date.fromisoformat(last), self._tip(finding))

    def _readings(self, finding: StoredFinding) -> Sequence[str]:
        return self._home.casebook.finding_readings.of(finding.number)

    def _words(self, finding: StoredFinding) -> str:
        submission = self._home.casebook.submissions.by_number(finding.submission)
        words = words_of(text_by_place(self._home, submission), finding)
        return plain_line(" ".join(words.split()), limit_letters=TITLE_LETTERS)

    def _tip(self, finding: StoredFinding) -> str:
        return self._home.casebook.submissions.by_number(finding.submission).short_id
