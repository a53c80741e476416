"""The list of tips."""

from flask import Blueprint, Response, request

from reviewer.cases.listing import listing_order, page_of
from reviewer.desk.page import home, page
from system.clock import today

OPEN, ASIDE, ALL = "open", "aside", "all"
views = Blueprint("listing", __name__)


@views.get("/", provide_automatic_options=False)
def tips() -> Response:
    """One page of the open, the archived, or all submissions."""
    untrusted_which = request.args.get("which", OPEN)
    which = untrusted_which if untrusted_which in (ASIDE, ALL) else OPEN
    order = listing_order(home())
    archived = home().casebook.archived.all()
    counts = {OPEN: len(order) - len(archived), ASIDE: len(archived), ALL: len(order)}
    if which != ALL:
        order = [number for number in order if (number in archived) is (which == ASIDE)]
    shown = page_of(home(), order, number=request.args.get("page", 1, type=int))
    home().casebook.log.add("list", f"{len(shown.rows)} submissions", today=today())
    return page("tips.html", shown=shown, which=which, counts=counts)
