"""Tables for others: a preview for the team, the record of releases, and corrections."""

from pathlib import Path
from typing import Final

from flask import Blueprint, Response, request, url_for

from crypto.primitives.week import Quarter
from reviewer.desk.page import absolute, home, page, typed
from reviewer.desk.translated_terms import tr
from reviewer.desk.views.session import to
from reviewer.leaving.readable_places import proposed_folders
from reviewer.publication.next_publisher import name_publisher, who_names_publisher
from reviewer.publication.open_tables import SOURCES, beside_us
from reviewer.publication.publisher import publisher
from reviewer.publication.register import TABLES, registered
from reviewer.publication.release_record import Release, releases
from reviewer.publication.releases import propose, publish, quarter_named
from reviewer.publication.whole_record import confirm_last, in_question, is_unsure, say_never_left
from reviewer.publication.written import to_csv, write_csv
from reviewer.sharing.party import reviewers
from system.clock import today
from system.errors import ProgramError

_QUARTERS_OFFERED: Final = 8
_MOST_DIGITS: Final = 7

views = Blueprint("publication", __name__)


@views.get("/published", provide_automatic_options=False)
def overview() -> Response:
    """The registered tables, the last closed quarters, and what was published."""
    return _overview()


@views.post("/published/publisher", provide_automatic_options=False)
def name() -> Response:
    """Name the reviewer who publishes."""
    try:
        name_publisher(home(), typed("publisher"), today=today())
    except ProgramError as error:
        return _overview(problem=error)
    return to("publication.overview")


@views.post("/published/last", provide_automatic_options=False)
def last() -> Response:
    """After a restore or a taking over: say which table was the last that left."""
    number = typed("last").strip()
    is_number = number.isascii() and number.isdecimal() and len(number) <= _MOST_DIGITS
    try:
        confirm_last(home(), int(number) if is_number else -1, are_lost=bool(typed("lost")), today=today())
    except ProgramError as error:
        return _overview(problem=error, last_said=number)
    return to("publication.overview")


@views.post("/published/never-left", provide_automatic_options=False)
def never_left() -> Response:
    """Say that a release of a colleague never left."""
    if not typed("sure"):
        return _overview(problem=ProgramError("tick that you know it"))
    try:
        say_never_left(home(), typed("release"), signed_by=typed("signed-by"), today=today())
    except ProgramError as error:
        return _overview(problem=error)
    return to("publication.overview")


@views.get("/published/preview", provide_automatic_options=False)
def preview() -> Response:
    """One table as others would read it, with the reason for each number that is left out."""
    return _preview(request.args.get("table", ""), request.args.get("quarter", ""))


@views.post("/published/publish", provide_automatic_options=False)
def release() -> Response:
    """Record the release."""
    table, quarter, because = (typed(part) for part in ("table", "quarter", "because"))
    try:
        proposal = propose(home(), registered(table), quarter_named(quarter), today=today())
        done = publish(home(), proposal, because=because, code=typed("code"), today=today())
    except ProgramError as error:
        return _preview(table, quarter, because=because, problem=error)
    return Response(status=303, headers={"Location": url_for("publication.show", release_id=done.release_id)})


@views.get("/published/open-tables", provide_automatic_options=False)
def open_tables() -> Response:
    """Open tables of others beside our own pattern, for the team."""
    found = beside_us(home(), with_indicators="indicators" in request.args, today=today())
    home().casebook.log.add("open tables", "for the team", today=today())
    return page("open_tables.html", found=found, sources=SOURCES)


@views.get("/published/<release_id>", provide_automatic_options=False)
def show(release_id: str) -> Response:
    """One release, as it left."""
    return _show(_find(release_id))


@views.post("/published/<release_id>/write", provide_automatic_options=False)
def write(release_id: str) -> Response:
    """Write the release to a new file, on a medium or in memory."""
    done = _find(release_id)
    try:
        target = absolute(typed("place") or typed("folder").strip())
        write_csv(done, target)
    except ProgramError as error:
        return _show(done, problem=error)
    home().casebook.log.add("release written again", f"{done.table} of {done.quarter}", today=today())
    return _show(done, written=target)


def _find(release_id: str) -> Release:
    found = next((one for one in releases(home()) if one.release_id == release_id), None)
    if found is None:
        raise ProgramError("no release has this id")
    return found


def _overview(*, problem: ProgramError | None = None, last_said: str = "") -> Response:
    quarters, quarter = [], Quarter.of(today())
    for _ in range(_QUARTERS_OFFERED):
        quarter = Quarter(quarter.year, quarter.number - 1) if quarter.number > 1 else Quarter(quarter.year - 1, 4)
        quarters.append(quarter)
    named, names = None, who_names_publisher(home())
    try:
        named = publisher(home())
    except ProgramError as error:
        problem = problem or error
    return page(
        "published.html",
        tables=list(TABLES.values()),
        quarters=quarters,
        releases=list(reversed(releases(home()))),
        publisher=named,
        names=names,
        is_unsure=is_unsure(home()),
        in_question=in_question(home()),
        last_said=last_said,
        is_here=names == home().party_keys().name,
        reviewers=reviewers(home()),
        problem=problem,
        status=200 if problem is None else 422,
    )


def _preview(table: str, quarter: str, *, because: str = "", problem: ProgramError | None = None) -> Response:
    try:
        proposal = propose(home(), registered(table), quarter_named(quarter), today=today())
    except ProgramError as error:
        return _overview(problem=problem or error)
    counted = proposal.counted
    last_row, last_column = len(counted.rows), len(counted.columns)
    rows = [row for row in range(last_row) if any(counted.counts((row, last_column or 0)))]
    columns = [column for column in range(last_column) if any(counted.counts((last_row, column)))]
    return page(
        "publish.html",
        proposal=proposal,
        rows=[*rows, last_row],
        columns=columns + ([last_column] if counted.has_row_totals else []) if last_column else [0],
        empty_lines=last_row + last_column - len(rows) - len(columns),
        units=", ".join(tr(unit.name) for unit in proposal.registered.units),
        because=because,
        problem=problem,
        status=200 if problem is None else 422,
    )


def _show(done: Release, *, written: Path | None = None, problem: ProgramError | None = None) -> Response:
    return page(
        "release.html",
        release=done,
        title=TABLES[done.table].title if done.table in TABLES else done.table,
        text=to_csv(done),
        places=proposed_folders(f"{done.table}-{done.quarter}.csv"),
        written=written,
        problem=problem,
        status=200 if problem is None else 422,
    )
