"""One decision as a page to print: for a prosecutor, readable."""

from flask import Blueprint, Response

from reviewer.desk.page import home, page
from reviewer.desk.ticks import typed_reasons
from reviewer.linking.entity_work import open_each
from reviewer.linking.link_page import link_page
from reviewer.sharing.link_appliers import REASON_LETTERS
from system.clock import today
from system.errors import ProgramError

_ADDRESS = "/decision/<int(max=1000000000):number>"
views = Blueprint("decisions", __name__)


@views.get(_ADDRESS, provide_automatic_options=False)
def show(number: int) -> Response:
    home().casebook.log.add("decision show", f"D-{number}", today=today())
    return _page(number)


@views.post(_ADDRESS, provide_automatic_options=False)
def open_once(number: int) -> Response:
    """Show the words of protected persons on this one page, with a reason."""
    try:
        protected = link_page(home(), f"D-{number}").protected
        open_each(home(), protected, typed_reasons(protected), today=today())
    except ProgramError as error:
        return _page(number, problem=error)
    return _page(number, is_opened=True)


def _page(number: int, *, is_opened: bool = False, problem: ProgramError | None = None) -> Response:
    return page(
        "decision.html",
        200 if problem is None else 422,
        shown=link_page(home(), f"D-{number}", is_opened=is_opened),
        reason_letters=REASON_LETTERS,
        problem=problem,
    )
