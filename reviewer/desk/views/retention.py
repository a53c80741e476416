"""How long tips are kept, and the deletions that colleagues propose."""

from flask import Blueprint, Response, request

from reviewer.cases.deletion_preview import going_of
from reviewer.cases.listing import listed
from reviewer.cases.part_proposals import (
    ShownPart,
    confirm_part,
    find_part,
    hold_part,
    show_parts_today,
    waiting_parts,
)
from reviewer.cases.proposals import ShownProposal, confirm, hold_proposal, show_today, waiting_proposals
from reviewer.cases.retention import STATUSES, add_rule, delete_listed, dry_run, remove_rule, soon
from reviewer.desk.page import home, page, typed
from reviewer.desk.views.letting_go import taken_from_members
from reviewer.desk.views.session import to
from reviewer.languages.staff_language import said, said_number
from reviewer.linking.colleagues_forgetting import (
    ShownForgetting,
    confirm_forgetting,
    find_forgetting,
    hold_forgetting,
    show_forgettings_today,
    waiting_forgettings,
)
from system.clock import today
from system.errors import ProgramError

MOST_SHOWN = 500
NOTICED = 5
ANY = "any"

views = Blueprint("retention", __name__)
views.after_request(taken_from_members)


@views.get("/retention", provide_automatic_options=False)
def show() -> Response:
    return _page()


@views.post("/retention/rule", provide_automatic_options=False)
def add() -> Response:
    """Add a rule; it deletes nothing by itself."""
    which, days = typed("which"), typed("days").strip()
    form = {ANY: None, "none": ""}.get(which, typed("form").strip())
    if which == "form" and not form:
        return _page(problem=ProgramError("the name of the form is missing"))
    if not days.isascii() or not days.isdecimal():
        return _page(problem=ProgramError("days must be a number"))
    try:
        add_rule(
            home(),
            questionnaire=form,
            status=None if typed("status") == ANY else typed("status"),
            days=int(days[:9]),
            today=today(),
        )
    except ProgramError as error:
        return _page(problem=error)
    return to("retention.show")


@views.post("/retention/rule/<int(max=1000000000):number>/remove", provide_automatic_options=False)
def remove(number: int) -> Response:
    remove_rule(home(), number, today=today())
    return to("retention.show")


@views.post("/retention/delete", provide_automatic_options=False)
def delete() -> Response:
    """Delete the list that was shown, and nothing else."""
    try:
        count = delete_listed(home(), typed("code"), today=today())
    except ProgramError as error:
        return _page(problem=error)
    return _page(told=said_number("%(num)s tip is deleted.", "%(num)s tips are deleted.", count))


@views.get("/proposals", provide_automatic_options=False)
def proposals() -> Response:
    show_today(home(), waiting_proposals(home()), today=today())
    show_parts_today(home(), waiting_parts(home()), today=today())
    show_forgettings_today(home(), today=today())
    return page(
        "proposals.html",
        proposals=waiting_proposals(home()),
        parts=waiting_parts(home()),
        forgettings=waiting_forgettings(home()),
    )


@views.get("/proposals/part/<name>", provide_automatic_options=False)
def ask_part(name: str) -> Response:
    """Show the file or answer that would go, before it is confirmed."""
    part = _named_part(name)
    return page("part_proposal.html", shown=part, lines=part.lines(home()))


@views.post("/proposals/part/<name>/confirm", provide_automatic_options=False)
def agree_to_part(name: str) -> Response:
    """The second press."""
    confirm_part(home(), _named_part(name), today=today())
    return to("retention.proposals")


@views.post("/proposals/part/<name>/hold", provide_automatic_options=False)
def keep_part(name: str) -> Response:
    hold_part(home(), _named_part(name), today=today())
    return to("retention.proposals")


@views.get("/proposals/forgetting/<name>", provide_automatic_options=False)
def ask_forgetting(name: str) -> Response:
    """Show what would be forgotten, before it is confirmed."""
    return page("forget_proposal.html", shown=_forgetting(name))


@views.post("/proposals/forgetting/<name>/confirm", provide_automatic_options=False)
def agree_to_forget(name: str) -> Response:
    """The second press."""
    confirm_forgetting(home(), _forgetting(name), today=today())
    return to("retention.proposals")


@views.post("/proposals/forgetting/<name>/hold", provide_automatic_options=False)
def keep_entity(name: str) -> Response:
    hold_forgetting(home(), _forgetting(name), today=today())
    return to("retention.proposals")


@views.get("/proposals/<name>", provide_automatic_options=False)
def ask(name: str) -> Response:
    """Show what would go, before it is confirmed."""
    chosen = _named(name)
    lines = going_of(home(), chosen.submission).lines() if chosen.submission else []
    return page("proposal.html", shown=chosen, lines=lines)


@views.post("/proposals/<name>/confirm", provide_automatic_options=False)
def agree(name: str) -> Response:
    """The second press."""
    confirm(home(), _named(name).proposal, today=today())
    return to("retention.proposals")


@views.post("/proposals/<name>/hold", provide_automatic_options=False)
def keep(name: str) -> Response:
    hold_proposal(home(), _named(name).proposal, today=today())
    return to("retention.proposals")


def notices() -> dict[str, object]:
    """For the list of tips: proposals, of which those on the page were shown today, and a reminder."""
    show_today(home(), _asked(waiting_proposals(home())), today=today())
    shown = waiting_proposals(home())
    asked = _asked(shown)
    parts = [one for one in waiting_parts(home()) if one.waiting.proposal.held_by is None][:NOTICED]
    show_parts_today(home(), parts, today=today())
    parts = [one for one in waiting_parts(home()) if one.waiting.proposal.held_by is None]
    show_forgettings_today(home(), today=today())
    forgettings = [one for one in waiting_forgettings(home()) if one.waiting.proposal.held_by is None]
    told: dict[str, object] = {"proposals": asked, "more": len(shown) - len(asked), "forgettings": forgettings}
    told |= {"parts": parts[:NOTICED], "more_parts": len(parts) - len(parts[:NOTICED])}
    return told | {"soon": soon(home(), today=today())}


def _forgetting(untrusted_name: str) -> ShownForgetting:
    found = find_forgetting(home(), untrusted_name)
    if found is None:
        raise ProgramError(said("this is a proposal to delete a tip"))
    return found


def _named_part(untrusted_name: str) -> ShownPart:
    found = find_part(home(), untrusted_name)
    if found is None:
        raise ProgramError(said("this file or answer is not here"))
    return found


def _asked(shown: list[ShownProposal]) -> list[ShownProposal]:
    return [one for one in shown if one.proposal.held_by is None][:NOTICED]


def _named(untrusted_name: str) -> ShownProposal:
    found = home().casebook.proposals.find(untrusted_name)
    for one in waiting_proposals(home()):
        if one.proposal.uuid == found.uuid:
            return one
    raise ProgramError(said("this is no proposal to delete a whole tip"))


def _page(*, problem: ProgramError | None = None, told: str = "") -> Response:
    due = dry_run(home(), today=today())
    return page(
        "retention.html",
        422 if problem else 200,
        rules=home().casebook.retention_rules.all(),
        due=due,
        due_rows=list(
            zip(due.tips, listed(home(), [one.submission.number for one in due.tips[:MOST_SHOWN]]), strict=False)
        ),
        most_shown=MOST_SHOWN,
        statuses=STATUSES,
        problem=problem,
        told=told,
        typed={name: request.form.get(name, "") for name in ("which", "form", "status", "days")},
    )
