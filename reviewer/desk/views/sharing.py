"""Owners, answers instead of the owner, and files from laptop to laptop."""

from pathlib import Path

from flask import Blueprint, Response, request

from reviewer.casebook.submission import Submission
from reviewer.desk.page import home, page
from reviewer.desk.round_offers import RoundStep
from reviewer.desk.views.letting_go import taken_from_members
from reviewer.desk.views.rounds import Done, done
from reviewer.desk.views.session import to
from reviewer.languages.staff_language import marked, said
from reviewer.sharing.laptops import read_from_laptop, write_for_laptops
from reviewer.sharing.ownership import assign
from reviewer.sharing.party import reviewers
from reviewer.sharing.said import before_an_answer, note_authors, state_conflicts
from system.clock import today

INSTEAD_OF = "instead_of"
"""In a form for an answer: the owner in whose place it is sealed."""

views = Blueprint("sharing", __name__)
views.after_request(taken_from_members)


@views.post("/tip/<short_id>/owner", provide_automatic_options=False)
def owner(short_id: str) -> Response:
    """Take the conversation over, or give it to a colleague."""
    submission = home().casebook.submissions.find(short_id)
    assign(home(), submission, request.form.get("owner", ""), today=today())
    return to("tip.show", short_id=submission.short_id)


@views.post("/rounds/share-write", provide_automatic_options=False)
def write() -> Response:
    def for_colleagues(path: Path) -> Done:
        count = write_for_laptops(home(), path, today=today())
        told = said(
            "The file for colleagues is written: %(path)s. It holds %(count)s changes that they may lack.",
            path=path,
            count=count,
        )
        return [told], []

    return done(for_colleagues, RoundStep.SHARE_WRITE)


@views.post("/rounds/share-read", provide_automatic_options=False)
def read() -> Response:
    def of_a_colleague(path: Path) -> Done:
        told = read_from_laptop(home(), path, today=today())
        names = ", ".join(sorted(told.heard_from))
        sentence = (
            marked("%(count)s changes of colleagues are new here, from %(names)s.")
            if names
            else marked("%(count)s changes of colleagues are new here.")
        )
        lines = [said(sentence, count=told.operations, names=names)]
        if told.from_no_reviewer:
            lines.append(
                said(
                    "Something in it is of someone who is no reviewer of the newest manifest, and was passed over."
                )
            )
        return lines, []

    return done(of_a_colleague, RoundStep.SHARE_READ)


def shared_values(submissions: list[Submission], chosen: Submission) -> dict[str, object]:
    """Values for the template of a tip: what must be seen before an answer, and who wrote each note."""
    notes = [note for one in submissions for note in home().casebook.notes.of(one.number)]
    return {
        "sharing": before_an_answer(home(), chosen),
        "state_conflicts": state_conflicts(home(), chosen),
        "reviewers": [party.name for party in reviewers(home())],
        "note_authors": note_authors(home(), notes),
    }


def instead_of_another(submission: Submission, text: str, *, is_warned: bool, seen: str) -> Response:
    """The page between an answer and its sealing, where the conversation belongs to a colleague.

    ``is_warned`` if the answer stood below the warning of two keys; ``seen`` is the mark of the text that the
    preview showed.
    """
    return page(
        "instead_of.html",
        409,
        submission=submission,
        text=text,
        warned=is_warned,
        sharing=before_an_answer(home(), submission),
        seen=seen,
    )
