"""Answers at the desk: ready texts, preview, second question, sealing and taking back."""

import hashlib

from flask import Blueprint, Response, request

from reviewer.casebook.submission import Submission
from reviewer.cases.answer_contents import findings_in
from reviewer.cases.answer_parts import answer_length, answer_parts
from reviewer.cases.answer_preview import SourcePage
from reviewer.cases.ready_answers import ready_answers, suggested_language
from reviewer.cases.reply_to import AnotherOwner, drop_draft, reply_to, require_answerable, take_back
from reviewer.desk.page import home, page, typed
from reviewer.desk.views.letting_go import taken_from_members
from reviewer.desk.views.session import to
from reviewer.desk.views.sharing import INSTEAD_OF, instead_of_another
from reviewer.desk.views.tip import REPLY, WARNED, find_tip, tip_page
from reviewer.sharing.crossing import CrossingAnswer, crossing_answers, let_leave
from reviewer.sharing.party import own_key
from reviewer.sharing.said import before_an_answer
from system.clock import today
from system.errors import ProgramError

views = Blueprint("answer", __name__, url_prefix="/tip/<short_id>/reply")
views.after_request(taken_from_members)


@views.post("", provide_automatic_options=False)
def preview(short_id: str) -> Response:
    """Show the answer as the source will see it; or put a ready text into the form, or only count."""
    submission = find_tip(short_id)
    text = typed("text")
    if (name := request.form.get("ready", "")) in (known := ready_answers(home()).answers):
        language = request.form.get("language") or suggested_language(home(), submission)
        return tip_page(submission, drafts={REPLY: f"{text}\n\n{known[name].text(language)}".strip()})
    try:
        require_answerable(home(), submission, despite_two_keys=WARNED in request.form)
        if "count" in request.form:
            return tip_page(submission, drafts={REPLY: text}, counted=answer_length(text))
        return _preview(submission, text)
    except ProgramError as error:
        return tip_page(submission, drafts={REPLY: text}, problem=(REPLY, error))


@views.post("/seal", provide_automatic_options=False)
def seal(short_id: str) -> Response:
    """Seal what the preview showed. What may tell too much is asked about once more."""
    submission = find_tip(short_id)
    text = typed("text")
    is_warned = WARNED in request.form
    if "edit" in request.form:
        return tip_page(submission, drafts={REPLY: text})
    try:
        if request.form.get("seen") != seen_mark(submission, text):
            return _preview(submission, text, has_news="seen" in request.form)
        if request.form.get("confirmed") != seen_mark(submission, text) and findings_in(home(), submission, text):
            require_answerable(home(), submission, despite_two_keys=is_warned)
            return _preview(submission, text, is_asked=True)
        reply_to(
            home(),
            submission,
            text,
            despite_two_keys=is_warned,
            instead_of=request.form.get(INSTEAD_OF),
            today=today(),
        )
    except AnotherOwner:
        return instead_of_another(submission, text, is_warned=is_warned, seen=seen_mark(submission, text))
    except ProgramError as error:
        return tip_page(submission, drafts={REPLY: text}, problem=(REPLY, error))
    return to("tip.show", short_id=submission.short_id)


@views.post("/take-back", provide_automatic_options=False)
def take_answer_back(short_id: str) -> Response:
    """Take back what waits for an outbox; its text returns into the form."""
    submission = find_tip(short_id)
    take_back(home(), submission, today=today())
    return to("tip.show", short_id=submission.short_id)


@views.post("/let-leave", provide_automatic_options=False)
def let_answer_leave(short_id: str) -> Response:
    """Let the waiting answers leave although a colleague answered the same source."""
    submission = find_tip(short_id)
    let_leave(home(), submission, today=today())
    return to("tip.show", short_id=submission.short_id)


def crossing(submission: Submission | None) -> list[CrossingAnswer]:
    """The answers of ours that a colleague's crosses: to the source of this tip, or to all."""
    found = crossing_answers(home())
    if submission is None:
        return found
    thread = {one.number for one in home().casebook.overview.of_mailbox(submission)}
    return [one for one in found if one.tip.number in thread]


@views.post("/drop-draft", provide_automatic_options=False)
def throw_draft_away(short_id: str) -> Response:
    submission = find_tip(short_id)
    drop_draft(home(), submission, today=today())
    return to("tip.show", short_id=submission.short_id)


def seen_mark(submission: Submission, text: str) -> str:
    """A mark of this text for this tip, after all that is in the conversation now.

    A form that carries it was shown with exactly this text, and no message and no act of a colleague came since.
    """
    thread = home().casebook.overview.of_mailbox(submission)
    newest = max(one.number for one in thread)
    told = home().casebook.operations.digest_of_others(
        [one.envelope.sha256 for one in thread], own=own_key(home()).to_bytes()
    )
    parts = (submission.short_id, str(newest), told.hex(), text)
    return hashlib.sha256("\n".join(parts).encode(errors="surrogatepass")).hexdigest()[:32]


def _preview(submission: Submission, text: str, *, is_asked: bool = False, has_news: bool = False) -> Response:
    """The page of the preview; ``has_news`` if something came since the one before."""
    return page(
        "answer.html",
        submission=submission,
        text=text,
        parts=answer_parts(text),
        length=answer_length(text),
        findings=findings_in(home(), submission, text),
        is_asked=is_asked,
        has_news=has_news,
        source_page=SourcePage.of(home(), submission),
        seen=seen_mark(submission, text),
        warned=WARNED if WARNED in request.form else "",
        instead_of=request.form.get(INSTEAD_OF, ""),
        sharing=before_an_answer(home(), submission),
    )
