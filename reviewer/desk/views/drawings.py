"""Graph, timeline and map of one entity, and the file in which each may leave."""

from flask import Blueprint, Response, request, url_for

from reviewer.desk.page import absolute, home, page, typed
from reviewer.linking.drawing_files import WAYS, leaving_picture, write_drawing
from reviewer.linking.drawn_entity import EntityRows
from reviewer.linking.entity_pictures import picture_of
from reviewer.linking.entity_work import open_entity
from reviewer.sharing.link_appliers import REASON_LETTERS
from system.clock import today
from system.errors import ProgramError

_NUMBER = "<int(max=1000000000):number>"
_WHAT = "<any(graph, timeline, map):what>"
_TWO: int = 2
views = Blueprint("drawings", __name__)


@views.get(f"/entity/{_NUMBER}/{_WHAT}", provide_automatic_options=False)
def show(number: int, what: str) -> Response:
    """The drawing with its table; of a protected or closed entity only the question for a reason."""
    return _page(number, what)


@views.post(f"/entity/{_NUMBER}/{_WHAT}", provide_automatic_options=False)
def open_once(number: int, what: str) -> Response:
    """The drawing of a protected or closed entity on this one page, with a reason."""
    try:
        open_entity(home(), number, typed("because"), today=today())
    except ProgramError as error:
        return _page(number, what, problem=error)
    return _page(number, what, is_opened=True)


@views.post(f"/entity/{_NUMBER}/{_WHAT}/leave", provide_automatic_options=False)
def leave(number: int, what: str) -> Response:
    """Show what would leave, and at the second press write it."""
    try:
        rows = EntityRows(home(), number, today=today())
        names = "names" in request.form
        steps = _steps()
        leaving = leaving_picture(what, rows, steps=steps, with_names=names)
        written = ""
        if "write" in request.form:
            out = absolute(typed("out"))
            on_disk = "on-disk" in request.form
            write_drawing(
                *(home(), what, rows, out), steps=steps, with_names=names, on_disk=on_disk, code=typed("code")
            )
            written = str(out)
    except ProgramError as error:
        return _page(number, what, problem=error)
    return page(
        "drawing_leaves.html",
        entity=rows,
        number=number,
        what=what,
        leaving=leaving,
        written=written,
        ways=WAYS[what],
        names=names,
        steps=steps,
    )


def _steps() -> int:
    return _TWO if request.values.get("steps") == str(_TWO) else 1


def _page(number: int, what: str, *, is_opened: bool = False, problem: ProgramError | None = None) -> Response:
    rows = EntityRows(home(), number, is_opened=is_opened, may_be_hidden=True, today=today())
    is_shown = is_opened or not rows.is_hidden
    home().casebook.log.add(f"{what} shown", rows.name, today=today())
    return page(
        "drawing.html",
        200 if problem is None else 422,
        entity=rows,
        number=number,
        what=what,
        ways=WAYS[what],
        steps=_steps(),
        picture=picture_of(what, rows, steps=_steps()) if is_shown else None,
        is_shown=is_shown,
        is_opened=is_opened,
        problem=problem,
        reason_letters=REASON_LETTERS,
        entity_address=lambda one: url_for("entities.show", number=one),
        tip_address=lambda one: url_for("findings.of_tip", short_id=one),
    )
