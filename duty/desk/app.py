"""The duty desk as a WSGI application: access, headers, and the language. It opens no socket."""

import hashlib
import time
from dataclasses import dataclass
from typing import cast

from flask import Flask, Response, current_app, redirect, render_template, request, url_for
from jinja2 import FileSystemLoader, StrictUndefined
from werkzeug.exceptions import HTTPException

from duty.desk.guard import COOKIE, DutyHeaders, DutyToken, is_own_page
from duty.desk.page_language import PAGES, PageLanguage
from duty.notebook import NotebookRefused
from duty.presses import Press
from duty.service import DutyService
from system.errors import ProgramError

STYLESHEET = PAGES / "duty.css"
EXTENSION = "duty-desk"
SEE_OTHER, REFUSED, FORBIDDEN, NOT_FOUND = 303, 422, 403, 404
_LARGEST_FORM_BYTES = 1 << 16
_FORM = "application/x-www-form-urlencoded"
_OPEN_TO_ALL = frozenset({"open_desk", "style"})


@dataclass(frozen=True)
class DutyDesk:
    """All that the views need. ``host`` is address and port as a browser asks for them."""

    service: DutyService
    token: DutyToken
    host: str
    words: PageLanguage
    style_name: str


class _QuietDesk(Flask):
    """Logs nothing: a message may name a place."""

    def log_exception(self, exc_info: object) -> None:
        """Log nothing; the page says that an error occurred."""


def duty_desk() -> DutyDesk:
    """The desk of this request."""
    return cast("DutyDesk", current_app.extensions[EXTENSION])


def create_app(service: DutyService, token: DutyToken, *, host: str, words: PageLanguage) -> Flask:
    """The whole desk at ``host``."""
    from duty.desk.views import views
    from duty.desk.writing_views import writing

    app = _QuietDesk(__name__, static_folder=None, template_folder=None)
    app.config.update(MAX_CONTENT_LENGTH=_LARGEST_FORM_BYTES, MAX_FORM_MEMORY_SIZE=_LARGEST_FORM_BYTES)
    app.jinja_loader = FileSystemLoader(PAGES)
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(words.said, words.number(), newstyle=True)  # type: ignore[attr-defined]
    style_name = f"duty-{hashlib.sha256(STYLESHEET.read_bytes()).hexdigest()[:16]}.css"
    app.jinja_env.globals.update(words=words, style_name=style_name, clock_time=clock_time, press_name=press_name)
    app.extensions[EXTENSION] = DutyDesk(service, token, host, words, style_name)
    app.before_request(_let_in)
    app.add_url_rule("/open/<token>", "open_desk", _open, methods=["GET"])
    app.add_url_rule("/style/<name>", "style", _style, methods=["GET"])
    app.register_blueprint(views)
    app.register_blueprint(writing)
    app.register_error_handler(NotebookRefused, _refused)
    app.register_error_handler(OSError, _not_kept)
    app.register_error_handler(ProgramError, _not_kept)
    app.register_error_handler(HTTPException, _http_error)
    app.wsgi_app = DutyHeaders(app.wsgi_app)  # type: ignore[method-assign]  # Flask's own way to wrap
    return app


def to(endpoint: str, **values: object) -> Response:
    """Go on to another page after a press."""
    return Response(status=SEE_OTHER, headers={"Location": url_for(endpoint, **values)})  # type: ignore[arg-type]


def page(name: str, **values: object) -> Response:
    """A page of ours; each has the reasons for which this machine is not ready."""
    service = duty_desk().service
    return Response(
        render_template(name, not_ready=service.not_ready(), fetched_ago=service.fetched_ago(), **values),
        mimetype="text/html",
    )


def problem(sentence: str, *, status: int) -> Response:
    """A page that says why something was not done."""
    response = page("problem.html", sentence=sentence)
    response.status_code = status
    return response


def clock_time(seconds: int) -> str:
    """Unix seconds as duty workers read them on the wall; with the day unless it is today."""
    then, now = time.localtime(seconds), time.localtime(duty_desk().service.now())
    form = "%H:%M:%S" if then[:3] == now[:3] else "%Y-%m-%d %H:%M:%S"
    return time.strftime(form, then)


def press_name(press: Press) -> str:
    """The name of a press in addresses of pages."""
    return f"{press.key.button}-{press.key.meaning.value}-{press.key.window}"


def _let_in() -> Response | None:
    desk = duty_desk()
    if not is_own_page(request.environ, host=desk.host) or (request.method == "POST" and request.mimetype != _FORM):
        return Response(
            "This did not come from a page of the duty desk.\n", status=FORBIDDEN, mimetype="text/plain"
        )
    if request.endpoint in _OPEN_TO_ALL or desk.token.knows(request.cookies.get(COOKIE)):
        return None
    sentence = "Open the address that tipline-duty printed, in this browser.\n"
    return Response(sentence, status=FORBIDDEN, mimetype="text/plain")


def _open(token: str) -> Response:
    desk = duty_desk()
    if not desk.token.opens(token):
        return Response("This address does not open the desk.\n", status=FORBIDDEN, mimetype="text/plain")
    response = cast("Response", redirect(url_for("views.now"), SEE_OTHER))
    response.set_cookie(COOKIE, desk.token.of_cookie, httponly=True, samesite="Strict")
    return response


def _style(name: str) -> Response:
    if name != duty_desk().style_name:
        return Response(status=NOT_FOUND)
    return Response(STYLESHEET.read_bytes(), mimetype="text/css")


def _refused(error: NotebookRefused) -> Response:
    sentence = duty_desk().words.said(str(error))
    return problem(f"{sentence[:1].upper()}{sentence[1:]}.", status=REFUSED)


def _not_kept(_error: OSError | ProgramError) -> Response:
    said = duty_desk().words.said
    return problem(
        said("The disk did not take it. Nothing was kept: a press still rings after a restart."), status=500
    )


def _http_error(error: HTTPException) -> Response:
    said = duty_desk().words.said
    if error.code == NOT_FOUND:
        return problem(said("There is no such page."), status=NOT_FOUND)
    return problem(said("The desk does not take this request."), status=error.code or 500)
