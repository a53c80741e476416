"""Rendering: every page in one length, every refusal with its own words."""

from flask import Response, render_template, request
from werkzeug.http import HTTP_STATUS_CODES

from tipline.padding import padded
from tipline.refusals import Refused
from tipline.views.services import services

HTML = "text/html; charset=utf-8"


def rendered(template: str, **context: object) -> bytes:
    """One page as UTF-8 HTML, not yet padded."""
    known = services()
    look = request.args.get("look", "")
    return render_template(
        template,
        settings=known.settings,
        limits=known.settings.limits,
        language=known.language,
        stylesheet=known.stylesheet.name,
        look=look if look in {"dark", "light"} else "",
        **context,
    ).encode()


def page(template: str, status: int = 200, **context: object) -> Response:
    """One page, padded to the length of all."""
    return Response(padded(rendered(template, **context)), status=status, content_type=HTML)


def status_page(status: int) -> Response:
    """The page of a status that says enough by itself: 400, 404, 405, 500 …"""
    known = status if status in HTTP_STATUS_CODES and status >= 400 else 500
    return page("status.html", known, code=known)


def refused_page(refused: Refused) -> Response:
    """The page of a refusal that no form takes back."""
    return page("refused.html", refused.reason.status, problem=refused.reason.label)


def see_other(address: str) -> Response:
    """303 to ``address``, with a body as long as every other page."""
    response = page("moved.html", 303, address=address)
    response.headers["Location"] = address
    return response
