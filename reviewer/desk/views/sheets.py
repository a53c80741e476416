"""Trying recovery sheets at the desk: would they give the key of this home back?

No word of them is shown or kept.
"""

from flask import Blueprint, Response

from crypto.errors import CryptoError
from reviewer.desk.page import home, page, typed
from reviewer.languages.staff_language import said
from reviewer.media.known_copies import sheet_status
from reviewer.recovery.recovery_sheets import check_sheets
from reviewer.recovery.sheet_entry import sheets_in
from system.clock import today
from system.errors import ProgramError

views = Blueprint("sheets", __name__, url_prefix="/rounds/sheets")


@views.get("", provide_automatic_options=False)
def ask() -> Response:
    """The form, and when sheets were made and tried last."""
    return _page([])


@views.post("", provide_automatic_options=False)
def check() -> Response:
    """The same as the command. The desk forgets the words when it is locked."""
    told: list[str] = []
    try:
        collected = sheets_in(typed("sheets"), told.append)
        check_sheets(home(), collected, today=today())
    except ProgramError as error:
        return _page(told, problem=error)
    except CryptoError as error:
        return _page(told, problem=ProgramError(str(error), hint="compare with the paper; nothing was changed"))
    numbers = ", ".join(map(str, collected.numbers))
    told.append(
        said("Sheets %(numbers)s are right: together they give back the key of this home.", numbers=numbers)
    )
    told.append(said("Now press Lock: the words are in the memory of this machine until then."))
    return _page(told)


def _page(told: list[str], *, problem: ProgramError | None = None) -> Response:
    return page("sheets.html", 422 if problem else 200, told=told, problem=problem, known=sheet_status(home()))
