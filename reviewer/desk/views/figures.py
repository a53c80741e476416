"""Pages without forms: a conversation to print, and the numbers for the team."""

from flask import Blueprint, Response, request

from reviewer.cases.conversation import conversation_of
from reviewer.cases.team_numbers import shown, team_numbers
from reviewer.cases.transcript import ACT
from reviewer.desk.page import home, mailbox_names, page
from reviewer.desk.shown_tip import shown_tip
from system.clock import today

views = Blueprint("figures", __name__)


@views.get("/tip/<short_id>/print", provide_automatic_options=False)
def print_tip(short_id: str) -> Response:
    """The whole conversation of a tip, for paper: no form, no mailbox, no language of the page."""
    submission = home().casebook.submissions.find(short_id)
    thread = conversation_of(home(), submission)
    tips = {one.number: shown_tip(home(), one, names=mailbox_names(), is_chosen=True) for one in thread.submissions}
    home().casebook.log.add(ACT, " ".join(one.short_id for one in thread.submissions), today=today())
    return page(
        "print.html",
        chosen=submission,
        thread=thread,
        tips=tips,
        with_notes=request.args.get("notes") == "yes",
        organisation=home().organisation,
    )


@views.get("/numbers", provide_automatic_options=False)
def numbers() -> Response:
    """Figures for the team, or coarse ones for others."""
    for_outside = request.args.get("for") == "outside"
    found = team_numbers(home())
    home().casebook.log.add("numbers", "for outside" if for_outside else "for the team", today=today())
    tables = {
        title: {name: shown(count, for_outside=for_outside) for name, count in table.items()}
        for title, table in found.tables.items()
    }
    return page("numbers.html", conversations=found.conversations, tables=tables, for_outside=for_outside)
