"""Cover: hides what sources wrote in lists, for a room in which others may see the screen.

A cookie of this browser keeps it, so that it holds when the desk was locked in between.
"""

from flask import Blueprint, Response, request

from reviewer.desk.views.session import to

COOKIE = "cover"
_COVERED = "yes"

views = Blueprint("cover", __name__)


@views.post("/cover", provide_automatic_options=False)
def cover() -> Response:
    """Cover the lists, or with ``undo`` show them again."""
    response = to("listing.tips")
    if "undo" in request.form:
        response.delete_cookie(COOKIE, httponly=True, samesite="Strict")
    else:
        response.set_cookie(COOKIE, _COVERED, httponly=True, samesite="Strict")
    return response


@views.app_template_global()
def is_covered() -> bool:
    """True while lists show no words of sources."""
    return request.cookies.get(COOKIE) == _COVERED
