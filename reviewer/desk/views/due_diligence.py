"""Due diligence at the desk: diary and workers of a factory, and reports before and after they leave."""

import re
from collections.abc import Callable
from pathlib import Path

from flask import Blueprint, Response, request, url_for

from reviewer.cases.saving_place import require_place_for_file, write_leaving
from reviewer.cases.shown_code import NOT_SHOWN, require_shown
from reviewer.desk.page import absolute, home, page, typed
from reviewer.diligence import company_answering, diary, releasing, sending
from reviewer.diligence.readers import COMPANY, INSIDE, NO_VERDICT, OUTSIDE, READERS, STEPS
from reviewer.diligence.report import report_about
from reviewer.facilities.places import confirmed_place
from reviewer.facilities.same_place import find_facility
from reviewer.leaving.readable_places import proposed_folders
from reviewer.supply.indicators import indicator_titles
from system.clock import today
from system.errors import ProgramError

_NUMBER = "<int(max=1000000000):number>"
_MOST_SHOWN = 100
views = Blueprint("due_diligence", __name__)


@views.get(f"/factory/{_NUMBER}/diary", provide_automatic_options=False)
def show_diary(number: int) -> Response:
    """The diary of a factory by step, and how many people work there."""
    return _diary(number)


@views.post(f"/factory/{_NUMBER}/diary", provide_automatic_options=False)
def write_diary(number: int) -> Response:
    """Write an entry, mark one as done, or delete one."""

    def act() -> None:
        name = typed("entry")
        match typed("act"):
            case "done":
                diary.finish_entry(home(), name, today=today())
            case "delete":
                diary.delete_entry(home(), name, today=today())
            case _:
                diary.write_entry(
                    *(home(), f"F-{number}"),
                    step=_whole(typed("step")),
                    did=typed("did"),
                    person=typed("person"),
                    document=typed("document"),
                    readers=[one for one in OUTSIDE if typed(f"for_{one}")],
                    due=typed("due"),
                    today=today(),
                )

    return _done(act, lambda problem: _diary(number, problem), url_for("due_diligence.show_diary", number=number))


@views.post(f"/factory/{_NUMBER}/workers", provide_automatic_options=False)
def workers(number: int) -> Response:
    """Record how many people work there."""

    def act() -> None:
        count = _whole(typed("workers"))
        releasing.know_workers(home(), f"F-{number}", count, source=typed("source"), today=today())

    return _done(act, lambda problem: _diary(number, problem), url_for("due_diligence.show_diary", number=number))


@views.get(f"/factory/{_NUMBER}/report/<reader>", provide_automatic_options=False)
def show_report(number: int, reader: str) -> Response:
    """A report before it leaves, with all that is held back."""
    return _report(number, reader)


@views.post(f"/factory/{_NUMBER}/report/<reader>/sentence", provide_automatic_options=False)
def sentence(number: int, reader: str) -> Response:
    """Release a sentence that derives from tips, or withdraw that."""

    def act() -> None:
        chosen = (home(), f"F-{number}", typed("indicator"), reader)
        if typed("act") == "withdraw":
            releasing.withdraw_sentence(*chosen, because=typed("because"), today=today())
        else:
            releasing.release_sentence(*chosen, because=typed("because"), today=today())

    back = url_for("due_diligence.show_report", number=number, reader=reader)
    return _done(act, lambda problem: _report(number, reader, problem), back)


@views.post(f"/factory/{_NUMBER}/report/<reader>/settle", provide_automatic_options=False)
def settle(number: int, reader: str) -> Response:
    """Decide on a source without a yes that staff took from this place."""

    def act() -> None:
        releasing.settle_refusal(home(), f"F-{number}", reader, because=typed("because"), today=today())

    back = url_for("due_diligence.show_report", number=number, reader=reader)
    return _done(act, lambda problem: _report(number, reader, problem), back)


@views.post(f"/factory/{_NUMBER}/report/<reader>/send", provide_automatic_options=False)
def send(number: int, reader: str) -> Response:
    """Put the report on record, and write it to a medium or into memory."""
    try:
        target, on_disk = _target(), typed("on_disk") == "yes"
        require_place_for_file(target, on_disk=on_disk)
        made = report_about(home(), f"F-{number}", reader, today=today())
        sending.require_seen(made, typed("seen"))
        is_asked = len(typed("blamed").strip()) > 1
        sending.send_report(
            *(home(), made, typed("recipient"), target), is_asked=is_asked, on_disk=on_disk, today=today()
        )
    except ProgramError as error:
        return _report(number, reader, error)
    return _reports(written=target)


@views.get("/factories/reports", provide_automatic_options=False)
def reports() -> Response:
    """The reports that left, with their recipients."""
    return _reports()


@views.get("/factories/reports/<name>/correct", provide_automatic_options=False)
def show_correction(name: str) -> Response:
    """The correction of a report before it leaves, with its recipient and the others who got the same."""
    return _correction(name)


@views.post("/factories/reports/<name>/correct", provide_automatic_options=False)
def correct(name: str) -> Response:
    """Withdraw a report, and write the correction that was shown, for its recipient."""
    try:
        require_shown(typed("code") or NOT_SHOWN, sending.correction_of(home(), name, today=today()).code)
        target = _target()
        require_place_for_file(target, on_disk=typed("on_disk") == "yes")
        correction = sending.withdraw_report(home(), name, because=typed("because"), today=today())
        write_leaving(target, correction.html, on_disk=typed("on_disk") == "yes")
    except ProgramError as error:
        return _correction(name, error)
    return _reports(written=target)


@views.post("/factories/reports/<name>/again", provide_automatic_options=False)
def again(name: str) -> Response:
    """Write the file of a report again, as it left."""
    try:
        target = _target()
        sending.write_again(home(), name, target, on_disk=typed("on_disk") == "yes", today=today())
    except ProgramError as error:
        return _reports(problem=error, at=name)
    return _reports(written=target)


@views.post(f"/factory/{_NUMBER}/answered/withdraw", provide_automatic_options=False)
def unanswer(number: int) -> Response:
    """Withdraw an answer that was kept by mistake."""

    def act() -> None:
        company_answering.withdraw_answer(home(), typed("answer"), because=typed("because"), today=today())

    back = url_for("due_diligence.show_report", number=number, reader="company")
    return _done(act, lambda problem: _report(number, "company", problem), back)


@views.post(f"/factory/{_NUMBER}/answered", provide_automatic_options=False)
def answered(number: int) -> Response:
    """Keep what the company answered to a finding, or correct an entry."""

    def act() -> None:
        company_answering.answer_finding(
            *(home(), f"F-{number}", typed("finding"), typed("answer")),
            day=diary.day_typed(typed("day")),
            in_place_of=typed("in_place_of"),
            because=typed("because"),
            today=today(),
        )

    back = url_for("due_diligence.show_report", number=number, reader="company")
    return _done(act, lambda problem: _report(number, "company", problem), back)


def _done(act: Callable[[], None], again: Callable[[ProgramError], Response], to: str) -> Response:
    try:
        act()
    except ProgramError as error:
        return again(error)
    return Response(status=303, headers={"Location": to})


def _diary(number: int, problem: ProgramError | None = None) -> Response:
    facility = find_facility(home().casebook, f"F-{number}")
    place = confirmed_place(home().casebook, facility.number)
    return page(
        "diary.html",
        200 if problem is None else 422,
        facility=facility,
        steps=STEPS,
        entries=diary.diary_of(home(), facility.name),
        known=home().casebook.due_diligence.workers(place),
        day=today(),
        typed=request.form if problem else {},
        problem=problem,
    )


def _report(number: int, reader: str, problem: ProgramError | None = None) -> Response:
    if reader not in READERS:
        raise ProgramError("a report is for one of company, authority, inside")
    facility = find_facility(home().casebook, f"F-{number}")
    made = report_about(home(), facility.name, reader, today=today())
    place = confirmed_place(home().casebook, facility.number)
    answers = company_answering.answers_about(home().casebook, facility.name) if reader == COMPANY else []
    home().casebook.log.add("report looked at", f"{facility.name} for {reader}", today=today())
    return page(
        "facility_report.html",
        200 if problem is None else 422,
        facility=facility,
        report=made,
        content=made.to_json(),
        answers=answers,
        left_with={one.number: company_answering.reports_with_answer(home().casebook, one) for one in answers},
        seen=sending.code_of(made),
        longest=company_answering.LONGEST_ANSWER,
        tellable=[] if reader == INSIDE else releasing.tellable(home().casebook, place, reader),
        is_undecided=reader != INSIDE and releasing.waits_for_decision(home().casebook, number, reader),
        settled=releasing.settled_refusals(home().casebook, number, reader),
        ended=[] if reader == INSIDE else releasing.ended_reports(home().casebook, place, reader),
        titles=indicator_titles(),
        steps=STEPS,
        readers=READERS,
        no_verdict=NO_VERDICT,
        is_inside=reader == INSIDE,
        places=proposed_folders(f"report-{facility.name}-{reader}.html"),
        typed=request.form if problem else {},
        problem=problem,
    )


def _reports(*, written: Path | None = None, problem: ProgramError | None = None, at: str = "") -> Response:
    sent = home().casebook.company_reports.all()
    home().casebook.log.add("reports shown", f"{len(sent)} shown", today=today())
    return page(
        "facility_reports.html",
        200 if problem is None else 422,
        reports=sent[:_MOST_SHOWN],
        no_longer_told={
            one.number: one.withdrawn_day is None and releasing.no_longer_told(home().casebook, one)
            for one in sent[:_MOST_SHOWN]
        },
        withdrawn_in={one.number: sending.withdrawn_findings(home().casebook, one) for one in sent[:_MOST_SHOWN]},
        again_places=proposed_folders("report.html"),
        written=written,
        at=at,
        problem=problem,
    )


def _correction(name: str, problem: ProgramError | None = None) -> Response:
    shown = sending.correction_of(home(), name, today=today())
    home().casebook.log.add("correction looked at", shown.report.name, today=today())
    return page(
        "report_correction.html",
        200 if problem is None else 422,
        report=shown.report,
        correction=shown,
        others=sending.sharing_reports(home().casebook, shown.report),
        places=proposed_folders(f"correction-{shown.report.name}.html"),
        longest=company_answering.LONGEST_ANSWER,
        typed=request.form if problem else {},
        problem=problem,
    )


def _target() -> Path:
    target = absolute(typed("place") or typed("folder").strip())
    if target.suffix not in {".html", ".json"}:
        raise ProgramError("the file of a report must end in .html or .json")
    return target


def _whole(text: str) -> int:
    return int(text) if re.fullmatch("[0-9]{1,7}", text.strip()) else 0
