"""A form with questions: that of the first page, with one questionnaire beside the text."""

from flask import Blueprint, Response, abort

from crypto.passphrases.mailbox import MailboxAddress
from tipline.pages.views.services import incoming_body, services
from tipline.pages.views.start import answer_page, form_again, form_page, fresh_form
from tipline.requests.form_fields import read_typed
from tipline.requests.nonce import Nonce
from tipline.requests.refusals import Reason, Refused

views = Blueprint("door", __name__)


@views.get("/form/<int:number>", provide_automatic_options=False)
def ask(number: int) -> Response:
    """Show the questions of a form, none of which must be answered."""
    door = services().forms.find(number) or abort(404)
    try:
        services().intake.require_open()
    except Refused as refused:
        return form_again(refused, door)
    return fresh_form(door)


@views.post("/form/<int:number>", provide_automatic_options=False)
def send(number: int) -> Response:
    body = incoming_body()
    door = services().forms.find(number)
    if door is None:
        # The operator removed the form while a source was writing: what was typed goes into the plain form.
        return form_page(404, problem=Reason.BROKEN.label, typed=read_typed(body))

    def mailbox_of(untrusted_words: str, nonce: Nonce) -> MailboxAddress:
        return services().mailboxes.mailbox_of(untrusted_words, nonce, circuit=body.circuit)

    try:
        known = mailbox_of if door.is_for_return else None
        taken = services().intake.take_tip(body, questions=door.questionnaire, mailbox_of=known)
        return answer_page(taken, door)
    except Refused as refused:
        return form_again(refused, door)
