"""The site as a WSGI application: views, errors and headers put together. It opens no store and no socket."""

import hashlib
import logging
from pathlib import Path
from types import TracebackType
from typing import Any, Never

from flask import Flask, Request, Response, request
from flask_babel import Babel
from jinja2 import FileSystemLoader, StrictUndefined
from werkzeug.exceptions import HTTPException

from tipline.guard import require_no_proxy, require_own_site
from tipline.headers import UniformHeaders
from tipline.intake import Intake
from tipline.languages import ENGLISH, Language
from tipline.mailroom import Mailroom
from tipline.refusals import Refused
from tipline.site_settings import SiteSettings
from tipline.views import mailbox, plain, receipt, start
from tipline.views.incoming import drain_when_answered, note_body
from tipline.views.page import refused_page, status_page
from tipline.views.services import Services, Stylesheet
from tipline.views.size import readable_size

TEMPLATES = Path(__file__).parent.parent / "templates" / "site"
EVENTS = logging.getLogger("tipline.events")


class UnparsedRequest(Request):
    """A request whose body only :mod:`tipline.body` reads: Werkzeug's own parsers write to disk in the clear."""

    def _load_form_data(self) -> Never:
        raise RuntimeError("forms are read by tipline.receive and tipline.small_form only")

    def get_data(self, *_arguments: object, **_options: object) -> Never:
        raise RuntimeError("bodies are read by tipline.body only")


class QuietFlask(Flask):
    """Flask that logs no values: an event has a name, and nothing of a request is in it."""

    request_class = UnparsedRequest

    def log_exception(
        self,
        exc_info: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None],
    ) -> None:
        EVENTS.error("request failed: %s", exc_info[0].__name__ if exc_info[0] else "unknown")


def create_app(
    *, intake: Intake, mailroom: Mailroom, settings: SiteSettings, language: Language = ENGLISH
) -> Flask:
    """The whole site. ``language`` is what visitors see who have chosen none."""
    site = QuietFlask(__name__, static_folder=None, template_folder=None)
    site.config.update(PROPAGATE_EXCEPTIONS=False, TRAP_HTTP_EXCEPTIONS=False, MAX_FORM_MEMORY_SIZE=0)
    site.jinja_loader = FileSystemLoader(TEMPLATES)
    site.jinja_env.undefined = StrictUndefined
    site.jinja_env.trim_blocks = True
    site.jinja_env.lstrip_blocks = True
    site.jinja_env.filters["size"] = readable_size
    site.url_map.merge_slashes = False
    Babel(site, locale_selector=lambda: language.tag)
    site.extensions["tipline"] = Services(intake, mailroom, settings, language, _stylesheet())

    site.before_request(note_body)
    site.before_request(_refuse_others)
    site.after_request(drain_when_answered)
    for views in (start.views, receipt.views, mailbox.views, plain.views):
        site.register_blueprint(views)
    site.register_error_handler(Refused, refused_page)
    site.register_error_handler(HTTPException, _http_error)
    site.register_error_handler(Exception, _our_error)
    site.url_defaults(_keep_look)
    with site.test_request_context():
        pages = {"bad_request": status_page(400).get_data(), "our_fault": status_page(500).get_data()}
    site.wsgi_app = UniformHeaders(site.wsgi_app, **pages)  # type: ignore[method-assign]  # Flask's own way to wrap
    return site


def _refuse_others() -> None:
    require_no_proxy(request.environ)
    require_own_site(request.environ)


def _http_error(error: HTTPException) -> Response:
    response = status_page(error.code or 500)
    allowed = [value for name, value in error.get_headers() if name == "Allow"]
    if allowed:
        response.headers["Allow"] = allowed[0]
    return response


def _our_error(error: Exception) -> Response:
    EVENTS.error("request failed: %s", type(error).__name__)
    return status_page(500)


def _keep_look(endpoint: str, values: dict[str, Any]) -> None:
    look = request.args.get("look") if request else None
    if look in {"dark", "light"} and endpoint != "plain.style":
        values.setdefault("look", look)


def _stylesheet() -> Stylesheet:
    content = (TEMPLATES / "site.css").read_bytes()
    return Stylesheet(content, hashlib.sha256(content).hexdigest()[:16])
