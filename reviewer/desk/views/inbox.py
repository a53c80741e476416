"""The marks of staff on a tip: labels, status, star, due day, unread, case."""

from collections.abc import Mapping

from flask import Blueprint, Response, request, url_for

from reviewer.casebook.submission import Submission
from reviewer.casebook.thread_marks import Status
from reviewer.cases.case_work import add_threads, open_case, remove_threads
from reviewer.cases.marking import (
    parse_day,
    set_due,
    set_labels,
    set_read,
    set_star,
    set_status,
    thread_of,
)
from reviewer.desk.page import home, typed
from reviewer.desk.shown_inbox import shown_marks
from reviewer.desk.stale_form import TypedField, require_no_conflict, typed_fields
from reviewer.desk.views.session import to
from reviewer.desk.views.tip import tip_page
from system.clock import today
from system.errors import ProgramError

MARKS = "marks"

views = Blueprint("inbox", __name__, url_prefix="/tip/<short_id>")


@views.post("/marks", provide_automatic_options=False)
def mark(short_id: str) -> Response:
    """Set what the form has; only what differs is changed and logged, all of it or nothing."""
    submission = home().casebook.submissions.find(short_id)
    fields = typed_fields(shown_marks(home().casebook.threads.of(thread_of(home(), submission))))
    try:
        _set_marks(submission, fields)
    except ProgramError as error:
        drafts = {f"{MARKS}-{name}": one.wanted for name, one in fields.items()}
        drafts[f"{MARKS}-labels"] = ", ".join(_merged(fields["labels"]))
        return tip_page(submission, drafts=drafts, problem=(MARKS, error))
    return to("tip.show", short_id=submission.short_id)


def _set_marks(submission: Submission, fields: Mapping[str, TypedField]) -> None:
    """Write the fields that the person changed. Labels of colleagues stay as they set them."""
    thread, now = thread_of(home(), submission), today()
    due, status = fields["due"], _status(fields["status"].wanted)
    day = parse_day(due.typed) if due.typed and due.is_changed else None
    require_no_conflict({name: one for name, one in fields.items() if name != "labels"})
    with home().casebook.changing():
        if fields["status"].is_changed or fields["reason"].is_changed:
            set_status(home(), thread, status, fields["reason"].wanted, today=now)
        if fields["starred"].is_changed:
            set_star(home(), thread, is_starred=bool(fields["starred"].typed), today=now)
        if due.is_changed:
            set_due(home(), thread, day, today=now)
        set_labels(home(), thread, _merged(fields["labels"]), today=now)


def _merged(labels: TypedField) -> list[str]:
    """The labels that are there now, with those that the person added and without those taken away."""
    showed, typed_now, now = (
        {name.strip() for name in text.split(",")} - {""} for text in (labels.showed, labels.typed, labels.now)
    )
    return sorted((now - (showed - typed_now)) | (typed_now - showed))


@views.post("/unread", provide_automatic_options=False)
def unread(short_id: str) -> Response:
    """Mark as unread, and back to the list: its own page would mark it as read at once."""
    submission = home().casebook.submissions.find(short_id)
    set_read(home(), submission, is_read=False, today=today())
    which = request.args.get("which")
    return Response(status=303, headers={"Location": url_for("listing.tips", which=which)})


@views.post("/case", provide_automatic_options=False)
def join(short_id: str) -> Response:
    """Put the thread into a case, a new one where a name was typed; or take it out."""
    submission = home().casebook.submissions.find(short_id)
    thread = thread_of(home(), submission)
    if "leave" in request.form:
        remove_threads(home(), _case(typed("leave")), [thread], today=today())
    elif typed("name").strip():
        open_case(home(), typed("name"), [thread], today=today())
    else:
        add_threads(home(), _case(typed("case")), [thread], today=today())
    return to("tip.show", short_id=submission.short_id)


def _status(untrusted: str) -> Status:
    try:
        return Status(untrusted)
    except ValueError as error:
        raise ProgramError(f"status must be one of: {', '.join(Status)}") from error


def _case(untrusted: str) -> int:
    if not (untrusted.isascii() and untrusted.isdecimal() and len(untrusted) < 10):
        raise ProgramError("choose a case, or type the name of a new one")
    return int(untrusted)
