"""The first page is the form: one page and one press from here to the receipt."""

from typing import Any

from flask import Blueprint, Response

from crypto.questions.answers import MOST_LETTERS, wrong_answers
from tipline.instance.forms import Form
from tipline.intake.receipts import SubmissionResult
from tipline.mailbox.likely_typos import likely_typos, wrong_count
from tipline.pages.padding import padded
from tipline.pages.statuses import status_of
from tipline.pages.views.display_settings import choice_key, choose, page_language
from tipline.pages.views.page import HTML, has_little_room, page, rendered
from tipline.pages.views.receipt import receipt_page
from tipline.pages.views.services import incoming_body, services
from tipline.requests.form_fields import WORDS_FIELD
from tipline.requests.nonce import Nonce
from tipline.requests.refusals import USUAL_WAIT_SECONDS, FormInput, Reason, Refused

views = Blueprint("start", __name__)


@views.get("/", provide_automatic_options=False)
def start() -> Response:
    try:
        services().intake.require_open()
    except Refused as refused:
        return form_again(refused)
    return fresh_form()


@views.post("/", provide_automatic_options=False)
def send() -> Response:
    body = incoming_body()
    try:
        return answer_page(services().intake.take_tip(body))
    except Refused as refused:
        return form_again(refused)


def answer_page(outcome: SubmissionResult | FormInput, door: Form | None = None) -> Response:
    """The receipt; or the form in the language or look that a button of it asked for."""
    if isinstance(outcome, SubmissionResult):
        return receipt_page(outcome)
    choose(outcome.shown)
    return form_page(typed=outcome, door=door)


def form_again(refused: Refused, door: Form | None = None) -> Response:
    """The form with what was typed, and why it was refused."""
    typed = refused.typed or FormInput()
    choose(typed.shown)
    if refused.reason is Reason.CLOSED:
        answers = door.to_copy(typed.other, page_language().tag) if door else ""
        text = "\n\n".join(part for part in (typed.text, answers) if part)
        return page("closed.html", status_of(refused.reason), text=text)
    return form_page(
        status_of(refused.reason),
        problem=refused.reason.label,
        typed=typed,
        door=door,
        wait_seconds=refused.wait_seconds,
    )


def fresh_form(door: Form | None = None) -> Response:
    """The empty form, of the first page or of a door."""
    key = ("start.html", door.number if door else 0, has_little_room(), *choice_key())
    body = services().spliced_pages.fresh(
        key, lambda nonce: rendered("start.html", **_form(FormInput(), door, nonce=nonce))
    )
    return Response(padded(body), content_type=HTML)


def form_page(
    status: int = 200,
    *,
    problem: str = "",
    typed: FormInput | None = None,
    door: Form | None = None,
    wait_seconds: int = USUAL_WAIT_SECONDS,
) -> Response:
    """The form as it is; what was answered wrongly is marked."""
    nonce = same_form(typed) or Nonce.generate().digits()
    form = _form(typed or FormInput(), door, nonce=nonce, problem=problem)
    return page("start.html", status, wait_seconds=wait_seconds, **form)


def _form(typed: FormInput, door: Form | None, *, nonce: str, problem: str = "") -> dict[str, Any]:
    return {
        "nonce": nonce,
        "problem": problem,
        "typed": typed,
        "door": door,
        "doors": services().forms,
        "wrong": wrong_answers(door.questionnaire, typed.other) if door and problem else (),
        "most_letters": MOST_LETTERS,
        **mistyped(typed.other.get(WORDS_FIELD, "") if problem == Reason.WORDS_TYPO.label else ""),
    }


def mistyped(untrusted_words: str) -> dict[str, object]:
    """Return what a page says of words that were mistyped; nothing of none."""
    return {"typos": likely_typos(untrusted_words), "count": wrong_count(untrusted_words)}


def same_form(typed: FormInput | None) -> str:
    """The nonce as it came: it is the same form, and as old as it was. Empty where none came."""
    try:
        return Nonce.parse(typed.untrusted_nonce).digits() if typed else ""
    except Refused:
        return ""
