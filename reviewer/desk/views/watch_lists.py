"""Lists of persons, firms and digests: preview, import, hits and questions, and removal."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager

from flask import Blueprint, Response, request, url_for

from reviewer.casebook.kept_figures import TABLE_KIND
from reviewer.casebook.list_matches import ListAnswer
from reviewer.desk.given_table import provenance_of, require_shown, typed_sheet
from reviewer.desk.page import absolute, desk, home, page, typed
from reviewer.linking.entity_work import open_entity
from reviewer.linking.list_page import SOUGHT_WARNING, WEAK_BELOW, ListPage, ShownMatch, answer_match
from reviewer.linking.tip_reading import home_regions, read_new_tips
from reviewer.lists.list_entries import READS_AS
from reviewer.lists.list_import import KINDS, ImportedList, ListChoice, ListPreview, import_watched, preview_list
from reviewer.lists.list_removal import remove_list, where_it_stays
from reviewer.lists.open_sums import conditions, ways_to_read
from reviewer.sharing.link_appliers import REASON_LETTERS
from reviewer.viewers.tables import OpenTable, open_table
from system.clock import today
from system.errors import ProgramError

_FIELDS = ("file", "sheet", "kind", "only", "publisher", "licence", "edition", "sha256")
_NUMBER = "<int(max=1000000000000):number>"
_MOST_LISTED = 30
_READ_AT_ONCE = 300
_MOST_COLUMNS = 100
_COLUMN, _READS_AS = "column-", "reads-"
views = Blueprint("watch_lists", __name__)


@views.app_template_global("list_matches_of")
def matches_of(entity: int) -> list[ShownMatch]:
    """For the page of an entity whose words are shown: its hits and questions."""
    findings = home().casebook.findings.of_entity(entity)
    return ListPage(home(), unmask=frozenset({entity})).of_findings(one.number for one in findings)


@views.get("/lists", provide_automatic_options=False)
def show_all() -> Response:
    """The lists that are here, and the form for another one."""
    return _page({"sheet": "1", "kind": ""})


@views.post("/lists/look", provide_automatic_options=False)
def look() -> Response:
    """Check every row and show the first entries. Nothing is kept."""
    given = _given()
    try:
        choice = _choice(given)
        with _opened(given, choice) as table:
            shown = preview_list(table, choice)
            given["sha256"] = table.sha256.hex()
    except ProgramError as error:
        return _page(given, problem=error)
    home().casebook.log.add("list previewed", f"{shown.rows} rows", today=today())
    return _page(given, shown=shown)


@views.post("/lists/import", provide_automatic_options=False)
def bring() -> Response:
    """Keep the list that was shown: all of it, or nothing."""
    given = _given()
    try:
        choice = _choice(given)
        with _opened(given, choice) as table:
            require_shown(given, table)
            provenance = provenance_of(given, table, version=given["edition"])
            read_new_tips(home(), most=_READ_AT_ONCE)
            done = import_watched(home(), table, choice, provenance, today=today())
    except ProgramError as error:
        return _page(given, problem=error)
    return _page({"sheet": "1", "kind": ""}, done=done)


@views.get("/lists/hits", provide_automatic_options=False)
def hits() -> Response:
    """Open hits and questions, or those with an answer. Of protected persons only how many."""
    read_new_tips(home(), most=_READ_AT_ONCE)
    answered = "answered" in request.args
    with_weak = "weak" in request.args
    answers = [one for one in ListAnswer if (one is ListAnswer.OPEN) != answered]
    found = ListPage(home()).listed(with_weak=with_weak, answers=answers, most=_MOST_LISTED)
    home().casebook.log.add("list hits", f"{len(found.shown)} shown", today=today())
    return page("list_hits.html", found=found, answered=answered, with_weak=with_weak)


@views.get(f"/lists/hit/{_NUMBER}", provide_automatic_options=False)
def show(number: int) -> Response:
    shown = ListPage(home()).find(number)
    home().casebook.log.add("list hits", "1 shown", today=today())
    return _match(shown)


@views.post(f"/lists/hit/{_NUMBER}/open", provide_automatic_options=False)
def open_once(number: int) -> Response:
    """Show both sides though the person is protected or closed, on this one page, with a reason."""
    shown = ListPage(home()).find(number)
    if shown.owner is None:
        return _match(shown)
    try:
        open_entity(home(), shown.owner, typed("because"), today=today())
    except ProgramError as error:
        return _match(shown, problem=error)
    return _match(ListPage(home(), unmask=frozenset({shown.owner})).find(number), is_opened=True)


@views.post(f"/lists/hit/{_NUMBER}", provide_automatic_options=False)
def answer(number: int) -> Response:
    """Note an answer, and go on with the next one."""
    try:
        answer_match(home(), number, _answer(typed("answer")), because=typed("because"), today=today())
    except ProgramError as error:
        return _match(ListPage(home()).find(number), problem=error)
    return Response(status=303, headers={"Location": url_for("watch_lists.hits")})


@views.get(f"/lists/{_NUMBER}/remove", provide_automatic_options=False)
def ask_to_remove(number: int) -> Response:
    """Say what would go; nothing is changed."""
    return _removal(number)


@views.post(f"/lists/{_NUMBER}/remove", provide_automatic_options=False)
def remove(number: int) -> Response:
    """The second press."""
    try:
        gone = remove_list(home(), number, today=today())
    except ProgramError as error:
        return _page({"sheet": "1", "kind": ""}, problem=error)
    return _page({"sheet": "1", "kind": ""}, removed=[gone.name, *where_it_stays(home())])


def _answer(word: str) -> ListAnswer:
    try:
        return ListAnswer(word)
    except ValueError as error:
        raise ProgramError("choose one: yes, no, or not sure") from error


def _given() -> dict[str, str]:
    return {name: typed(name) for name in _FIELDS}


def _choice(given: Mapping[str, str]) -> ListChoice:
    columns, ways = {}, _ways(given)
    for at in range(_MOST_COLUMNS):
        if (column := request.form.get(f"{_COLUMN}{at}")) is None:
            break
        reads_as = typed(f"{_READS_AS}{at}")
        columns[column] = reads_as if reads_as in ways else ""
    only = conditions([line for line in given["only"].splitlines() if line.strip()])
    # A list that was looked at as another kind is looked at by its headings.
    known = columns if any(columns.values()) else None
    return ListChoice.of(given["kind"], absolute(given["file"]), known, regions=home_regions(home()), only=only)


def _ways(given: Mapping[str, str]) -> Sequence[str]:
    return ways_to_read() if given.get("kind") == TABLE_KIND else READS_AS


def _opened(given: Mapping[str, str], choice: ListChoice) -> AbstractContextManager[OpenTable]:
    return open_table(
        absolute(given["file"]),
        sheet=typed_sheet(given["sheet"]),
        with_entities=choice.has_lines,
        children=desk().desk_session.children,
    )


def _page(
    given: Mapping[str, str],
    *,
    shown: ListPreview | None = None,
    done: ImportedList | None = None,
    removed: list[str] | None = None,
    problem: ProgramError | None = None,
) -> Response:
    return page(
        "watch_lists.html",
        422 if problem else 200,
        lists=home().casebook.listed.all(),
        on_lists=home().casebook.list_matches.entities_by_list(least=WEAK_BELOW),
        given=dict.fromkeys(_FIELDS, "") | dict(given),
        kinds=KINDS,
        ways_to_read=_ways(given),
        shown=shown,
        done=done,
        removed=removed,
        problem=problem,
    )


def _match(shown: ShownMatch, *, is_opened: bool = False, problem: ProgramError | None = None) -> Response:
    return page(
        "list_match.html",
        422 if problem else 200,
        shown=shown,
        is_opened=is_opened,
        sought_warning=SOUGHT_WARNING,
        reason_letters=REASON_LETTERS,
        typed=request.form,
        problem=problem,
    )


def _removal(number: int) -> Response:
    found = home().casebook.listed.find(number)
    if found is None:
        return _page({"sheet": "1", "kind": ""}, problem=ProgramError("there is no such list"))
    hits, questions = home().casebook.list_matches.count_of_list(number)
    return page(
        "list_remove.html",
        watched=found,
        hits=hits,
        questions=questions,
        stays=where_it_stays(home()),
    )
