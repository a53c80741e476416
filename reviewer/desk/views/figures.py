"""Pages without forms: a conversation to print, and the numbers for the team."""

from collections.abc import Mapping

from flask import Blueprint, Response, request

from reviewer.cases.conversation import conversation_of
from reviewer.cases.team_numbers import team_numbers
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
    """Figures for the team."""
    found = team_numbers(home())
    home().casebook.log.add("numbers", "for the team", today=today())
    tables = {title: _charted(table) for title, table in found.tables.items()}
    return page("numbers.html", conversations=found.conversations, tables=tables)


def _charted(table: Mapping[str, int]) -> list[tuple[str, int, int]]:
    """Rows: name, count, and the length of a bar in percent of the longest one."""
    longest = max(table.values(), default=1)
    return [(name, count, round(100 * count / longest)) for name, count in table.items()]
