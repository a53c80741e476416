"""Common to all views of the desk: the session, the open home, and pages from templates."""

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final, cast

from flask import Response, current_app, render_template, request
from werkzeug.exceptions import NotFound

from reviewer.desk.lists import TypedFilters
from reviewer.desk.session import DeskSession
from reviewer.desk.shown_error import ShownError
from reviewer.home.home import Home
from reviewer.home.mailbox_names import MailboxNames
from system.clock import today
from system.errors import ProgramError

TEMPLATES = Path(__file__).parent.parent.parent / "templates" / "reviewer"
STYLESHEET = "desk.css"
EXTENSION = "desk"
COOKIE = "desk"
_HIGHEST: Final = 1_000_000_000


class Look(StrEnum):
    """Light or dark; AUTO as the browser says."""

    AUTO = "auto"
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True)
class Desk:
    """The settings of the application; ``host`` is its address and port, as a browser requests it."""

    desk_session: DeskSession
    host: str
    look: Look
    stylesheet: bytes
    stylesheet_name: str
    typed_filters: TypedFilters = field(default_factory=TypedFilters, repr=False)


def desk() -> Desk:
    """The one that this request is for."""
    return cast(Desk, current_app.extensions[EXTENSION])


def knows_browser() -> bool:
    """True if this request comes from the browser that was let in."""
    return desk().desk_session.knows(request.cookies.get(COOKIE))


def home() -> Home:
    """The open home."""
    return desk().desk_session.home


def mailbox_names() -> MailboxNames:
    """The names of this home's mailboxes today."""
    return MailboxNames(home().casebook, today=today())


def page(template: str, status: int = 200, **values: object) -> Response:
    """A rendered page."""
    if isinstance(error := values.get("problem"), ProgramError):
        values["problem"] = ShownError(error)
    response = Response(render_template(template, **values), status)
    response.content_type = "text/html; charset=utf-8"
    return response


def typed(name: str) -> str:
    """A field of the form as it was typed; a browser sends each line end as two characters."""
    return request.form.get(name, "").replace("\r\n", "\n")


def bounded(digits: str) -> int:
    """A number of an address or a form, for ``type=``; the database holds none of twenty digits.

    Raises:
        ValueError: it is no number.
        NotFound: nothing has a number as high.
    """
    number = int(digits)
    if abs(number) > _HIGHEST:
        raise NotFound
    return number


def absolute(place: str) -> Path:
    """An absolute path on this machine's disks or media.

    Raises:
        ProgramError: it is relative to the folder in which the command was started, which the desk does not show.
    """
    if not place.startswith("/") or "\0" in place:
        raise ProgramError(
            "a file or folder must be named from the root on", hint="it begins with a slash: /media/…"
        )
    return Path(place)


def problem(title: str, *sentences: str, status: int) -> Response:
    """A page that says why something was not done."""
    return page("problem.html", status, title=title, sentences=[one for one in sentences if one])
