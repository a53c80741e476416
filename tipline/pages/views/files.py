"""The page for many or large files: it stays while they are sent, as the form posts into a frame that stands in it.

A page that is being left shows nothing any more, so a frame beside a plain form could not count. Here one frame
receives the answer, and another counts: :mod:`tipline.pages.views.frames`.
"""

from flask import Blueprint, Response, request

from tipline.intake.intake import HANDLE_FIELD
from tipline.limits.upload_quota import SHORT_REQUEST_BYTES
from tipline.pages.headers import HOLDS_FRAMES, POLICY
from tipline.pages.statuses import status_of
from tipline.pages.views.display_settings import choose
from tipline.pages.views.mailbox import COOKIE
from tipline.pages.views.page import page
from tipline.pages.views.receipt import words_page
from tipline.pages.views.services import incoming_body, services
from tipline.requests.circuit import Circuit
from tipline.requests.form_fields import NONCE_FIELD, read_typed
from tipline.requests.nonce import Nonce
from tipline.requests.progress import Progress
from tipline.requests.refusals import FormInput, Reason, Refused, redisplay_on_error
from tipline.requests.small_form import MailboxForm, SmallForm
from tipline.requests.tip_options import SHOWN_FIELDS, URGENT_FIELD, YES

views = Blueprint("files", __name__)


@views.get("/files", provide_automatic_options=False)
def first() -> Response:
    """For a first message."""
    return _open_files_page("")


@views.post("/files/again", provide_automatic_options=False)
def again() -> Response:
    """The page for a first message once more, in another language or look, with what was typed."""
    typed = read_typed(incoming_body())
    choose(typed.shown)
    return _open_files_page("", typed)


@views.post("/files", provide_automatic_options=False)
def more() -> Response:
    """For a mailbox: that of a receipt, by its handle, or the one that is open in this browser. What was typed
    beside the button comes along."""
    form = MailboxForm()
    with redisplay_on_error(form.typed):
        form.fill(incoming_body())
        untrusted_handle = form.one(HANDLE_FIELD)
        if untrusted_handle:
            services().receipts.prolong(untrusted_handle)
            return _open_files_page(untrusted_handle, form.typed())
        nonce = Nonce.parse(form.one(NONCE_FIELD))
        session = services().mailroom.session(request.cookies.get(COOKIE), nonce)
        session.files_handle = services().receipts.open_handle(session.mailbox, known=session.files_handle)
        return _open_files_page(session.files_handle, form.typed())


@views.post("/files/receipt", provide_automatic_options=False)
def receipt() -> Response:
    """A receipt once more: of what came by the frame, as a page of its own, or in another language or look. The
    form itself says whether danger was ticked, so that nothing of it stays here."""
    form = SmallForm.read(incoming_body())
    choose({name: form.one(name) for name in SHOWN_FIELDS})
    nonce = Nonce.parse(form.one(NONCE_FIELD))
    known = services().receipts.require(nonce)
    urgent = form.one(URGENT_FIELD) == YES
    return words_page("receipt.html", known, nonce=nonce, files=0, bytes_in=0, urgent=urgent)


def _open_files_page(handle: str, typed: FormInput | None = None) -> Response:
    try:
        services().intake.require_open()
    except Refused as refused:
        if refused.reason is not Reason.CLOSED:
            raise
        return page("closed.html", status_of(refused.reason), text=typed.text if typed else "")
    room_bytes = services().space.for_files_bytes(Circuit.of(request.environ))
    response = files_page(handle, room_bytes if room_bytes >= SHORT_REQUEST_BYTES else 0, typed)
    response.headers[POLICY] = HOLDS_FRAMES
    return response


def files_page(handle: str, room_bytes: int, typed: FormInput | None = None) -> Response:
    """The page as it is; with no room it has no form."""
    return page(
        "files.html",
        nonce=Nonce.generate().digits(),
        upload=Progress.token(),
        handle=handle,
        room_bytes=room_bytes,
        typed=typed or FormInput(),
    )
