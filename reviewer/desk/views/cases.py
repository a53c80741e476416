"""Cases: their list, the page of one, and what staff do with it."""

from flask import Blueprint, Response, request, url_for

from reviewer.cases.case_work import (
    add_case_note,
    destroy_case_note,
    find_case,
    merge_cases,
    open_case,
    rename_case,
    split_case,
    undo,
)
from reviewer.cases.deleting import REASONS
from reviewer.cases.deleting_cases import code_of_case, delete_case, going_of_case, tips_of_case
from reviewer.cases.listing import listed
from reviewer.desk.page import bounded, desk, home, page, typed
from reviewer.desk.stale_form import require_no_conflict, typed_fields
from reviewer.desk.views.letting_go import taken_from_members
from reviewer.desk.views.session import to
from reviewer.sharing.party import colleagues
from reviewer.sharing.said import case_conflicts, note_authors
from system.clock import today
from system.errors import ProgramError

_MOST_ROWS = 300
_NUMBER = "<int(max=1000000000):number>"
views = Blueprint("cases", __name__)
views.after_request(taken_from_members)


@views.get("/cases", provide_automatic_options=False)
def show_all() -> Response:
    cases = home().casebook.cases
    shown = cases.all()
    home().casebook.log.add("case list", f"{len(shown)} cases", today=today())
    return page("cases.html", cases=shown, counts=cases.count(), has_colleagues=bool(colleagues(home())))


@views.post("/cases", provide_automatic_options=False)
def new() -> Response:
    return _to(open_case(home(), typed("name"), [], today=today()).number)


@views.get(f"/case/{_NUMBER}", provide_automatic_options=False)
def show(number: int) -> Response:
    """The tips of a case, thread by thread, and its notes."""
    return _page(number)


def _page(number: int, *, name: str | None = None, problem: ProgramError | None = None) -> Response:
    casebook = home().casebook
    case = find_case(home(), number)
    threads = casebook.cases.threads(number)
    numbers = [one for thread in threads for one in casebook.threads.submissions(thread)]
    rows = listed(home(), numbers[:_MOST_ROWS])
    casebook.log.add("case show", f"case {case.case_id.hex()[:12]}", today=today())
    notes = casebook.cases.notes(number)
    return page(
        "case.html",
        422 if problem else 200,
        case=case,
        typed_name=case.name if name is None else name,
        problem=problem,
        rows_shown=rows,
        left_out=len(numbers) - len(rows),
        firsts={row.marks.thread: row for row in reversed(rows)},
        notes=notes,
        note_authors=note_authors(home(), notes),
        state_conflicts=case_conflicts(home(), case.case_id),
        has_colleagues=bool(colleagues(home())),
        merged=casebook.cases.merged(number),
        others=[one for one in casebook.cases.all() if one.number != number],
        today=today(),
    )


@views.post(f"/case/{_NUMBER}/rename", provide_automatic_options=False)
def rename(number: int) -> Response:
    fields = typed_fields({"name": find_case(home(), number).name})
    try:
        require_no_conflict(fields)
        if fields["name"].is_changed:
            rename_case(home(), number, fields["name"].typed, today=today())
    except ProgramError as error:
        return _page(number, name=fields["name"].wanted, problem=error)
    return _to(number)


@views.post(f"/case/{_NUMBER}/merge", provide_automatic_options=False)
def merge(number: int) -> Response:
    into = request.form.get("into", 0, type=bounded)
    if not into:
        raise ProgramError("choose the case into which this one goes")
    merge_cases(home(), number, into=into, today=today())
    return _to(into)


@views.post(f"/case/{_NUMBER}/split", provide_automatic_options=False)
def split(number: int) -> Response:
    threads = [_number(one) for one in request.form.getlist("thread")]
    return _to(split_case(home(), number, typed("name"), threads, today=today()).number)


@views.post(f"/case/{_NUMBER}/undo", provide_automatic_options=False)
def undo_last(number: int) -> Response:
    case = find_case(home(), number)
    undo(home(), number, today=today())
    return _to(number if case.merged_into is not None else case.split_from or number)


@views.get(f"/case/{_NUMBER}/delete", provide_automatic_options=False)
def ask_to_delete(number: int) -> Response:
    """Show exactly what would go; nothing is deleted."""
    return _ask_to_delete(number)


@views.post(f"/case/{_NUMBER}/delete", provide_automatic_options=False)
def delete(number: int) -> Response:
    """The second press."""
    tips = tips_of_case(home(), number)
    try:
        delete_case(home(), number, because=typed("because"), today=today(), code=typed("code"))
    except ProgramError as error:
        return _ask_to_delete(number, problem=error)
    for one in tips:
        desk().desk_session.drafts.forget_below(url_for("tip.show", short_id=one.short_id))
    desk().desk_session.drafts.forget_below(url_for("cases.show", number=number))
    return to("cases.show_all")


def _ask_to_delete(number: int, *, problem: ProgramError | None = None) -> Response:
    tips = tips_of_case(home(), number)
    return page(
        "delete_case.html",
        200 if problem is None else 422,
        case=find_case(home(), number),
        lines=going_of_case(home(), number, tips),
        code=code_of_case(home(), number, tips),
        reasons=REASONS,
        problem=problem,
    )


@views.post(f"/case/{_NUMBER}/note", provide_automatic_options=False)
def note(number: int) -> Response:
    add_case_note(home(), number, typed("text"), is_private="private" in request.form, today=today())
    return _to(number)


@views.post(f"/case/{_NUMBER}/note/<name>/destroy", provide_automatic_options=False)
def destroy_note(number: int, name: str) -> Response:
    destroy_case_note(home(), number, _number(name), today=today())
    return _to(number)


def _number(untrusted: str) -> int:
    """A number in an address or a form; 0, which nothing has, for other text."""
    return int(untrusted) if untrusted.isascii() and untrusted.isdecimal() and len(untrusted) < 10 else 0


def _to(number: int) -> Response:
    return Response(status=303, headers={"Location": url_for("cases.show", number=number)})
