"""Place codes at the desk: groups of facilities, where cards are handed out, and cards to print."""

import re

from flask import Blueprint, Response, request, url_for

from reviewer.casebook.place_groups import PlaceGroup
from reviewer.casebook.submission import Submission
from reviewer.desk.page import home, page, typed
from reviewer.facilities import place_codes
from system.clock import today
from system.errors import ProgramError

views = Blueprint("place_codes", __name__, url_prefix="/supply/codes")


@views.get("", provide_automatic_options=False)
def overview() -> Response:
    """All groups, a form to look up a code, and one to make a group."""
    return _overview(code=request.args.get("code", ""))


@views.post("/make", provide_automatic_options=False)
def make() -> Response:
    """Make a group."""
    try:
        made = place_codes.make_group(home(), typed("name"), typed("facilities").split(), today=today())
    except ProgramError as error:
        return _overview(problem=error)
    return _to(made.group.name)


@views.get("/<name>", provide_automatic_options=False)
def show(name: str) -> Response:
    """One group: its code, its places, and where cards are handed out."""
    return _show(name)


@views.post("/<name>/add", provide_automatic_options=False)
def add(name: str) -> Response:
    """Add facilities to the group."""
    try:
        place_codes.add_places(home(), name, typed("facilities").split(), today=today())
    except ProgramError as error:
        return _show(name, problem=error)
    return _to(name)


@views.post("/<name>/hand-out", provide_automatic_options=False)
def hand_out(name: str) -> Response:
    """Record where cards are handed out: exactly at the ticked facilities."""
    try:
        group = place_codes.group_page(home(), name).group
        ticked = set(request.form.getlist("at")) & {f"F-{number}" for number in group.facilities}
        ended = {f"F-{number}" for number in group.hands_out} - ticked
        if ticked:
            place_codes.hand_out(home(), name, sorted(ticked), today=today())
        if ended:
            place_codes.hand_out(home(), name, sorted(ended), ended=True, today=today())
    except ProgramError as error:
        return _show(name, problem=error)
    return _to(name)


@views.post("/<name>/retire", provide_automatic_options=False)
def retire(name: str) -> Response:
    """Print no more cards of the group."""
    try:
        place_codes.retire_group(home(), name, today=today())
    except ProgramError as error:
        return _show(name, problem=error)
    return _to(name)


@views.post("/<name>/cards", provide_automatic_options=False)
def cards(name: str) -> Response:
    """The cards, to print from the browser."""
    with_address = typed("with_address") == "yes"
    if with_address and not typed("address").strip():
        missing = ProgramError("the address of the site is missing", hint="or choose cards without it")
        return _show(name, problem=missing)
    sheets = int(typed("sheets")) if re.fullmatch("[0-9]{1,3}", typed("sheets").strip()) else 0
    address = typed("address") if with_address else ""
    try:
        made = place_codes.cards_of(home(), name, sheets=sheets, address=address, today=today())
    except ProgramError as error:
        return _show(name, problem=error)
    return page("place_cards.html", group=name.upper(), cards=made, sheet=place_codes.CARDS_OF_A_SHEET)


def cards_in(submission: Submission) -> list[tuple[str, PlaceGroup | None]]:
    """For the page of a tip: each code of a card in it, and the group that it means, if any."""
    codes = place_codes.codes_in(home().casebook, submission)
    return [(code, place_codes.group_of_code(home().casebook, code)) for code in codes]


def _overview(*, code: str = "", problem: ProgramError | None = None) -> Response:
    found = None
    if code.strip() and problem is None:
        try:
            group = place_codes.group_of_code(home().casebook, code)
            found = place_codes.group_page(home(), group.name) if group else None
        except ProgramError as error:
            problem = error
    return page(
        "place_codes.html",
        200 if problem is None else 422,
        groups=place_codes.all_groups(home()),
        code=code,
        found=found,
        fewest=place_codes.FEWEST_PLACES,
        typed_name=request.form.get("name", ""),
        typed_facilities=request.form.get("facilities", ""),
        problem=problem,
    )


def _show(name: str, *, problem: ProgramError | None = None) -> Response:
    return page(
        "place_group.html",
        200 if problem is None else 422,
        shown=place_codes.group_page(home(), name),
        fewest=place_codes.FEWEST_HANDING_OUT,
        fewest_places=place_codes.FEWEST_PLACES,
        most_sheets=place_codes.MOST_SHEETS,
        typed_facilities=request.form.get("facilities", ""),
        typed_address=request.form.get("address", ""),
        problem=problem,
    )


def _to(name: str) -> Response:
    return Response(status=303, headers={"Location": url_for("place_codes.show", name=name)})
