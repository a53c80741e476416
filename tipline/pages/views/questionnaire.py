"""A door: the form of the first page, with the questions of one questionnaire beside the text."""

from flask import Blueprint, Response, abort

from tipline.pages.views.services import incoming_body, services
from tipline.pages.views.start import answer_page, form_again, form_page, fresh_form
from tipline.requests.form_fields import read_typed
from tipline.requests.refusals import Reason, Refused

views = Blueprint("door", __name__)


@views.get("/form/<int:number>", provide_automatic_options=False)
def ask(number: int) -> Response:
    """The questions of a door, none of which must be answered."""
    door = services().doors.find(number) or abort(404)
    try:
        services().intake.require_open()
    except Refused as refused:
        return form_again(refused, door)
    return fresh_form(door)


@views.post("/form/<int:number>", provide_automatic_options=False)
def send(number: int) -> Response:
    body = incoming_body()
    door = services().doors.find(number)
    if door is None:
        # The operator took the door away while somebody was writing: what was typed goes into the plain form.
        return form_page(404, problem=Reason.BROKEN.label, typed=read_typed(body))
    try:
        return answer_page(services().intake.take_tip(body, questions=door.questionnaire), door)
    except Refused as refused:
        return form_again(refused, door)
