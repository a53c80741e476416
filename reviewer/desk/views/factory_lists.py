"""Lists of factories, the question "same place?", and traces of lots."""

import itertools

from flask import Blueprint, Response, request, url_for

from reviewer.casebook.facility_matches import FacilityAnswer
from reviewer.desk.given_table import provenance_of, require_shown, typed_sheet
from reviewer.desk.page import absolute, desk, home, page, typed
from reviewer.facilities.accepting import LONGEST_REASON
from reviewer.facilities.facility_flags import fault_sentence
from reviewer.facilities.list_import import FacilityImport, forget_list
from reviewer.facilities.list_rows import list_row
from reviewer.facilities.next_question import MOST_COUNTED, open_questions, shown_pair
from reviewer.facilities.other_lists import KINDS, bring_list, files_of
from reviewer.facilities.same_place import decide, undo
from reviewer.facilities.tracing import LotTrace, trace_lot
from reviewer.viewers.tables import open_table
from system.clock import today
from system.errors import ProgramError

_FIELDS = ("file", "columns", "kind", "sheet", "publisher", "licence", "edition", "follows", "older", "sha256")
_FIRST, _SECOND = "<int(max=1000000000):first>", "<int(max=1000000000):second>"
views = Blueprint("factory_lists", __name__)


@views.get("/factories/lists", provide_automatic_options=False)
def lists() -> Response:
    return _lists({})


@views.post("/factories/lists", provide_automatic_options=False)
def bring() -> Response:
    """Check every row of a file, or keep all of them."""
    given = {name: typed(name).strip() for name in _FIELDS}
    is_check = "check" in request.form
    try:
        done = _bring(given, is_check=is_check)
    except ProgramError as error:
        return _lists(given, problem=error)
    return _lists(given if is_check else {}, done=done)


@views.post("/factories/lists/forget", provide_automatic_options=False)
def forget() -> Response:
    """Delete a list and all that depends on it; asked twice."""
    if "sure" not in request.form:
        return _lists({}, doomed=typed("name"))
    try:
        forget_list(home(), typed("name"), today=today())
    except ProgramError as error:
        return _lists({}, problem=error)
    return Response(status=303, headers={"Location": url_for("factory_lists.lists")})


@views.get("/factories/lists/<name>/<int(max=100000000):line>", provide_automatic_options=False)
def row(name: str, line: int) -> Response:
    """One row of a list, as it came."""
    found = list_row(home().casebook, name, line)
    home().casebook.log.add("row of a list shown", found.facility_list.name, today=today())
    return page("list_row.html", row=found)


@views.get("/factories/same", provide_automatic_options=False)
def next_pair() -> Response:
    """The next open question, or that there is none."""
    found = next(open_questions(home().casebook), None)
    if found is None:
        return page("factory_question.html", shown=None, count=0, following=None, problem=None)
    return _to_pair(found.one, found.other)


@views.get(f"/factories/same/{_FIRST}/{_SECOND}", provide_automatic_options=False)
def pair(first: int, second: int) -> Response:
    return _pair(first, second)


@views.post(f"/factories/same/{_FIRST}/{_SECOND}", provide_automatic_options=False)
def answer(first: int, second: int) -> Response:
    """Keep an answer or undo one, and go on with the next question."""
    word = typed("answer")
    try:
        if word == "undo":
            undo(home(), f"F-{first}", f"F-{second}", today=today())
            return _to_pair(first, second)
        decide(home(), f"F-{first}", f"F-{second}", _chosen(word), because=typed("because"), today=today())
    except ProgramError as error:
        return _pair(first, second, problem=error)
    return Response(status=303, headers={"Location": url_for("factory_lists.next_pair")})


@views.get("/factories/trace", provide_automatic_options=False)
def ask_trace() -> Response:
    return _trace()


@views.post("/factories/trace", provide_automatic_options=False)
def trace() -> Response:
    """Trace a lot; its name comes by POST, so that no address keeps it."""
    lot, is_up = typed("lot").strip(), typed("way") != "down"
    try:
        found = trace_lot(home().casebook, lot, is_up=is_up)
    except ProgramError as error:
        return _trace(lot, is_up=is_up, problem=error)
    home().casebook.log.add("lot traced", f"{len(found.lines)} lines", today=today())
    return _trace(lot, is_up=is_up, found=found)


def _chosen(word: str) -> FacilityAnswer:
    if word not in set(FacilityAnswer):
        raise ProgramError("choose one: same, different, or later")
    return FacilityAnswer(word)


def _bring(given: dict[str, str], *, is_check: bool) -> FacilityImport:
    kind, sheet = given["kind"], typed_sheet(given["sheet"] or "1")
    if kind not in KINDS:
        raise ProgramError("choose the kind of list")
    path = absolute(given["file"])
    columns = absolute(given["columns"]) if given["columns"] else None
    children = desk().desk_session.children
    with open_table(path, sheet=sheet, children=children, kinds=files_of(kind)) as table:
        if not is_check and given["sha256"]:
            require_shown(given, table)
        provenance = provenance_of(given, table, version=given["edition"])
        is_older = given["older"] == "yes"
        done = bring_list(
            *(home(), table, kind, columns, provenance),
            is_check=is_check,
            is_older=is_older,
            follows=given["follows"],
            today=today(),
        )
        given["sha256"] = table.sha256.hex()
    return done


def _lists(
    given: dict[str, str],
    *,
    done: FacilityImport | None = None,
    doomed: str = "",
    problem: ProgramError | None = None,
) -> Response:
    return page(
        "factory_lists.html",
        422 if problem else 200,
        given=dict.fromkeys(_FIELDS, "") | given,
        kinds=KINDS,
        lists=home().casebook.facility_lists.all(),
        done=done,
        doomed=doomed,
        problem=problem,
    )


def _pair(one: int, other: int, *, problem: ProgramError | None = None) -> Response:
    shown = shown_pair(home().casebook, one, other)
    if shown is None:
        raise ProgramError("there is no such facility")
    some = itertools.islice(open_questions(home().casebook), 2)
    following = next((each for each in some if (each.one, each.other) != (min(one, other), max(one, other))), None)
    home().casebook.log.add("facility question", f"F-{one} F-{other}", today=today())
    return page(
        "factory_question.html",
        422 if problem else 200,
        shown=shown,
        count=home().casebook.facility_matches.count_undecided(most=MOST_COUNTED),
        following=following,
        longest=LONGEST_REASON,
        typed=request.form,
        problem=problem,
    )


def _to_pair(first: int, second: int) -> Response:
    return Response(status=303, headers={"Location": url_for("factory_lists.pair", first=first, second=second)})


def _trace(
    lot: str = "", *, is_up: bool = True, found: LotTrace | None = None, problem: ProgramError | None = None
) -> Response:
    return page(
        "factory_trace.html",
        422 if problem else 200,
        lot=lot,
        is_up=is_up,
        found=found,
        fault_sentence=fault_sentence,
        problem=problem,
    )
