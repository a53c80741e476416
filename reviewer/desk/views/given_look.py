"""A member looks at the files of given tips, and changes the own passphrase."""

from flask import Blueprint, Response, request, url_for

from reviewer.desk.looked_page import MOST, LookAddresses, file_page, picture_of, sound_of
from reviewer.desk.page import desk, page
from reviewer.errors import HomeError
from reviewer.languages.staff_language import said
from reviewer.people.given_look import LookedGiven, file_given
from reviewer.terminal.secret_entry import require_good
from system.clock import today
from system.errors import ProgramError

views = Blueprint("given_look", __name__, url_prefix="/given")


@views.get("/<short_id>/look/<file_number>", provide_automatic_options=False)
def show(short_id: str, file_number: str) -> Response:
    """The page of one file: first its pictures small, grey and blurred."""
    file = _file(short_id, file_number)
    tip = file.tip.short_id
    return file_page(file, file.file, LookAddresses("given_look", tip, url_for("given.show", short_id=tip)))


@views.get(
    f"/<short_id>/look/<file_number>/picture/<int(min=1, max={MOST}):number>/<see>",
    provide_automatic_options=False,
)
def picture(short_id: str, file_number: str, number: int, see: str) -> Response:
    """A picture that our encoder drew from pixels."""
    return picture_of(_file(short_id, file_number), number, see)


@views.get(f"/<short_id>/look/<file_number>/sound/<int(min=1, max={MOST}):part>", provide_automatic_options=False)
def sound(short_id: str, file_number: str, part: int) -> Response:
    """Samples behind a header of ours."""
    return sound_of(_file(short_id, file_number), part)


@views.get("/passphrase", provide_automatic_options=False)
def passphrase() -> Response:
    return page("given_passphrase.html", told="", problem=None)


@views.post("/passphrase", provide_automatic_options=False)
def change_passphrase() -> Response:
    """Another passphrase for the member who opened the desk."""
    chosen = request.form.get("passphrase", "")
    try:
        if chosen != request.form.get("again", ""):
            raise HomeError("the two passphrases differ", hint="type it twice the same; nothing was changed")
        require_good(chosen)
        desk_session = desk().desk_session
        desk_session.given.change_passphrase(desk_session.folder, chosen, today=today())
    except ProgramError as error:
        return page("given_passphrase.html", 422, told="", problem=error)
    return page("given_passphrase.html", told=said("You have a new passphrase."), problem=None)


def _file(short_id: str, file_number: str) -> LookedGiven:
    return file_given(desk().desk_session.given, short_id, file_number)
