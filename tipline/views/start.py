"""The first page is the form: one page and one press from here to the receipt."""

from flask import Blueprint, Response

from tipline.nonce import Nonce
from tipline.refusals import Reason, Refused, Typed
from tipline.views.incoming import incoming_body
from tipline.views.page import page
from tipline.views.receipt import receipt_page
from tipline.views.services import services

views = Blueprint("start", __name__)


@views.get("/", provide_automatic_options=False)
def start() -> Response:
    try:
        services().intake.require_open()
    except Refused as refused:
        return _form_again(refused)
    return _form()


@views.post("/", provide_automatic_options=False)
def send() -> Response:
    body = incoming_body()
    try:
        taken = services().intake.take_tip(body)
    except Refused as refused:
        return _form_again(refused)
    return receipt_page(taken)


def _form_again(refused: Refused) -> Response:
    typed = refused.typed or Typed()
    if refused.reason is Reason.CLOSED:
        return page("closed.html", refused.reason.status, text=typed.text)
    return _form(refused.reason.status, problem=refused.reason.label, typed=typed)


def _form(status: int = 200, *, problem: str = "", typed: Typed | None = None) -> Response:
    return page(
        "start.html",
        status,
        nonce=Nonce.generate().digits(),
        problem=problem,
        typed=typed or Typed(),
        given_back=typed is None or bool(typed.text),
    )
