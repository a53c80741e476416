"""The site as a WSGI application: views, errors and headers. It opens no store and no socket."""

import logging
from types import TracebackType
from typing import Never

from flask import Flask, Request, Response, request
from jinja2 import FileSystemLoader, StrictUndefined
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.utils import cached_property

from tipline.instance.emergency_numbers import language_numbers
from tipline.pages.headers import UniformHeaders
from tipline.pages.views import about, files, frames, mailbox, program, questionnaire, receipt, start, static_routes
from tipline.pages.views.display_settings import keep_choice
from tipline.pages.views.localization import init_babel
from tipline.pages.views.long_page import hold_when_long
from tipline.pages.views.page import has_little_room, refused_page, status_page, strange_proxy_page
from tipline.pages.views.page_cache import TEMPLATES
from tipline.pages.views.services import Services, drain_when_answered, incoming_body, note_body, services
from tipline.requests.form_fields import read_typed
from tipline.requests.guard import require_known_address, require_no_proxy, require_own_site
from tipline.requests.refusals import Reason, Refused, UntrustedProxy

EVENTS = logging.getLogger("tipline.events")


class UnparsedRequest(Request):
    """A request whose body only :mod:`tipline.requests.body` reads.

    Werkzeug's parsers would write it to disk.
    """

    def _load_form_data(self) -> Never:
        raise RuntimeError("forms are read by tipline.intake.upload and tipline.requests.small_form only")

    def get_data(self, *_arguments: object, **_options: object) -> Never:
        raise RuntimeError("bodies are read by tipline.requests.body only")

    @cached_property
    def args(self) -> MultiDict[str, str]:
        """The choices in the address; bytes that are no text are none, and turn nobody away."""
        try:
            return super().args
        except UnicodeDecodeError:
            return MultiDict()


class QuietFlask(Flask):
    """Flask that logs no values: an event has a name, and nothing of a request is in it."""

    request_class = UnparsedRequest

    def log_exception(
        self,
        exc_info: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None],
    ) -> None:
        EVENTS.error("request failed: %s", exc_info[0].__name__ if exc_info[0] else "unknown")


def create_app(behind: Services) -> Flask:
    """Make the whole site, in every one of ``languages``.

    ``addresses`` are its onion addresses, the first one its own; empty if it has none.
    """
    site = QuietFlask(__name__, static_folder=None, template_folder=None)
    site.config.update(PROPAGATE_EXCEPTIONS=False, TRAP_HTTP_EXCEPTIONS=False, MAX_FORM_MEMORY_SIZE=0)
    site.jinja_loader = FileSystemLoader(TEMPLATES)
    site.jinja_env.undefined = StrictUndefined
    site.jinja_env.trim_blocks = True
    site.jinja_env.lstrip_blocks = True
    site.jinja_env.globals["has_little_room"] = has_little_room
    site.jinja_env.globals["language_numbers"] = language_numbers
    site.jinja_env.globals["own_address"] = behind.addresses[0] if behind.addresses else ""
    site.url_map.merge_slashes = False
    init_babel(site)
    site.extensions["tipline"] = behind

    site.before_request(note_body)
    site.before_request(_refuse_others)
    # The last is asked first: behind an answer that takes another's place the rest of the body is dropped too.
    site.after_request(drain_when_answered)
    site.after_request(hold_when_long)
    for views in (
        start.views,
        questionnaire.views,
        about.views,
        receipt.views,
        files.views,
        frames.frames,
        mailbox.views,
        program.views,
        static_routes.views,
    ):
        site.register_blueprint(views)
    site.register_error_handler(Refused, refused_page)
    site.register_error_handler(UntrustedProxy, strange_proxy_page)
    site.register_error_handler(HTTPException, _http_error)
    site.register_error_handler(Exception, _our_error)
    site.url_defaults(keep_choice)
    with site.test_request_context():
        pages = {"bad_request": status_page(400).get_data(), "our_fault": status_page(500).get_data()}
    site.wsgi_app = UniformHeaders(site.wsgi_app, **pages)  # type: ignore[method-assign]  # Flask's own way to wrap
    return site


def read_templates(site: Flask) -> None:
    """Load all templates and what they include.

    A process that may open no file must still report that a tip was kept, or why not.
    """
    for name in site.jinja_env.list_templates(extensions=["html"]):
        site.jinja_env.get_template(name)


def _refuse_others() -> None:
    addresses = services().addresses
    require_no_proxy(request.environ, addresses)
    require_known_address(request.environ, addresses)
    try:
        require_own_site(request.environ, addresses)
    except Refused as refused:
        # Where a browser does not say whence a form comes, it may be ours, and what was typed can be copied. What
        # another site has sent is not shown: nobody typed it here, and it must not stand on our page in our name.
        if refused.reason is not Reason.UNKNOWN_SITE:
            raise
        raise refused.with_typed(read_typed(incoming_body())) from refused


def _http_error(error: HTTPException) -> Response:
    response = status_page(error.code or 500)
    allowed = [value for name, value in error.get_headers() if name == "Allow"]
    if allowed:
        response.headers["Allow"] = allowed[0]
    return response


def _our_error(error: Exception) -> Response:
    EVENTS.error("request failed: %s", type(error).__name__)
    return status_page(500)
