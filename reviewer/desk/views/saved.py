"""The folders with readable files that staff saved: listed, and destroyed one by one."""

from flask import Blueprint, Response, request

from reviewer.cases.saved_destroy import LEFT_IN_MEMORY, LEFT_ON_A_DISK, Destroyed, destroy, listed
from reviewer.desk.page import home, page
from reviewer.languages.staff_language import said, said_number
from system.clock import today
from system.errors import ProgramError

views = Blueprint("saved", __name__, url_prefix="/saved")


def saved_count() -> int:
    """The number of saved folders that were not destroyed, for the link in the list of tips."""
    return len(home().casebook.saved_folders.all())


@views.get("", provide_automatic_options=False)
def show() -> Response:
    return _page([])


@views.post("/<int(max=1000000000):number>/destroy", provide_automatic_options=False)
def destroy_folder(number: int) -> Response:
    """Overwrite and remove the files of a folder; with ``gone``, only list it no more."""
    try:
        done = destroy(home(), number, is_gone="gone" in request.form, today=today())
    except ProgramError as error:
        return _page([], problem=error)
    return _page(told_of(done))


def told_of(done: Destroyed) -> list[str]:
    """Sentences about a folder that was destroyed."""
    told = [
        said_number(
            "Destroyed: %(num)s file of tip %(tip)s.",
            "Destroyed: %(num)s files of tip %(tip)s.",
            done.files,
            tip=done.saved.tip,
        )
    ]
    if done.files:
        told.append(said(LEFT_IN_MEMORY if done.saved.is_in_memory else LEFT_ON_A_DISK))
    if done.others:
        told.append(said("Other files lie in that folder (%(count)s). They were not touched.", count=done.others))
    return told


def _page(told: list[str], *, problem: ProgramError | None = None) -> Response:
    return page(
        "saved_folders.html",
        422 if problem else 200,
        told=told,
        problem=problem,
        folders=listed(home().casebook.saved_folders.all()),
        destroys="saved.destroy_folder",
    )
