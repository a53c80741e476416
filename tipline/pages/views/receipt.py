"""The receipt and its buttons: "I have kept them", more files. All answer a POST; none has an address."""

from flask import Blueprint, Response

from tipline.intake.intake import HANDLE_FIELD
from tipline.intake.receipts import Receipt, SubmissionResult, has_form_of_handle
from tipline.pages.statuses import status_of
from tipline.pages.views.page import page
from tipline.pages.views.services import incoming_body, services
from tipline.requests.form_fields import NONCE_FIELD
from tipline.requests.nonce import Nonce
from tipline.requests.refusals import FormInput, Reason, Refused, redisplay_on_error
from tipline.requests.small_form import MailboxForm

views = Blueprint("receipt", __name__)


def receipt_page(taken: SubmissionResult) -> Response:
    """Return the page of a completed first message, or of a further one with its words.

    Raises:
        Refused: it cannot be made. The form is shown again then, and sending it once more shows this page.
    """
    arrived = {"files": taken.files, "bytes_in": taken.bytes_in, "urgent": taken.choices.urgent}
    with redisplay_on_error(lambda: taken.typed):
        if taken.is_of_known_words or not taken.choices.wants_answer:
            return page("sent.html", has_words=taken.is_of_known_words, **arrived)
        return words_page("receipt.html", taken.receipt, nonce=taken.nonce, **arrived)


def words_page(template: str, receipt: Receipt, *, nonce: Nonce, **more: object) -> Response:
    """A page that shows the words of a receipt, or says that they were kept already."""
    return page(
        template,
        200,
        words=receipt.words.words if receipt.words else (),
        digits=receipt.words.digits if receipt.words else (),
        nonce=nonce.digits(),
        more_nonce=Nonce.generate().digits(),
        handle=receipt.handle,
        **more,
    )


@views.post("/kept", provide_automatic_options=False)
def kept() -> Response:
    """Confirm that the words are kept. A text beside new words, for their mailbox, comes along."""
    form = MailboxForm()
    with redisplay_on_error(form.typed):
        form.fill(incoming_body())
        nonce = Nonce.parse(form.one(NONCE_FIELD))
        handle = _given_out(form.one(HANDLE_FIELD))
        services().receipts.forget_words(nonce)
        return page("kept.html", typed=form.typed(), nonce=nonce.digits(), handle=handle)


@views.post("/more", provide_automatic_options=False)
def more() -> Response:
    body = incoming_body()
    try:
        taken = services().intake.take_more(body)
    except Refused as refused:
        return _more_again(refused)
    return page(
        "more.html",
        problem="",
        text="",
        meant=False,
        nonce=Nonce.generate().digits(),
        handle=taken.receipt.handle,
        files=taken.files,
        bytes_in=taken.bytes_in,
    )


def _more_again(refused: Refused) -> Response:
    typed = refused.typed or FormInput()
    is_over = refused.reason is Reason.HANDLE_OVER
    return page(
        "more.html",
        status_of(refused.reason),
        problem=refused.reason.label,
        text=typed.text,
        meant=refused.reason is Reason.WORDS_IN_TEXT,
        nonce=Nonce.generate().digits(),
        handle="" if is_over else _given_out(typed.other.get(HANDLE_FIELD, "")),
        files=0,
        bytes_in=0,
    )


def _given_out(untrusted_handle: str) -> str:
    """The same, where it could be one of ours; else empty."""
    return untrusted_handle if has_form_of_handle(untrusted_handle) else ""
