"""A member's list of saved folders, each with a button that destroys it."""

from flask import Blueprint, Response, request

from reviewer.cases.saved_destroy import listed
from reviewer.desk.page import desk, page
from reviewer.desk.views.saved import told_of
from reviewer.people.given import GivenTips
from system.clock import today
from system.errors import ProgramError

views = Blueprint("given_saved", __name__, url_prefix="/given/saved")


@views.get("", provide_automatic_options=False)
def show() -> Response:
    return _page([])


@views.post("/<int(max=1000000000):number>/destroy", provide_automatic_options=False)
def destroy_folder(number: int) -> Response:
    """Overwrite and remove the files of a folder; with ``gone``, only list it no more."""
    try:
        done = _given().destroy_folder(number, is_gone="gone" in request.form, today=today())
    except ProgramError as error:
        return _page([], problem=error)
    return _page(told_of(done))


def _page(told: list[str], *, problem: ProgramError | None = None) -> Response:
    return page(
        "saved_folders.html",
        422 if problem else 200,
        told=told,
        problem=problem,
        folders=listed(_given().folders.all()),
        destroys="given_saved.destroy_folder",
    )


def _given() -> GivenTips:
    return desk().desk_session.given
