"""Facilities as FollowTheMoney at the desk: shown line by line, then written."""

import re

from flask import Blueprint, Response, request

from reviewer.cases.saving_place import require_place_for_file
from reviewer.desk.page import absolute, home, page, typed
from reviewer.diligence.facility_money import money_export, write_export
from reviewer.facilities.same_place import find_facility
from reviewer.leaving.readable_places import proposed_folders
from system.clock import today
from system.errors import ProgramError

_NUMBER = "<int(max=1000000000):number>"
views = Blueprint("facility_money", __name__)


@views.get(f"/factory/{_NUMBER}/money", provide_automatic_options=False)
def show(number: int) -> Response:
    """The lines of a factory before they leave."""
    return _page(number, "")


@views.post(f"/factory/{_NUMBER}/money", provide_automatic_options=False)
def write(number: int) -> Response:
    """Show the lines with more factories, or write them to a medium or into memory."""
    others = typed("others")
    if "show" in request.form:
        return _page(number, others)
    on_disk = typed("on_disk") == "yes"
    try:
        target = absolute(typed("place") or typed("folder").strip())
        require_place_for_file(target, on_disk=on_disk)
        made = money_export(home().casebook, _names(number, others))
        write_export(home(), made, target, on_disk=on_disk, today=today(), seen=typed("seen"))
    except ProgramError as error:
        return _page(number, others, problem=error)
    return _page(number, others, written=str(target))


def _page(number: int, others: str, *, written: str = "", problem: ProgramError | None = None) -> Response:
    facility = find_facility(home().casebook, f"F-{number}")
    try:
        made = money_export(home().casebook, _names(number, others))
    except ProgramError as error:
        problem = problem or error
        made = money_export(home().casebook, [facility.name])
    if not written:
        home().casebook.log.add("export of facilities shown", f"{len(made.lines)} lines", today=today())
    return page(
        "facility_money.html",
        200 if problem is None else 422,
        facility=facility,
        made=made,
        others=others,
        written=written,
        places=proposed_folders(f"{facility.name}.ftm.json"),
        typed=request.form,
        problem=problem,
    )


def _names(number: int, others: str) -> list[str]:
    return [f"F-{number}", *dict.fromkeys(one.upper() for one in re.split(r"[\s,;]+", others) if one)]
