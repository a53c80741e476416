"""Findings and entities for people and programs: words only where no mask hides them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, TypeVar

from crypto.primitives.canonical_json import Json
from reviewer.casebook.entities import Entity, Opening, Relation, RoleClaim, SaidRole
from reviewer.casebook.finding_readings import SAID_KINDS
from reviewer.casebook.findings import StoredFinding
from reviewer.casebook.identifier_keys import Spread
from reviewer.casebook.lasting_masks import MaskRemoval
from reviewer.casebook.submission import Submission
from reviewer.home.home import Home
from reviewer.languages.staff_language import said
from reviewer.linking.entity_work import ROLES, relation_said
from reviewer.linking.masking import Masks
from reviewer.linking.tip_texts import TextPassage
from reviewer.linking.veil import Veil
from reviewer.reading.place_readings import reading_said
from reviewer.terminal.plain_text import plain_line

_WORDS_LETTERS: Final = 60
_Reasoned = TypeVar("_Reasoned", RoleClaim, Opening, MaskRemoval)


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """One finding of a tip. With a ``mask``, ``passage`` is None and ``readings`` are empty."""

    finding: StoredFinding
    submission: Submission
    passage: TextPassage | None = field(repr=False)
    readings: Sequence[str] = field(repr=False)
    mask: str | None
    entity: str | None

    @property
    def said_readings(self) -> list[str]:
        """The readings as a person says them: a town with its country, a date without its doubled day."""
        return [reading_said(one) for one in self.readings]

    def line(self) -> str:
        """For a terminal."""
        one = self.finding
        words = self.mask if self.passage is None else plain_line(self.passage.words, limit_letters=_WORDS_LETTERS)
        readings = f"  = {' or '.join(self.said_readings)}" if self.readings else ""
        entity = f"  {self.entity}" if self.entity else ""
        return (
            f"{one.number:>6}  {self.submission.short_id}  {one.kind:<12} {one.state:<9} {words}{readings}{entity}"
        )

    def to_json(self) -> dict[str, Json]:
        """The same for programs. Of masked words it says neither the place nor the length, which tells a name."""
        one, is_shown = self.finding, self.passage is not None
        return {
            "finding": one.number,
            "tip": self.submission.short_id,
            "part": one.text.part,
            "sealed_place": one.text.sealed_place if one.text.sealed_place >= 0 else None,
            "place": one.text.place,
            "first": one.first if is_shown else None,
            "length": one.length if is_shown else None,
            "kind": one.kind,
            "reader": one.version or "a person",
            "state": str(one.state),
            "entity": self.entity,
            "masked": self.mask is not None,
            "words": self.passage.words if self.passage else None,
            "readings": list(self.readings) if self.passage else None,
        }


@dataclass(frozen=True, slots=True)
class ShownEntity:
    """One entity. With ``is_hidden`` its words, tips and relations need a reason, and are not here."""

    entity: Entity
    name: str
    is_protected: bool
    is_hidden: bool
    title: str = field(repr=False)
    findings: Sequence[ShownFinding]
    roles: Sequence[tuple[RoleClaim, str]]
    relations: Sequence[Relation]
    same: Sequence[str]
    tips: int
    mailboxes: int
    openings: Sequence[Opening]
    removals: Sequence[MaskRemoval]
    others: Mapping[int, str] = field(repr=False)
    """The names of the entities at the other ends of relations."""
    reasons: Mapping[tuple[int, SaidRole], str] = field(repr=False)
    """Those of roles, by tip and role."""

    @property
    def state(self) -> str:
        """One word for lists."""
        return "protected" if self.is_protected else "closed" if self.entity.is_closed else "open"

    def sentences(self) -> list[tuple[Relation, str]]:
        """The relations, as a page says them."""
        return [
            (one, f"{relation_said(self._called(one.entity), one.kind, self._called(one.other))}{_days(one)}")
            for one in self.relations
        ]

    def reason_of(self, claim: RoleClaim) -> str:
        """The reason of a role, with P-12 in place of the names of hidden persons."""
        return self.reasons.get((claim.submission, claim.role), "")

    def role_sentences(self) -> list[tuple[RoleClaim, str, str]]:
        """Role, tip, and the sentence: a tip says it, and not we."""
        return [
            (claim, tip, said("tip %(tip)s says: %(role)s", tip=tip, role=said(ROLES[claim.role])))
            for claim, tip in self.roles
        ]

    def line(self) -> str:
        """For a terminal."""
        counted = str(Spread(self.tips, self.mailboxes))
        title = self.state if self.is_hidden else f"{self.title}  {counted}"
        same = f"  same as {', '.join(self.same)}" if self.same else ""
        return f"{self.name:<6} {self.entity.kind:<12} {title}{same}"

    def to_json(self, *, with_findings: bool = False) -> dict[str, Json]:
        """The same for programs."""
        shown: dict[str, Json] = {
            "entity": self.name,
            "kind": self.entity.kind,
            "state": self.state,
            "name": None if self.is_hidden else self.title,
            "tips": None if self.is_hidden else self.tips,
            "mailboxes": None if self.is_hidden else self.mailboxes,
            "same": list(self.same),
        }
        if with_findings and not self.is_hidden:
            shown |= {
                "findings": [one.to_json() for one in self.findings],
                "roles": [
                    {"tip": tip, "role": str(claim.role), "because": self.reason_of(claim)}
                    for claim, tip in self.roles
                ],
                "relations": [
                    {
                        "kind": one.kind,
                        "of": self._called(one.entity),
                        "to": self._called(one.other),
                        "finding": one.finding,
                        "since": _iso(one.since),
                        "until": _iso(one.until),
                    }
                    for one in self.relations
                ],
            }
        return shown

    def _called(self, number: int) -> str:
        return self.others.get(number, self.name)


def shown_findings(
    home: Home, findings: Sequence[StoredFinding], masks: Masks, *, unmask: frozenset[int] = frozenset()
) -> list[ShownFinding]:
    """Cut the words of these findings from their tips.

    ``unmask`` are entities that were opened with a reason.
    """
    tips: dict[int, Submission] = {}
    veil = Veil(home, masks, unmask=unmask)
    shown = []
    for one in findings:
        if one.submission not in tips:
            tips[one.submission] = home.casebook.submissions.by_number(one.submission)
        submission, owner = tips[one.submission], veil.owner(one)
        mask = masks.name(owner) if owner is not None else None
        shown.append(
            ShownFinding(
                one,
                submission,
                None if mask else veil.passage(submission, one),
                [] if mask else _readings(home, one),
                mask,
                masks.name(one.entity) if one.entity is not None else None,
            )
        )
    return shown


def _readings(home: Home, finding: StoredFinding) -> list[str]:
    if finding.kind in SAID_KINDS:
        return home.casebook.finding_readings.of(finding.number)
    return [each.key for each in home.casebook.identifiers.of(finding.number)]


def shown_entity(home: Home, entity: Entity, masks: Masks, *, is_opened: bool = False) -> ShownEntity:
    """Read an entity; ``is_opened`` shows it though it is protected or closed."""
    casebook = home.casebook
    is_hidden = masks.hides(entity.number) and not is_opened
    findings = casebook.findings.of_entity(entity.number)
    unmask = frozenset({entity.number}) if is_opened else frozenset()
    shown = [] if is_hidden else shown_findings(home, findings, masks, unmask=unmask)
    own = [one for one in shown if one.finding.kind == entity.kind] or shown  # a place may be said of a person
    words = next((one.passage.words for one in own if one.passage), "")
    tips = {one.submission for one in findings}
    ids = {number: casebook.submissions.by_number(number).short_id for number in tips}
    relations = [
        one
        for one in ([] if is_hidden else casebook.entities.relations(entity.number))
        if masks.are_here(one.entity, one.other)
    ]
    roles = [] if is_hidden else casebook.entities.roles(entity.number)

    def veiled(line: _Reasoned) -> _Reasoned:
        return replace(line, because=masks.veiled(line.because, own=(entity.number,), unmask=unmask))

    ends = {number for one in relations for number in (one.entity, one.other)} - {entity.number}
    return ShownEntity(
        entity=entity,
        name=masks.name(entity.number),
        is_protected=masks.is_protected(entity.number),
        is_hidden=is_hidden,
        title="" if is_hidden else label_of(entity, masks) or plain_line(words, limit_letters=_WORDS_LETTERS),
        findings=shown,
        roles=[(one, ids[one.submission]) for one in roles],
        relations=relations,
        same=masks.same_as(entity.number),
        tips=len(tips),
        mailboxes=len({casebook.inbox_rows.thread_of(number) for number in tips}),
        openings=[] if is_hidden else [veiled(one) for one in casebook.entities.openings(entity.number)],
        removals=[] if is_hidden else [veiled(one) for one in casebook.lasting_masks.removals(entity.number)],
        others={number: _called(home, number, masks) for number in ends},
        reasons={(one.submission, one.role): veiled(one).because for one in roles},
    )


def label_of(entity: Entity, masks: Masks) -> str:
    """How staff call an entity, with P-12 in place of the names of hidden persons."""
    return masks.veiled(entity.shown_as, own=(entity.number,), unmask=frozenset({entity.number}))


def _called(home: Home, number: int, masks: Masks) -> str:
    """The name of another entity: with words only if nothing hides it."""
    other = home.casebook.entities.find(number)
    name = masks.name(number)
    return name if masks.hides(number) or not other.shown_as else f"{name} ({label_of(other, masks)})"


def _days(one: Relation) -> str:
    since = " " + said("since %(day)s", day=one.since.isoformat()) if one.since else ""
    return since + (" " + said("until %(day)s", day=one.until.isoformat()) if one.until else "")


def _iso(day: object) -> str | None:
    return str(day) if day is not None else None
