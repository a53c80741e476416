"""Leaving, the stylesheet, and the word to search engines."""

from flask import Blueprint, Response, abort, request

from tipline.headers import KEPT_BY_NAME
from tipline.views.mailbox import COOKIE
from tipline.views.page import page
from tipline.views.services import services

views = Blueprint("plain", __name__)


@views.get("/left", provide_automatic_options=False)
def left() -> Response:
    """Ends the session by a plain link: SameSite=Strict keeps other sites from following it in our name."""
    services().mailroom.leave(request.cookies.get(COOKIE))
    leave_url = services().settings.leave_url
    response = page("left.html", 303 if leave_url else 200)
    if leave_url:
        response.headers["Location"] = leave_url
    if COOKIE in request.cookies:
        response.delete_cookie(COOKIE, httponly=True, samesite="Strict")
        response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return response


@views.get("/<name>.css", provide_automatic_options=False)
def style(name: str) -> Response:
    stylesheet = services().stylesheet
    if name != stylesheet.name:
        abort(404)
    response = Response(stylesheet.content, content_type="text/css; charset=utf-8")
    response.headers["Cache-Control"] = KEPT_BY_NAME
    return response


@views.get("/robots.txt", provide_automatic_options=False)
def robots() -> Response:
    return Response("User-agent: *\nDisallow: /\n", content_type="text/plain; charset=utf-8")
