"""Old cases from a spreadsheet: its columns, a preview, and the import."""

from contextlib import AbstractContextManager

from flask import Blueprint, Response, request

from reviewer.casebook.imported_tables import OLD_CASES
from reviewer.cases.old_cases import DAY_ORDERS, ColumnMap, TablePreview, import_old_cases, preview
from reviewer.desk.given_table import provenance_of, require_shown, typed_sheet
from reviewer.desk.page import absolute, desk, home, page, typed
from reviewer.linking.tip_reading import read_new_tips
from reviewer.viewers.tables import OpenTable, open_table
from system.clock import today
from system.errors import ProgramError

_FIELDS = ("file", "sheet", "day", "language", "danger", "days", "publisher", "licence", "version", "sha256")
_READ_AT_ONCE = 300
views = Blueprint("old_cases", __name__)


@views.get("/old-cases", provide_automatic_options=False)
def ask() -> Response:
    return _page({"sheet": "1", "days": DAY_ORDERS[0]})


@views.post("/old-cases/look", provide_automatic_options=False)
def look() -> Response:
    """Show the columns, and with chosen ones the first rows. Each is checked, none is kept."""
    given = _given()
    try:
        columns = _columns(given)
        with _opened(given) as table:
            shown = preview(table, columns if columns.text else None, today=today())
            given["sha256"] = table.sha256.hex()
    except ProgramError as error:
        return _page(given, problem=error)
    home().casebook.log.add("old cases previewed", f"{shown.rows} rows", today=today())
    return _page(given, shown=shown)


@views.post("/old-cases/import", provide_automatic_options=False)
def bring() -> Response:
    """Keep all rows of the file that was shown, or none."""
    given = _given()
    try:
        with _opened(given) as table:
            require_shown(given, table)
            provenance = provenance_of(given, table, version=given["version"])
            count = import_old_cases(home(), table, _columns(given), provenance, today=today())
    except ProgramError as error:
        return _page(given, problem=error)
    read_new_tips(home(), most=_READ_AT_ONCE)
    return _page({"sheet": "1", "days": DAY_ORDERS[0]}, imported=count)


def _opened(given: dict[str, str]) -> AbstractContextManager[OpenTable]:
    sheet = typed_sheet(given["sheet"])
    return open_table(absolute(given["file"]), sheet=sheet, children=desk().desk_session.children)


def _given() -> dict[str, str]:
    return {name: typed(name) for name in _FIELDS}


def _columns(given: dict[str, str]) -> ColumnMap:
    order = given["days"] if given["days"] in DAY_ORDERS else DAY_ORDERS[0]
    return ColumnMap(
        tuple(request.form.getlist("text")), given["day"], given["language"], given["danger"], day_order=order
    )


def _page(
    given: dict[str, str],
    *,
    shown: TablePreview | None = None,
    imported: int = 0,
    problem: ProgramError | None = None,
) -> Response:
    return page(
        "old_cases.html",
        422 if problem else 200,
        given=dict.fromkeys(_FIELDS, "") | given,
        texts=request.form.getlist("text"),
        shown=shown,
        imported=imported,
        problem=problem,
        day_orders={"ymd": "2019-04-03", "dmy": "3.4.2019", "mdy": "4/3/2019"},
        tables=home().casebook.imported_tables.all(OLD_CASES),
    )
