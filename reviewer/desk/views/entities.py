"""Entities: their list, the page of one, and what staff say about it."""

from collections.abc import Callable

from flask import Blueprint, Response, request, url_for

from reviewer.casebook.entities import Entity, SaidRole
from reviewer.casebook.link_operations import PEOPLE
from reviewer.casebook.submission import Submission
from reviewer.cases.marking import parse_day
from reviewer.desk.page import home, page, typed
from reviewer.desk.stale_form import require_no_conflict, typed_fields
from reviewer.linking.entity_work import (
    RELATIONS,
    ROLES,
    add_role,
    close_entity,
    name_entity,
    open_each,
    open_entity,
    relate,
    remove_role,
    unrelate,
)
from reviewer.linking.forgetting import doomed_of, forget_entity
from reviewer.linking.link_decisions import SecondLook, decide, opposite_lines, undo
from reviewer.linking.mask_removal import lasting_mask_count, mask_lasts
from reviewer.linking.masking import Masks, entity_number
from reviewer.linking.shown_findings import label_of, shown_entity
from reviewer.matching.clusters import Verdict
from reviewer.sharing.link_appliers import NAME_LETTERS, REASON_LETTERS
from system.clock import today
from system.errors import ProgramError

_MOST_LISTED = 100
"""More take longer than a page may; the command lists all."""
_NUMBER = "<int(max=1000000000):number>"
LEAVE, WHOLE_TIP = "leave", "whole-tip"
views = Blueprint("entities", __name__)


@views.get("/entities", provide_automatic_options=False)
def show_all() -> Response:
    """The newest entities."""
    masks = Masks(home())
    shown = [shown_entity(home(), one, masks) for one in home().casebook.entities.all(most=_MOST_LISTED)]
    home().casebook.log.add("entities", f"{len(shown)} entities", today=today())
    return page(
        "entities.html",
        entities=shown,
        most=_MOST_LISTED,
        opposite=opposite_lines(masks),
        lasting=lasting_mask_count(home()),
    )


@views.get(f"/entity/{_NUMBER}", provide_automatic_options=False)
def show(number: int) -> Response:
    home().casebook.log.add("entity show", f"E-{number}", today=today())
    return entity_page(number)


@views.post(f"/entity/{_NUMBER}/open", provide_automatic_options=False)
def open_once(number: int) -> Response:
    """Show a protected or closed entity on this one page, with a reason."""
    try:
        open_entity(home(), number, typed("because"), today=today())
    except ProgramError as error:
        return entity_page(number, problem=("open", error))
    return entity_page(number, is_opened=True)


@views.post(f"/entity/{_NUMBER}/name", provide_automatic_options=False)
def name(number: int) -> Response:
    def act() -> None:
        entity = home().casebook.entities.find(number)
        fields = typed_fields({"name": label_of(entity, Masks(home()))})
        require_no_conflict(fields)
        if fields["name"].is_changed:
            name_entity(home(), number, fields["name"].typed, today=today())

    return _done(number, "name", act)


@views.post(f"/entity/{_NUMBER}/close", provide_automatic_options=False)
def close(number: int) -> Response:
    is_closed = "undo" not in request.form
    return _done(number, "close", lambda: close_entity(home(), number, is_closed=is_closed, today=today()))


@views.post(f"/entity/{_NUMBER}/role", provide_automatic_options=False)
def role(number: int) -> Response:
    """Note what a tip says of this entity, or take it back."""

    def act() -> None:
        tip = home().casebook.submissions.find(typed("tip"))
        wanted = _role(typed("role"))
        if "undo" in request.form:
            remove_role(home(), number, tip, wanted, because=typed("because"), today=today())
        else:
            add_role(home(), number, tip, wanted, because=typed("because"), today=today())

    return _done(number, "role", act)


@views.post(f"/entity/{_NUMBER}/relate", provide_automatic_options=False)
def relation(number: int) -> Response:
    """Relate this entity to another one, or remove a relation."""

    def act() -> None:
        if "undo" in request.form:
            found = [one for one in home().casebook.entities.relations(number) if str(one.number) == typed("undo")]
            for one in found:
                unrelate(home(), one.entity, one.kind, one.other, because=typed("because"), today=today())
            return
        since, until = (parse_day(typed(day)) if typed(day) else None for day in ("since", "until"))
        relate(
            home(),
            number,
            typed("kind"),
            entity_number(typed("other")),
            finding=int(typed("finding")) if typed("finding").isdecimal() else 0,
            since=since,
            until=until,
            because=typed("because"),
            today=today(),
        )

    return _done(number, "relate", act)


@views.post(f"/entity/{_NUMBER}/decide", provide_automatic_options=False)
def link(number: int) -> Response:
    """Decide on this entity and another one. Some decisions are asked twice."""
    try:
        decide(
            home(),
            number,
            entity_number(typed("other")),
            verdict_of(typed("verdict")),
            because=typed("because"),
            against=typed("against"),
            is_sure=bool(typed("other")) and request.form.get("sure") == typed("other"),
            today=today(),
        )
    except ProgramError as error:
        return entity_page(number, problem=("decide", error))
    return _to(number)


@views.post(f"/entity/{_NUMBER}/undo/<int(max=1000000000):decision>", provide_automatic_options=False)
def undo_link(number: int, decision: int) -> Response:
    return _done(number, "decide", lambda: undo(home(), decision, because=typed("because"), today=today()))


@views.get(f"/entity/{_NUMBER}/forget", provide_automatic_options=False)
def ask_to_forget(number: int) -> Response:
    """Show each passage and what would go; nothing is changed."""
    home().casebook.log.add("forgetting previewed", f"E-{number}", today=today())
    return _forgetting(number)


@views.post(f"/entity/{_NUMBER}/forget/look", provide_automatic_options=False)
def look_to_forget(number: int) -> Response:
    """The same with the words of protected or closed entities, for a reason."""
    try:
        hidden = doomed_of(home(), number).hidden
        open_each(home(), hidden, dict.fromkeys(hidden, typed("because")), today=today())
    except ProgramError as error:
        return _forgetting(number, problem=error)
    return _forgetting(number, is_opened=True)


@views.post(f"/entity/{_NUMBER}/forget", provide_automatic_options=False)
def forget(number: int) -> Response:
    """The second press."""
    chosen = {
        int(key.removeprefix("passage-")): value
        for key, value in request.form.items()
        if key.startswith("passage-") and key.removeprefix("passage-").isdecimal()
    }
    try:
        forget_entity(
            home(),
            number,
            leave=[one for one, fate in chosen.items() if fate == LEAVE],
            whole_tips=[one for one, fate in chosen.items() if fate == WHOLE_TIP],
            today=today(),
        )
    except ProgramError as error:
        return _forgetting(number, problem=error)
    return Response(status=303, headers={"Location": url_for("entities.show_all")})


def _done(number: int, where: str, act: Callable[[], object]) -> Response:
    try:
        act()
    except ProgramError as error:
        return entity_page(number, problem=(where, error))
    return _to(number)


def entity_page(
    number: int, *, is_opened: bool = False, problem: tuple[str, ProgramError] | None = None
) -> Response:
    """The page of an entity; ``problem`` has the part of the page that it belongs to."""
    casebook = home().casebook
    masks = Masks(home())
    entity = casebook.entities.find(number)
    shown = shown_entity(home(), entity, masks, is_opened=is_opened)
    return page(
        "entity.html",
        200 if problem is None else 422,
        shown=shown,
        label=label_of(entity, masks),
        is_opened=is_opened,
        tips=_tips(entity),
        decisions=[
            (one, masks.reason(one, unmask=frozenset({number}) if is_opened else frozenset()))
            for one in ([] if shown.is_hidden else casebook.decisions.of(number))
            if masks.are_here(one.one, one.other)
        ],
        masks=masks,
        removals=shown.removals,
        mask_lasts=mask_lasts(home(), masks.clusters.perhaps(number)),
        opposite=opposite_lines(masks, of=shown.name),
        roles=ROLES,
        relations=RELATIONS,
        is_person=entity.kind in PEOPLE,
        verdicts=list(Verdict),
        problem_at=problem[0] if problem else "",
        problem=problem[1] if problem else None,
        is_second=problem is not None and isinstance(problem[1], SecondLook),
        typed=request.form,
        name_letters=NAME_LETTERS,
        reason_letters=REASON_LETTERS,
    )


def _tips(entity: Entity) -> list[Submission]:
    numbers = dict.fromkeys(one.submission for one in home().casebook.findings.of_entity(entity.number))
    return [home().casebook.submissions.by_number(number) for number in numbers]


def _forgetting(number: int, *, is_opened: bool = False, problem: ProgramError | None = None) -> Response:
    doomed = doomed_of(home(), number)
    is_hidden = bool(doomed.hidden) and not is_opened
    return page(
        "forget.html",
        200 if problem is None else 422,
        number=number,
        name=Masks(home()).name(number),
        doomed=doomed.masked() if is_hidden else doomed,
        is_hidden=is_hidden,
        reason_letters=REASON_LETTERS,
        problem=problem,
        leave=LEAVE,
        whole_tip=WHOLE_TIP,
    )


def _role(word: str) -> SaidRole:
    try:
        return SaidRole(word)
    except ValueError as error:
        raise ProgramError(f"a role must be one of: {', '.join(SaidRole)}") from error


def verdict_of(word: str) -> Verdict:
    """The answer that a button says.

    Raises:
        ProgramError: it is none.
    """
    try:
        return Verdict(word)
    except ValueError as error:
        raise ProgramError("choose one: the same, different, or not sure") from error


def _to(number: int) -> Response:
    return Response(status=303, headers={"Location": url_for("entities.show", number=number)})
