"""Work on entities: names, roles, relations, and a look at protected ones. Each step is logged."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Final

from reviewer.casebook.entities import Entity, SaidRole
from reviewer.casebook.finding_readings import PLACE
from reviewer.casebook.findings import FindingState
from reviewer.casebook.link_operations import PEOPLE
from reviewer.casebook.submission import Submission
from reviewer.cases.marking import own_name, plain_name
from reviewer.home.home import Home
from reviewer.languages.staff_language import marked, said
from reviewer.linking.mask_removal import end_lasting_masks, masks_end_with_reason, required_reason
from reviewer.linking.masking import Masks
from reviewer.linking.present_places import let_go_of_present_places, require_region_for_relation
from reviewer.sharing.link_appliers import NAME_LETTERS, REASON_LETTERS
from reviewer.sharing.link_record import say_closed, say_name, say_relation, say_role
from system.errors import ProgramError

RECRUITED_IN, EXPLOITED_IN = "recruited-in", "exploited-in"
RELATIONS: Final[Mapping[str, str]] = {
    "uses": marked("uses"),
    "owns": marked("owns"),
    "works-for": marked("works for"),
    "recruited-by": marked("was recruited by"),
    RECRUITED_IN: marked("was recruited in"),
    EXPLOITED_IN: marked("was exploited in"),
    "lives-at": marked("lives at"),
    "travelled-with": marked("travelled with"),
    "travelled-to": marked("travelled to"),
    "seen-at": marked("was seen at"),
    "advertised-in": marked("is advertised in"),
    "knows": marked("knows"),
}
"""The kinds of relations, and how a page says them."""

_OF_PLACES: Final = frozenset({RECRUITED_IN, EXPLOITED_IN})
"""Relations that lead to a place, so that a table can count by its region."""

ROLES: Final[Mapping[SaidRole, str]] = {
    SaidRole.HARMED: marked("was harmed"),
    SaidRole.DOES_HARM: marked("does harm"),
    SaidRole.HELPS: marked("helps"),
    SaidRole.SAW: marked("saw it"),
}
NON_PUNISHMENT: Final = (
    "a tip says that this person was harmed; people are made to recruit and to guard others, and must not be"
    " punished for what they were forced to do"
)


def relation_said(one: str, kind: str, other: str) -> str:
    """A relation between two names as a sentence, in the language of staff."""
    return f"{one} {said(RELATIONS.get(kind, kind))} {other}"


def name_entity(home: Home, number: int, name: str, *, today: dt.date) -> None:
    """Name an entity; an empty name shows the words of its first finding.

    Raises:
        ProgramError: no such entity, or a name that is too long or has letters that cannot be seen.
    """
    home.casebook.entities.find(number)
    name = plain_name(name, "the name of an entity", NAME_LETTERS)
    with home.casebook.changing():
        home.casebook.entities.name(number, name)
        say_name(home, number, today=today)
        home.casebook.log.add("entity named", f"E-{number}", today=today)


def add_role(
    home: Home, number: int, submission: Submission, role: SaidRole, *, because: str = "", today: dt.date
) -> None:
    """Note that a tip gives an entity a role.

    Raises:
        ProgramError: no such entity, no person or organisation, none of its findings stands in this tip, or a
            harmed person is said to do harm without a reason.
    """
    entity = home.casebook.entities.find(number)
    because = plain_name(because, "a reason", REASON_LETTERS)
    if entity.kind not in PEOPLE:
        raise ProgramError(f"E-{number} is of the kind {entity.kind}: only a person or an organisation has a role")
    if not any(one.submission == submission.number for one in home.casebook.findings.of_entity(number)):
        raise ProgramError(
            f"tip {submission.short_id} says nothing of E-{number}: none of its kept findings stands there",
            hint="keep a finding of that tip with --to first",
        )
    with home.casebook.changing():
        if role is SaidRole.DOES_HARM and not because and Masks(home).is_protected(number):
            raise ProgramError(NON_PUNISHMENT, hint="--because REASON notes the role all the same")
        home.casebook.entities.add_role(number, submission.number, role, because=because, today=today)
        say_role(home, number, submission, role, is_said=True, because=because, today=today)
        let_go_of_present_places(home, today=today)
        home.casebook.log.add("role", f"E-{number}, {submission.short_id}, {role}", today=today)


def remove_role(
    home: Home, number: int, submission: Submission, role: SaidRole, *, because: str = "", today: dt.date
) -> None:
    """Take a role back. With the last word that a person was harmed, a mask that outlived a tip ends too.

    Raises:
        ProgramError: the tip does not give it, or no reason is given for a person who would not be masked any more.
    """
    if role is SaidRole.HARMED:
        because = required_reason(because)
    with home.casebook.changing():
        if not home.casebook.entities.remove_role(number, submission.number, role):
            raise ProgramError(f"tip {submission.short_id} does not give E-{number} this role")
        say_role(home, number, submission, role, is_said=False, because=because, today=today)
        home.casebook.log.add("role taken back", f"E-{number}, {submission.short_id}, {role}", today=today)
        cluster = Masks(home).clusters.perhaps(number)
        if role is SaidRole.HARMED:
            home.casebook.lasting_masks.note_removal(
                number, submission.number, because, reviewer=own_name(home), today=today
            )
            if cluster.isdisjoint(home.casebook.entities.with_role(role)):
                end_lasting_masks(home, cluster, number, because, today=today)


def close_entity(home: Home, number: int, *, is_closed: bool, today: dt.date) -> None:
    """Close an entity, so that a reason is needed to see it; or undo that.

    Raises:
        ProgramError: no such entity.
    """
    home.casebook.entities.find(number)
    with home.casebook.changing():
        home.casebook.entities.set_closed(number, is_closed=is_closed)
        say_closed(home, number, today=today)
        home.casebook.log.add(
            "entity closed" if is_closed else "entity no longer closed", f"E-{number}", today=today
        )


def open_entity(home: Home, number: int, because: str, *, today: dt.date) -> Entity:
    """Note that a person looks at a protected or closed entity, and why; the log has the number.

    Raises:
        ProgramError: no such entity, or no reason.
    """
    if home.casebook.entities.id_of(number) is None and number in home.casebook.lasting_masks.over_passages():
        raise ProgramError(
            f"P-{number} is gone with its last tip, and is not opened: remove the mask, with a reason",
            hint="tipline-review entities unmask",
        )
    entity = home.casebook.entities.find(number)
    because = plain_name(because, "a reason", REASON_LETTERS)
    if not because:
        raise ProgramError("a protected or closed entity is opened with a reason")
    with home.casebook.changing():
        home.casebook.entities.note_opening(number, because, reviewer=own_name(home), today=today)
        home.casebook.log.add("entity opened", f"E-{number}", today=today)
    return entity


def open_each(home: Home, numbers: Iterable[int], reasons: Mapping[int, str], *, today: dt.date) -> None:
    """Note a look at several protected or closed entities at once, each with a reason of its own.

    Raises:
        ProgramError: one has no reason, or a reason is for another entity; it is named, and nothing is noted.
    """
    asked = dict.fromkeys(numbers)
    for other in sorted(reasons.keys() - asked):
        raise ProgramError(f"E-{other} is not hidden here, and needs no reason")
    with home.casebook.changing():
        for number in asked:
            if not reasons.get(number, "").strip():
                name = Masks(home).name(number)
                raise ProgramError(f"{name} is shown only with a reason of its own")
            open_entity(home, number, reasons[number], today=today)


def relate(
    home: Home,
    number: int,
    kind: str,
    other: int,
    *,
    finding: int,
    since: dt.date | None = None,
    until: dt.date | None = None,
    because: str = "",
    today: dt.date,
) -> None:
    """Relate two entities, with the kept finding whose passage says so.

    Raises:
        ProgramError: no such entity or kind, the finding is not kept or of neither of them, it is there already, it
            says where a harmed person is now, or a mask would end by it and no reason is given.
    """
    if kind not in RELATIONS:
        raise ProgramError(f"a relation must be one of: {', '.join(RELATIONS)}")
    casebook = home.casebook
    for one in (number, other):
        casebook.entities.find(one)
    if number == other:
        raise ProgramError("a relation needs two entities")
    if kind in _OF_PLACES and casebook.entities.kind_of(other) != PLACE:
        raise ProgramError(f"{kind} leads to a place", hint="keep the place as an entity of its own")
    if since is not None and until is not None and until < since:
        raise ProgramError("the last day of a relation must not be before its first")
    evidence = casebook.findings.find(finding)
    if evidence.state is not FindingState.KEPT or evidence.entity not in (number, other):
        raise ProgramError(
            f"finding {finding} must be a kept finding of E-{number} or E-{other}",
            hint="it is the passage that says so",
        )
    require_region_for_relation(home, number, kind, other, until=until, today=today)
    with masks_end_with_reason(home, because, today=today):
        if not casebook.entities.relate(
            number, kind, other, finding=finding, since=since, until=until, today=today
        ):
            raise ProgramError("this relation is there already")
        say_relation(home, number, kind, other, finding=finding, since=since, until=until, today=today)
        casebook.log.add("related", f"E-{number}, {kind}, E-{other}", today=today)


def unrelate(home: Home, number: int, kind: str, other: int, *, because: str = "", today: dt.date) -> None:
    """Remove a relation.

    Raises:
        ProgramError: there is none, or a mask would end by it and no reason is given.
    """
    with masks_end_with_reason(home, because, today=today):
        known = home.casebook.entities.relation(number, kind, other)
        if known is None:
            raise ProgramError(f"E-{number} has no such relation to E-{other}")
        home.casebook.entities.unrelate(number, kind, other)
        say_relation(home, number, kind, other, finding=known.finding, is_said=False, today=today)
        home.casebook.log.add("relation removed", f"E-{number}, {kind}, E-{other}", today=today)
