"""Rendering: every page in one length, every refusal with its own words, constant pages once.

A constant page says the same to every visitor. Rendering time differs from page to page, and would tell an onlooker
which page was requested: so these are rendered once for each language and look.
"""

from http import HTTPStatus
from typing import Any

from flask import Response, render_template
from werkzeug.http import HTTP_STATUS_CODES

from tipline.pages.padding import padded
from tipline.pages.statuses import status_of
from tipline.pages.views.display_settings import addressed_endpoint, choice_key, page_language, page_look
from tipline.pages.views.services import services
from tipline.requests.refusals import USUAL_WAIT_SECONDS, Reason, Refused, UntrustedProxy

HTML = "text/html; charset=utf-8"


def has_little_room() -> bool:
    """Whether a request with files may bring less than the site's limits say."""
    return services().space.has_little


def rendered(template: str, **context: object) -> bytes:
    """One page as UTF-8 HTML, not yet padded."""
    known = services()
    return render_template(
        template,
        settings=known.settings,
        limits=known.settings.limits,
        language=page_language(),
        languages=known.languages,
        addressed=addressed_endpoint(),
        stylesheet=known.stylesheet.name,
        look=page_look(),
        **{"wait_seconds": USUAL_WAIT_SECONDS, **context},
    ).encode()


def page(template: str, status: int = 200, **context: object) -> Response:
    """One page, padded to the length of all; a refusal that does not last says when to come again."""
    response = Response(padded(rendered(template, **context)), status=status, content_type=HTML)
    if status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE):
        response.headers["Retry-After"] = str(context.get("wait_seconds", USUAL_WAIT_SECONDS))
    return response


def still_page(template: str, **context: Any) -> Response:
    """Return a constant page, whose ``context`` never changes. Bounded, as languages and looks are."""
    kept, key = services().still_pages, (template, *choice_key())
    if key not in kept:
        kept[key] = page(template, **context).get_data()
    return Response(kept[key], content_type=HTML)


def status_page(status: int) -> Response:
    """The page of a status that says enough by itself: 400, 404, 405, 500 …"""
    known = status if status in HTTP_STATUS_CODES and status >= 400 else 500
    return page("status.html", known, code=known)


def refused_page(refused: Refused, *, in_danger: bool = False) -> Response:
    """The page of a refusal that no form takes back; what was typed can be copied from it. It says whom to call
    where nothing can be taken in, and to whoever has just said to be ``in_danger``."""
    text = refused.typed.text if refused.typed else ""
    return page(
        "refused.html", status_of(refused.reason), problem=refused.reason.label, text=text, in_danger=in_danger
    )


def strange_proxy_page(_strange: UntrustedProxy) -> Response:
    """A warning, without a form and without what was typed: whoever stands between reads this page too."""
    return refused_page(Refused(Reason.STRANGE_PROXY))


def see_other(address: str) -> Response:
    """303 to ``address``, with a body as long as every other page."""
    response = page("moved.html", 303, address=address)
    response.headers["Location"] = address
    return response
