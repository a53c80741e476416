"""Looking at one file of a tip, and covering what lists show.

A member looks at given files in :mod:`reviewer.desk.views.given_look`.
"""

from flask import Blueprint, Response, request, url_for

from reviewer.cases.look import LookedTipFile
from reviewer.cases.numbered_files import numbered_file
from reviewer.desk.looked_page import MOST, LookAddresses, file_page, picture_of, sound_of
from reviewer.desk.page import home, page
from reviewer.desk.views.session import to
from reviewer.viewers.look_kind import missing_packages

COVER_COOKIE = "cover"
"""A cookie of the browser keeps the cover, so that it holds when the desk was locked in between."""

_COVERED = "yes"

views = Blueprint("look", __name__)


@views.get("/tip/<short_id>/look/<file_number>", provide_automatic_options=False)
def show(short_id: str, file_number: str) -> Response:
    """The page of one file: first its pictures small, grey and blurred."""
    file = _file(short_id, file_number)
    tip = file.submission.short_id
    return file_page(file, file.one.file, LookAddresses("look", tip, url_for("tip.show", short_id=tip)))


@views.get(
    f"/tip/<short_id>/look/<file_number>/picture/<int(min=1, max={MOST}):number>/<see>",
    provide_automatic_options=False,
)
def picture(short_id: str, file_number: str, number: int, see: str) -> Response:
    """A picture that our encoder drew from pixels; never bytes of the file, or of its viewer."""
    return picture_of(_file(short_id, file_number), number, see)


@views.get(
    f"/tip/<short_id>/look/<file_number>/sound/<int(min=1, max={MOST}):part>", provide_automatic_options=False
)
def sound(short_id: str, file_number: str, part: int) -> Response:
    """Samples behind a header of ours."""
    return sound_of(_file(short_id, file_number), part)


@views.get("/viewers", provide_automatic_options=False)
def viewers() -> Response:
    """Every viewer, with what it opens; of a missing one the Debian packages."""
    return page("viewers.html", missing=missing_packages())


@views.post("/cover", provide_automatic_options=False)
def cover() -> Response:
    """Cover the lists, or with ``undo`` show them again."""
    response = to("listing.tips")
    if "undo" in request.form:
        response.delete_cookie(COVER_COOKIE, httponly=True, samesite="Strict")
    else:
        response.set_cookie(COVER_COOKIE, _COVERED, httponly=True, samesite="Strict")
    return response


@views.app_template_global()
def is_covered() -> bool:
    """True while lists show no words of sources."""
    return request.cookies.get(COVER_COOKIE) == _COVERED


def _file(short_id: str, file_number: str) -> LookedTipFile:
    submission = home().casebook.submissions.find(short_id)
    return LookedTipFile(home(), submission, numbered_file(home(), submission, file_number))
