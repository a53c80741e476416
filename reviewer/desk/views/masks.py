"""Masks that outlived a tip: their list, and removing one with a reason."""

from flask import Blueprint, Response, request, url_for

from reviewer.desk.page import home, page, typed
from reviewer.desk.views.entities import entity_page
from reviewer.linking.mask_removal import lasting_masks, remove_mask
from reviewer.sharing.link_appliers import REASON_LETTERS
from system.clock import today
from system.errors import ProgramError

views = Blueprint("masks", __name__)


@views.get("/masks", provide_automatic_options=False)
def show_all() -> Response:
    home().casebook.log.add("masks shown", f"{len(lasting_masks(home()))} masks", today=today())
    return _list()


@views.post("/entity/<int(max=1000000000):number>/unmask", provide_automatic_options=False)
def remove(number: int) -> Response:
    """Remove the mask of one entity; back to where it was asked."""
    is_from_list = "from-list" in request.form
    try:
        remove_mask(home(), number, typed("because"), today=today())
    except ProgramError as error:
        if is_from_list:
            return _list(problem=error, problem_at=number)
        return entity_page(number, problem=("unmask", error))
    back = url_for("masks.show_all") if is_from_list else url_for("entities.show", number=number)
    return Response(status=303, headers={"Location": back})


def _list(*, problem: ProgramError | None = None, problem_at: int = 0) -> Response:
    return page(
        "lasting_masks.html",
        200 if problem is None else 422,
        lasting=lasting_masks(home()),
        problem=problem,
        problem_at=problem_at,
        reason_letters=REASON_LETTERS,
    )
