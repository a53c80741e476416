"""The desk as a WSGI application: views, access checks and headers. It opens no socket."""

import hashlib
import re
from functools import cache
from pathlib import Path

from flask import Flask, Response, after_this_request, request
from jinja2 import DictLoader, StrictUndefined
from werkzeug.exceptions import HTTPException

from crypto.errors import CryptoError
from reviewer.cases.mailbox_actions import action_title
from reviewer.cases.submission_text import kind_word
from reviewer.clean_copy.children import CutShort
from reviewer.desk.blueprints import OF_MEMBERS, VIEWS
from reviewer.desk.form_fields import PressField, press_of_page
from reviewer.desk.guard import CrossOriginRequest, require_own_page
from reviewer.desk.headers import DeskHeaders
from reviewer.desk.kept_forms import keep_form, put_back
from reviewer.desk.own_page import here
from reviewer.desk.page import (
    COOKIE,
    EXTENSION,
    STYLESHEET,
    TEMPLATES,
    Desk,
    Look,
    desk,
    knows_browser,
    mailbox_names,
    problem,
)
from reviewer.desk.presses import is_press
from reviewer.desk.session import DeskSession
from reviewer.desk.shown_error import ShownError
from reviewer.desk.translated_terms import tr, tr_list
from reviewer.desk.views import (
    answer,
    factories,
    findings,
    leaving,
    letting_go,
    listing,
    people,
    quarantine,
    questions,
    retention,
    saved,
    session,
    tip,
)
from reviewer.desk.visible_text import one_line, own_line, part, runs
from reviewer.languages.staff_language import ENGLISH, STAFF_LANGUAGES, catalogue, said, speak, staff_language
from reviewer.languages.text_language import language_name
from reviewer.refusals import kind_of
from reviewer.terminal.plain_text import plain_line
from system.errors import ProgramError

_LARGEST_FORM_BYTES = 1 << 18  # a report of 64 KiB, each byte of it escaped; nothing is ever uploaded
_LIST_KEY = re.compile(r"[a-z]{1,10}|[vf][0-9]{1,9}")
_FORM = "application/x-www-form-urlencoded"


class _QuietFlask(Flask):
    """A Flask that logs nothing: an error message may quote a tip."""

    def log_exception(self, exc_info: object) -> None:
        """Log nothing; the page says that an error occurred."""


def create_app(desk_session: DeskSession, *, host: str, look: Look = Look.AUTO) -> Flask:
    """The whole desk at ``host``, which is address and port as a browser asks for them."""
    app = _QuietFlask(__name__, static_folder=None, template_folder=None)
    app.config.update(MAX_CONTENT_LENGTH=_LARGEST_FORM_BYTES, MAX_FORM_MEMORY_SIZE=_LARGEST_FORM_BYTES)
    app.jinja_loader = pages_as_now(TEMPLATES)
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.add_extension(PressField)
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # the extension adds it
        said, lambda one, many, number: catalogue(staff_language().tag).ngettext(one, many, number), newstyle=True
    )
    app.jinja_env.globals.update(
        tr=tr,
        tr_list=tr_list,
        speech=staff_language,
        speeches=tuple(STAFF_LANGUAGES.values()),
        knows_browser=knows_browser,
        here=here,
        press_of_page=press_of_page,
        runs=runs,
        one_line=one_line,
        own_line=own_line,
        part=part,
        plain_line=plain_line,
        desk=desk,
        mailbox_names=mailbox_names,
        kind_word=kind_word,
        action_title=action_title,
        language_name=language_name,
        file_names=letting_go.file_names,
        departures_of=leaving.departures_of,
        handed_over=leaving.handed_over,
        saved_count=saved.saved_count,
        new_findings=findings.new_findings,
        news_after_a_pause=findings.news_after_a_pause,
        has_unread_tips=findings.has_unread_tips,
        crossing=answer.crossing,
        also_in_tip=findings.also_in_tip,
        reads_alike_tips=tip.reads_alike_tips,
        questions_of=questions.questions_of,
        open_question_count=questions.open_question_count,
        quarantined_since=quarantine.quarantined_since,
        due_notices=retention.notices,
        has_several_reviewers=listing.has_several_reviewers,
        has_members=people.has_members,
        **factories.FOR_PAGES,
    )
    stylesheet = (TEMPLATES / STYLESHEET).read_bytes()
    app.extensions[EXTENSION] = Desk(
        desk_session, host, look, stylesheet, f"desk-{hashlib.sha256(stylesheet).hexdigest()[:16]}"
    )
    app.before_request(_speak)
    app.before_request(_let_in)
    app.teardown_request(_fall_silent)
    for views in VIEWS:
        app.register_blueprint(views)
    app.url_defaults(_same_list)
    app.register_error_handler(CrossOriginRequest, _foreign)
    app.register_error_handler(ProgramError, _refused)
    app.register_error_handler(CryptoError, _harmed)
    app.register_error_handler(CutShort, _cut_short)
    app.register_error_handler(MemoryError, _too_large)
    app.register_error_handler(HTTPException, _http_error)
    app.wsgi_app = DeskHeaders(app.wsgi_app)  # type: ignore[method-assign]  # Flask's own way to wrap
    return app


@cache
def pages_as_now(folder: Path) -> DictLoader:
    """The templates of a folder, read at once, and once for each process.

    An update of the program may replace the files while a desk runs. A page that was read after it would not fit
    the views that this process has, and the desk would answer with an error.
    """
    return DictLoader(
        {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in sorted(folder.rglob("*.html"))}
    )


def _speak() -> None:
    speak(desk().desk_session.language)


def _fall_silent(_error: BaseException | None) -> None:
    """Speak English again: commands and reports are in English."""
    speak(ENGLISH)


def _let_in() -> Response | None:
    """Before every view: is it our page, is it the browser that was let in, is the home open?"""
    require_own_page(request.environ, host=desk().host)
    if request.method == "POST" and request.mimetype != _FORM:
        raise CrossOriginRequest  # no form of ours sends anything else; files in a form would be written to disk
    if request.endpoint in session.OPEN_TO_ALL:
        return None
    desk_session = desk().desk_session
    if not desk_session.knows(request.cookies.get(COOKIE)):
        return session.strange_browser()
    desk_session.lock_if_due()  # before the clock's own check: a press as the lid opens is no work before it
    if desk_session.is_locked and request.endpoint not in session.OPEN_WHEN_LOCKED:
        if request.method == "POST":
            keep_form(desk_session)
            desk_session.forget()
        return session.locked()
    desk_session.stay_awake()
    if is_press():
        after_this_request(desk_session.presses.keep)  # before the work ends, which may lock the desk
    after_this_request(_worked)
    refused = _not_for_this_person(desk_session)
    return desk_session.presses.answer() if refused is None and is_press() else refused


def _not_for_this_person(desk_session: DeskSession) -> Response | None:
    """A member sees the pages of members only, and a reader all others."""
    if desk_session.is_locked or request.blueprint == session.views.name:
        return None
    if desk_session.is_for_member == (request.blueprint in OF_MEMBERS):
        return None
    if request.endpoint == "listing.tips":
        return session.to("given.tips")
    return problem(said("Not found"), said("There is no such page."), status=404)


def _same_list(endpoint: str, values: dict[str, object]) -> None:
    """Links and forms of a tip's page keep the list from which it was opened, for "next" and "previous"."""
    which = request.args.get("which", "")
    if endpoint.startswith(("tip.", "inbox.")) and _LIST_KEY.fullmatch(which):
        values.setdefault("which", which)


def _worked(response: Response) -> Response:
    desk_session = desk().desk_session
    response = put_back(response, desk_session)
    desk_session.end_of_request()
    return response


def _foreign(_error: CrossOriginRequest) -> Response:
    return problem(
        said("Refused"),
        said("This did not come from a page of the desk, so nothing was shown and nothing was changed."),
        said("Go on in the window in which the desk was opened."),
        status=403,
    )


def _refused(error: ProgramError) -> Response:
    shown = ShownError(error)
    return problem(said("Not done"), f"{shown}.", f"{shown.hint}." if shown.hint else "", status=422)


def _harmed(error: CryptoError) -> Response:
    return problem(said("Not done"), f"{error} ({kind_of(error)}).", said("Nothing was changed."), status=422)


def _cut_short(_error: CutShort) -> Response:
    """The desk is to be locked, so it is locked before anything else is answered."""
    desk().desk_session.lock()
    return session.locked(
        said("The desk was locked while it read files. What was done before is kept; ask again for the rest.")
    )


def _too_large(_error: MemoryError) -> Response:
    return problem(
        said("Not done"),
        said("This needs more memory than the desk may use, so nothing was changed."),
        said("A command in a terminal may use more."),
        status=422,
    )


def _http_error(error: HTTPException) -> Response:
    if error.code == 404:
        return problem(said("Not found"), said("There is no such page."), status=404)
    if error.code == 413:
        return problem(
            said("Not done"),
            said("What was typed is too long for one form, so nothing was kept."),
            said("Go back in the browser, and shorten it."),
            status=413,
        )
    response = problem(said("Not done"), said("The desk does not take this request."), status=error.code or 500)
    for name, value in error.get_headers():
        if name == "Allow":
            response.headers["Allow"] = value
    return response
