"""The people who share this home: who there is, who comes and goes, and the own name and passphrase."""

from collections.abc import Callable

from flask import Blueprint, Response, request

from reviewer.desk.page import home, page
from reviewer.errors import HomeError
from reviewer.languages.staff_language import marked, said
from reviewer.people.acts import (
    AFTER_REMOVAL,
    ROLES,
    add_person,
    change_passphrase,
    list_people,
    remove_person,
    rename_self,
)
from reviewer.people.giving import (
    LARGEST_FILE_BYTES,
    discard,
    given_tips,
    item_named,
    members,
    waiting,
)
from reviewer.people.giving import give as give_tip
from reviewer.people.giving import take_back as take_tip_back
from reviewer.people.giving import take_in as keep
from reviewer.terminal.secret_entry import require_good
from system.clock import today
from system.errors import ProgramError

ADD, REMOVE, NAME, PASSPHRASE = "add", "remove", "name", "passphrase"
GIVE, INBOX = "give", "inbox"
_ADDED = {
    "reader": marked("%(name)s can unlock this home now, as a reader."),
    "member": marked("%(name)s can unlock this home now, as a member."),
}

views = Blueprint("people", __name__, url_prefix="/people")


@views.get("", provide_automatic_options=False)
def show() -> Response:
    return _page()


@views.post("/add", provide_automatic_options=False)
def add() -> Response:
    """The new person types the passphrase here, twice."""

    def act() -> list[str]:
        role = ROLES.get(request.form.get("role", ""))
        if role is None:
            raise HomeError("choose reader or member")
        name = request.form.get("name", "").strip()
        add_person(home(), name, role, _chosen(), today=today())
        return [said(_ADDED[role.name.lower()], name=name)]

    return _done(ADD, act)


@views.post("/remove", provide_automatic_options=False)
def remove() -> Response:
    """Remove one person after a tick; every key of the home is replaced before the page answers."""

    def act() -> list[str]:
        name = request.form.get("name", "")
        if "sure" not in request.form:
            raise HomeError("tick the box to remove a person")
        remove_person(home(), name, today=today())
        return [
            said("%(name)s is removed, and every key of this home is another one.", name=name),
            *map(said, AFTER_REMOVAL),
        ]

    return _done(REMOVE, act)


@views.post("/give", provide_automatic_options=False)
def give() -> Response:
    """Give a tip to a member, or bring what that member has up to date."""

    def act() -> list[str]:
        member = request.form.get("name", "")
        submission = home().casebook.submissions.find(request.form.get("tip", "").strip())
        left_out = give_tip(home(), submission, member, today=today())
        told = [said("%(name)s has %(tip)s now, as it is today.", name=member, tip=submission.short_id)]
        if left_out:
            told.append(
                said(
                    "%(count)s files are larger than %(megabytes)s MiB and were not given.",
                    count=left_out,
                    megabytes=LARGEST_FILE_BYTES >> 20,
                )
            )
        return told

    return _done(GIVE, act)


@views.post("/take-back", provide_automatic_options=False)
def take_back() -> Response:
    def act() -> list[str]:
        member, short_id = request.form.get("name", ""), request.form.get("tip", "")
        take_tip_back(home(), short_id, member, today=today())
        return [
            said(
                "%(name)s does not have %(tip)s any more. What was saved or remembered stays.",
                name=member,
                tip=short_id,
            )
        ]

    return _done(GIVE, act)


@views.post("/take-in", provide_automatic_options=False)
def take_in() -> Response:
    """Keep what a member wrote as a note of its tip, or destroy it."""

    def act() -> list[str]:
        chosen = item_named(home(), request.form.get("item", ""))
        short_id = chosen.said.short_id
        if "destroy" in request.form:
            discard(home(), chosen, today=today())
            return [
                said(
                    "What %(name)s wrote about %(tip)s is destroyed.", name=chosen.person, tip=chosen.said.short_id
                )
            ]
        keep(home(), chosen, today=today())
        return [said("What %(name)s wrote is a note of tip %(tip)s now.", name=chosen.person, tip=short_id)]

    return _done(INBOX, act)


@views.post("/name", provide_automatic_options=False)
def name() -> Response:
    def act() -> list[str]:
        chosen = request.form.get("name", "").strip()
        rename_self(home(), chosen, today=today())
        return [said("The log names you %(name)s from now on.", name=chosen)]

    return _done(NAME, act)


@views.post("/passphrase", provide_automatic_options=False)
def passphrase() -> Response:
    def act() -> list[str]:
        change_passphrase(home(), _chosen(), today=today())
        return [
            said("You have a new passphrase."),
            said("A copy of the old people.keys still opens with the old one, and leads to your keys."),
        ]

    return _done(PASSPHRASE, act)


def has_members() -> bool:
    """True if tips can be given to members of this home."""
    return bool(members(home()))


def _chosen() -> str:
    chosen = request.form.get("passphrase", "")
    if chosen != request.form.get("again", ""):
        raise HomeError("the two passphrases differ")
    require_good(chosen)
    return chosen


def _done(form: str, act: Callable[[], list[str]]) -> Response:
    try:
        told = act()
    except ProgramError as error:
        return _page(problem_at=form, problem=error)
    return _page(told=told)


def _page(*, told: list[str] | None = None, problem_at: str = "", problem: ProgramError | None = None) -> Response:
    is_protected = home().is_protected
    items = waiting(home())
    if items:
        home().casebook.log.add("inbox of members", f"{len(items)} items", today=today())
    return page(
        "people.html",
        422 if problem else 200,
        people=list_people(home()) if is_protected else [],
        is_protected=is_protected,
        own_name=home().people.name,
        given={name: given_tips(home(), name) for name in members(home()).values()},
        inbox=items,
        told=told or [],
        problem_at=problem_at,
        problem=problem,
        give_tip=request.form.get("tip", "") or request.args.get("tip", ""),
    )
