"""Looking at one file of a tip, and covering what lists show.

Only these pages may show pictures or sound that the desk serves; the exception stands at each route.
"""

from flask import Blueprint, Response, request

from reviewer.cases.numbered_files import numbered_file
from reviewer.desk.headers import SHOWS, Shows
from reviewer.desk.look_cache import LookCache
from reviewer.desk.page import desk, home, page
from reviewer.desk.views.session import to
from reviewer.desk.visible_text import parts
from reviewer.errors import CannotLook
from reviewer.viewers.look_kind import missing_packages, viewer_of
from reviewer.viewers.viewing import See

PICTURES_ON_A_PAGE = 10
_MOST = 1_000_000

COVER_COOKIE = "cover"
"""A cookie of the browser keeps the cover, so that it holds when the desk was locked in between."""

_COVERED = "yes"

views = Blueprint("look", __name__)


@views.get("/tip/<short_id>/look/<file_number>", provide_automatic_options=False)
def show(short_id: str, file_number: str) -> Response:
    """The page of one file: first its pictures small, grey and blurred."""
    request.environ[SHOWS] = Shows.PICTURES_AND_SOUND
    submission = home().casebook.submissions.find(short_id)
    file = numbered_file(home(), submission, file_number).file
    see = _see(request.args.get("see", ""))
    first = min(max(1, request.args.get("from", 1, type=int)), _MOST)
    overview, refused = None, None
    children = desk().desk_session.children
    try:
        overview = _cache().overview(home(), submission, file_number, children=children)
        first = max(1, min(first, overview.pictures))
        if overview.pictures:
            # Drawn before the page is sent, so that the page can say why there is none.
            _cache().picture(home(), submission, file_number, first, see=see, children=children)
    except CannotLook as error:
        refused = error
    text = overview.untrusted_text if overview else None
    return page(
        "look.html",
        200 if refused is None else 422,
        submission=submission,
        file=file,
        file_number=file_number,
        overview=overview,
        refused=refused,
        see=see.value,
        first=first,
        shown=range(first, min(first + PICTURES_ON_A_PAGE, (overview.pictures if overview else 0) + 1)),
        on_a_page=PICTURES_ON_A_PAGE,
        viewer=viewer_of(overview.kind) if overview else None,
        text_parts=parts(text) if text is not None else 0,
        text_part=max(1, request.args.get("part", 1, type=int)),
    )


@views.get(
    f"/tip/<short_id>/look/<file_number>/picture/<int(min=1, max={_MOST}):number>/<see>",
    provide_automatic_options=False,
)
def picture(short_id: str, file_number: str, number: int, see: str) -> Response:
    """A picture that our encoder drew from pixels; never bytes of the file, or of its viewer."""
    submission = home().casebook.submissions.find(short_id)
    content = _cache().picture(
        home(), submission, file_number, number, see=_see(see), children=desk().desk_session.children
    )
    return Response(content, content_type="image/png")


@views.get(
    f"/tip/<short_id>/look/<file_number>/sound/<int(min=1, max={_MOST}):part>", provide_automatic_options=False
)
def sound(short_id: str, file_number: str, part: int) -> Response:
    """Samples behind a header of ours."""
    submission = home().casebook.submissions.find(short_id)
    content = _cache().sound(home(), submission, file_number, part, children=desk().desk_session.children)
    return Response(content, content_type="audio/wav")


@views.get("/viewers", provide_automatic_options=False)
def viewers() -> Response:
    """Every viewer, with what it opens; of a missing one the Debian packages."""
    return page("viewers.html", missing=missing_packages())


@views.post("/cover", provide_automatic_options=False)
def cover() -> Response:
    """Cover the lists, or with ``undo`` show them again."""
    response = to("listing.tips")
    if "undo" in request.form:
        response.delete_cookie(COVER_COOKIE, httponly=True, samesite="Strict")
    else:
        response.set_cookie(COVER_COOKIE, _COVERED, httponly=True, samesite="Strict")
    return response


@views.app_template_global()
def is_covered() -> bool:
    """True while lists show no words of sources."""
    return request.cookies.get(COVER_COOKIE) == _COVERED


def _see(untrusted: str) -> See:
    return next((see for see in See if see.value == untrusted), See.BLURRED)


def _cache() -> LookCache:
    return desk().desk_session.looked
