"""Leaving, the stylesheet, and the word to search engines."""

from flask import Blueprint, Response, abort, request

from tipline.instance.site_settings import left_page
from tipline.pages.headers import KEPT_BY_NAME
from tipline.pages.views.mailbox import COOKIE
from tipline.pages.views.page import still_page
from tipline.pages.views.services import services

views = Blueprint("plain", __name__)

CSS = "text/css; charset=utf-8"


@views.get("/left", provide_automatic_options=False)
def left() -> Response:
    """Ends the session by a plain link: SameSite=Strict keeps other sites from following it in our name."""
    services().mailroom.leave(request.cookies.get(COOKIE))
    leave_url = services().settings.leave_url
    chosen = left_page(services().settings.left_page, next(iter(services().addresses), ""))
    response = still_page("left.html", left_page=chosen)
    if leave_url:
        response.status_code = 303
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
    packed = request.accept_encodings["gzip"] > 0
    response = Response(stylesheet.gzipped if packed else stylesheet.content, content_type=CSS)
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Cache-Control"] = KEPT_BY_NAME
    return response


@views.get("/robots.txt", provide_automatic_options=False)
def robots() -> Response:
    return Response("User-agent: *\nDisallow: /\n", content_type="text/plain; charset=utf-8")
