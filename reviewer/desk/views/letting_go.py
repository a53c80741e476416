"""Letting go of a tip: deleting it or a part of it, the bin, and holds."""

from collections.abc import Iterable
from contextlib import suppress

from flask import Blueprint, Response, request, url_for

from reviewer.casebook.arrival import StoredFile
from reviewer.casebook.replies import SentReply
from reviewer.casebook.submission import Submission
from reviewer.cases.bin import delete_from_bin, put_back, put_in_bin
from reviewer.cases.deleting import REASONS, delete_answer, delete_file, delete_tips
from reviewer.cases.deletion_preview import (
    answer_identity,
    backup_lines,
    backups_of,
    file_identity,
    going_of,
    part_code,
)
from reviewer.cases.retention import hold, unhold
from reviewer.cases.shown_code import content_names, require_shown
from reviewer.desk.page import desk, home, page, typed
from reviewer.desk.views.session import to
from reviewer.errors import CasebookError
from reviewer.languages.staff_language import said
from reviewer.people.withdrawing import withdraw_gone
from system.clock import today
from system.errors import ProgramError

TIP, FILE, ANSWER = "tip", "file", "answer"

views = Blueprint("letting_go", __name__)


def taken_from_members(response: Response) -> Response:
    """After a press that may delete or hide a thing: it leaves the copies of members at once."""
    desk_session = desk().desk_session
    if request.method == "POST" and not desk_session.is_locked and not desk_session.is_for_member:
        with suppress(CasebookError):  # a damaged store of members stops no deletion
            withdraw_gone(home(), today=today())
    return response


views.after_request(taken_from_members)


@views.get("/tip/<short_id>/delete", provide_automatic_options=False)
def ask(short_id: str) -> Response:
    """Show exactly what would go, and in which backups it stays; nothing is deleted."""
    return _ask(_find(short_id), request.args.get("what", TIP))


@views.post("/tip/<short_id>/delete", provide_automatic_options=False)
def delete(short_id: str) -> Response:
    """The second press."""
    submission = _find(short_id)
    what, because = typed("what"), typed("because")
    try:
        part = _part(submission, what)
        _lines, code = _shown(submission, part)
        require_shown(typed("code"), code)
        if isinstance(part, StoredFile):
            delete_file(home(), submission, part, because=because, today=today())
        elif isinstance(part, SentReply):
            delete_answer(home(), submission, part, because=because, today=today())
        else:
            delete_tips(home(), [submission], because=because, today=today())
            desk().desk_session.drafts.forget_below(url_for("tip.show", short_id=submission.short_id))
            return to("listing.tips")
    except ProgramError as error:
        return _ask(submission, what, problem=error)
    return to("tip.show", short_id=submission.short_id)


@views.post("/tip/<short_id>/bin", provide_automatic_options=False)
def throw(short_id: str) -> Response:
    submission = _find(short_id)
    put_in_bin(home(), submission, today=today())
    desk().desk_session.drafts.forget_below(url_for("tip.show", short_id=submission.short_id))
    return to("listing.tips")


@views.post("/tip/<short_id>/hold", provide_automatic_options=False)
def keep(short_id: str) -> Response:
    submission = _find(short_id)
    if "undo" in request.form:
        unhold(home(), submission, today=today())
    else:
        hold(home(), submission, typed("reason"), today=today())
    return to("tip.show", short_id=submission.short_id)


@views.get("/bin", provide_automatic_options=False)
def bin_list() -> Response:
    return page("bin.html", tips=home().casebook.bin.all())


@views.post("/bin/<short_id>/back", provide_automatic_options=False)
def back(short_id: str) -> Response:
    tip = home().casebook.bin.find(short_id)
    put_back(home(), tip, today=today())
    return to("tip.show", short_id=tip.short_id)


@views.get("/bin/<short_id>/delete", provide_automatic_options=False)
def ask_from_bin(short_id: str) -> Response:
    tip = home().casebook.bin.find(short_id)
    backups = [one for one in home().casebook.backups.since(tip.backup) if one[1] <= tip.binned_day]
    lines = [said("gone for good: everything of this tip"), *backup_lines(backups)]
    return page("delete_from_bin.html", tip=tip, lines=lines)


@views.post("/bin/<short_id>/delete", provide_automatic_options=False)
def delete_binned(short_id: str) -> Response:
    """The second press."""
    delete_from_bin(home(), [home().casebook.bin.find(short_id)], today=today())
    return to("letting_go.bin_list")


def _ask(submission: Submission, what: str, *, problem: ProgramError | None = None) -> Response:
    part = _part(submission, what)
    lines, code = _shown(submission, part)
    return page(
        "delete.html",
        200 if problem is None else 422,
        submission=submission,
        what=what,
        file=part if isinstance(part, StoredFile) else None,
        answer=part if isinstance(part, SentReply) else None,
        lines=lines,
        code=code,
        reasons=REASONS,
        problem=problem,
    )


def _shown(submission: Submission, part: StoredFile | SentReply | None) -> tuple[list[str], str]:
    """The lines of the page that asks, and the code that the second press must bring."""
    backups = backup_lines(backups_of(home(), submission))
    if isinstance(part, StoredFile):
        lines = [
            said("gone for good: the file, and what was sealed inside of it"),
            said("its SHA-256 stays here; the envelope cannot be written again without it"),
            *backups,
        ]
        return lines, part_code(file_identity(part), lines)
    if isinstance(part, SentReply):
        waits = part.out_day is None
        lines = [
            said("gone for good: the words of this answer, and their place in the search index"),
            said("it was not sent, and never will be")
            if waits
            else said("it stays on the servers until it ends there"),
            *backup_lines(home().casebook.backups.since(None, or_day=part.day)),
        ]
        return lines, part_code(answer_identity(part), lines)
    going = going_of(home(), submission)
    return going.lines(), going.code


def _part(submission: Submission, untrusted_what: str) -> StoredFile | SentReply | None:
    """The file or answer that is named by its content or id, or None for the whole tip.

    Raises:
        ProgramError: nothing of this tip has this name.
    """
    kind, _, name = untrusted_what.partition("-")
    if untrusted_what == TIP:
        return None
    if kind == FILE:
        files = home().casebook.submissions.stored_files(submission)
        found: StoredFile | SentReply | None = dict(zip(file_names(files), files, strict=True)).get(name)
    else:
        answers = home().casebook.replies.of(submission.number) if kind == ANSWER else []
        found = {one.reply_id.hex(): one for one in answers}.get(name)
    if found is None:
        raise ProgramError(
            "nothing of this tip has that name, so nothing was deleted",
            hint="it may be deleted already; choose again on the page of the tip",
        )
    return found


def file_names(files: Iterable[StoredFile]) -> list[str]:
    """A name for each file of a tip, which stays when another one is deleted."""
    return content_names(one.sha256 for one in files)


def _find(untrusted_id: str) -> Submission:
    return home().casebook.submissions.find(untrusted_id)
