"""Entering a report that came by telephone."""

from flask import Blueprint, Response, request

from reviewer.cases.marking import own_name, parse_day
from reviewer.cases.telephone import REPORT_BYTES, enter_report
from reviewer.desk.page import home, page, typed
from reviewer.desk.views.session import to
from reviewer.linking.tip_reading import read_new_tips
from system.clock import today
from system.errors import ProgramError

views = Blueprint("telephone", __name__)


@views.get("/telephone", provide_automatic_options=False)
def ask() -> Response:
    return _page({"text": "", "by": own_name(home()), "day": today().isoformat()})


@views.post("/telephone", provide_automatic_options=False)
def enter() -> Response:
    given = {name: typed(name) for name in ("text", "by", "day", "language", "danger")}
    try:
        submission = enter_report(
            home(),
            given["text"],
            by=given["by"],
            day=parse_day(given["day"]),
            is_urgent=bool(given["danger"]),
            language=given["language"].strip(),
            today=today(),
        )
    except ProgramError as error:
        return _page(given, problem=error)
    read_new_tips(home())
    return to("tip.show", short_id=submission.short_id)


def _page(given: dict[str, str], *, problem: ProgramError | None = None) -> Response:
    return page(
        "telephone.html",
        422 if problem else 200,
        given={"language": "", "danger": ""} | given,
        problem=problem,
        limit=REPORT_BYTES,
        which=request.args.get("which"),
    )
