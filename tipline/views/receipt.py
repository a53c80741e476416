"""The receipt and what hangs on it: "I have kept them", more files. All answer a POST; none has an address."""

from flask import Blueprint, Response

from tipline.intake import HANDLE_FIELD, Taken
from tipline.nonce import Nonce
from tipline.receipts import Receipt
from tipline.receive import NONCE_FIELD
from tipline.refusals import Reason, Refused, Typed
from tipline.small_form import SmallForm
from tipline.views.incoming import incoming_body
from tipline.views.page import page
from tipline.views.services import services

views = Blueprint("receipt", __name__)


def receipt_page(taken: Taken) -> Response:
    """What a completed first message shows."""
    return words_page("receipt.html", taken.receipt, nonce=taken.nonce, files=taken.files, bytes_in=taken.bytes_in)


def words_page(template: str, receipt: Receipt, *, nonce: Nonce, files: int = 0, bytes_in: int = 0) -> Response:
    """A page that shows the words of a receipt, or says that they were kept already."""
    return page(
        template,
        words=receipt.words.words if receipt.words else (),
        digits=receipt.words.digits if receipt.words else (),
        nonce=nonce.digits(),
        more_nonce=Nonce.generate().digits(),
        handle=receipt.handle,
        files=files,
        bytes_in=bytes_in,
    )


@views.post("/kept", provide_automatic_options=False)
def kept() -> Response:
    body = incoming_body()
    nonce = Nonce.parse(SmallForm.read(body).one(NONCE_FIELD))
    services().intake.forget_words(nonce)
    return page("kept.html")


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
    typed = refused.typed or Typed()
    handle = typed.other.get(HANDLE_FIELD, "")
    return page(
        "more.html",
        refused.reason.status,
        problem=refused.reason.label,
        text=typed.text,
        meant=refused.reason is Reason.WORDS_IN_TEXT,
        nonce=Nonce.generate().digits(),
        handle="" if refused.reason is Reason.HANDLE_OVER else handle,
        files=0,
        bytes_in=0,
    )
