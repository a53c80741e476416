"""The people who share this home: who there is, who comes and goes, and the own name and passphrase."""

from collections.abc import Callable

from flask import Blueprint, Response, request

from reviewer.desk.page import home, page
from reviewer.errors import HomeError
from reviewer.people.acts import (
    AFTER_REMOVAL,
    ROLES,
    add_person,
    change_passphrase,
    list_people,
    remove_person,
    rename_self,
)
from reviewer.terminal.secret_entry import require_good
from system.clock import today
from system.errors import ProgramError

ADD, REMOVE, NAME, PASSPHRASE = "add", "remove", "name", "passphrase"

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
        return [f"{name} can unlock this home now, as a {role.name.lower()}."]

    return _done(ADD, act)


@views.post("/remove", provide_automatic_options=False)
def remove() -> Response:
    """Remove one person after a tick; every key of the home is replaced before the page answers."""

    def act() -> list[str]:
        name = request.form.get("name", "")
        if "sure" not in request.form:
            raise HomeError("tick the box to remove a person")
        remove_person(home(), name, today=today())
        return [f"{name} is removed, and every key of this home is another one.", *AFTER_REMOVAL]

    return _done(REMOVE, act)


@views.post("/name", provide_automatic_options=False)
def name() -> Response:
    def act() -> list[str]:
        chosen = request.form.get("name", "").strip()
        rename_self(home(), chosen, today=today())
        return [f"The log names you {chosen} from now on."]

    return _done(NAME, act)


@views.post("/passphrase", provide_automatic_options=False)
def passphrase() -> Response:
    def act() -> list[str]:
        change_passphrase(home(), _chosen(), today=today())
        return [
            "You have a new passphrase.",
            "A copy of the old people.keys still opens with the old one, and leads to your keys.",
        ]

    return _done(PASSPHRASE, act)


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
    return page(
        "people.html",
        422 if problem else 200,
        people=list_people(home()) if is_protected else [],
        is_protected=is_protected,
        own_name=home().people.name,
        told=told or [],
        problem_at=problem_at,
        problem=problem,
    )
