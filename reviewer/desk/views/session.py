"""Logging in, locking, unlocking and stopping."""

from flask import Blueprint, Response, abort, request, url_for

from reviewer.desk.own_page import own_page
from reviewer.desk.page import COOKIE, desk, page, problem
from reviewer.desk.shown_error import ShownError
from reviewer.languages.staff_language import said
from system.errors import ProgramError

OPEN_TO_ALL = frozenset({"session.log_in", "session.style"})
OPEN_WHEN_LOCKED = frozenset({"session.unlock", "session.lock", "session.stop", "session.language"})
LOCKING = frozenset({"/lock", "/stop"})
"""Addresses of buttons that end another request's work on a file."""

views = Blueprint("session", __name__)


@views.get("/open/<token>", provide_automatic_options=False)
def log_in(token: str) -> Response:
    """The address that the command prints; it works once."""
    desk_session = desk().desk_session
    handle = desk_session.let_in(token)
    if handle is None:
        if desk_session.knows(request.cookies.get(COOKIE)):
            return to("listing.tips")
        return strange_browser()
    response = to("listing.tips")
    # No end: it goes with the browser, and means nothing any more once the desk was stopped.
    response.set_cookie(COOKIE, handle, httponly=True, samesite="Strict")
    return response


@views.post("/lock", provide_automatic_options=False)
def lock() -> Response:
    desk().desk_session.lock()
    return to("listing.tips")


@views.post("/unlock", provide_automatic_options=False)
def unlock() -> Response:
    desk_session = desk().desk_session
    try:
        desk_session.unlock(request.form.get("passphrase", ""))
    except ProgramError as error:
        desk_session.forget()  # a wrong passphrase is often nearly the right one
        return locked(problem=str(ShownError(error)))
    draft = desk_session.drafts.newest
    return to("listing.tips") if draft is None else Response(status=303, headers={"Location": draft.page})


@views.post("/language", provide_automatic_options=False)
def language() -> Response:
    """Speak another language, from now on; the page that was shown is shown again."""
    desk().desk_session.speak(request.form.get("tag", ""))
    return Response(
        status=303, headers={"Location": own_page(request.form.get("page", "")) or url_for("listing.tips")}
    )


@views.post("/stop", provide_automatic_options=False)
def stop() -> Response:
    """The server ends once this page was sent."""
    desk_session = desk().desk_session
    desk_session.close_home()
    response = page("stopped.html")
    response.delete_cookie(COOKIE, httponly=True, samesite="Strict")
    response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    response.call_on_close(desk_session.stop)
    return response


@views.get("/<name>.css", provide_automatic_options=False)
def style(name: str) -> Response:
    if name != desk().stylesheet_name:
        abort(404)
    return Response(desk().stylesheet, content_type="text/css; charset=utf-8")


def locked(problem: str = "") -> Response:
    """The page shown instead of every page while the home is closed."""
    return page("locked.html", 403, problem=problem)


def strange_browser() -> Response:
    return problem(
        said("This desk is open elsewhere"),
        said(
            "The address works once, in one browser. If that was not you, stop the desk now: press Ctrl-C where it"
            " was started."
        ),
        said("If the window was closed, do the same and start it again."),
        status=403,
    )


def to(endpoint: str, *, short_id: str | None = None) -> Response:
    """Redirect to another page after an action."""
    address = url_for(endpoint) if short_id is None else url_for(endpoint, short_id=short_id)
    return Response(status=303, headers={"Location": address})
