"""Coming back: the words open one page, with the replies and everything that can be done with them."""

from collections.abc import Sequence

from flask import Blueprint, Response, request, url_for

from crypto.mailbox import MailboxAddress
from crypto.reply import Reply
from tipline.circuit import Circuit
from tipline.likely_typos import likely_typos
from tipline.mailroom import OpenedMailbox, Wellbeing
from tipline.nonce import Nonce
from tipline.padding import fits, padded
from tipline.receive import NONCE_FIELD, UploadForm
from tipline.refusals import Reason, Refused, Typed
from tipline.small_form import SmallForm
from tipline.views.incoming import incoming_body
from tipline.views.page import HTML, page, rendered, see_other
from tipline.views.receipt import words_page
from tipline.views.services import services

views = Blueprint("mailbox", __name__)

COOKIE = "s"
WORDS_FIELD = "passphrase"
MOST_SHOWN = 12


@views.get("/return", provide_automatic_options=False)
def come_back() -> Response:
    return page("return.html", problem="", words="", typos=())


@views.get("/mailbox", provide_automatic_options=False)
def reload() -> Response:
    return see_other(url_for("mailbox.come_back"))


@views.post("/mailbox", provide_automatic_options=False)
def open_mailbox() -> Response:
    body = incoming_body()
    untrusted_words = ""
    try:
        untrusted_words = SmallForm.read(body).one(WORDS_FIELD)
        opened = services().mailroom.open(untrusted_words, circuit=Circuit.of(request.environ))
    except Refused as refused:
        return _words_again(refused, untrusted_words)
    services().mailroom.leave(_cookie())
    response = Response(padded(_as_many_as_fit(opened)), content_type=HTML)
    response.set_cookie(COOKIE, opened.session.handle, httponly=True, samesite="Strict")
    return response


@views.post("/mailbox/write", provide_automatic_options=False)
def write() -> Response:
    body = incoming_body()
    try:
        taken = services().intake.take_follow_up(body, _whose, fields=(WORDS_FIELD,))
    except Refused as refused:
        return _write_again(refused)
    return page("done.html", done="written", files=taken.files, bytes_in=taken.bytes_in)


@views.post("/mailbox/delete", provide_automatic_options=False)
def delete() -> Response:
    body = incoming_body()
    session = services().mailroom.session(_cookie())
    form = SmallForm.read(body)
    nonce = Nonce.parse(form.one(NONCE_FIELD))
    if form.one("which") == "all":
        told = services().mailroom.delete_all(session, nonce)
    elif form.all("reply"):
        told = services().mailroom.delete(session, nonce, form.all("reply"))
    else:
        return page("done.html", done="nothing-ticked")
    return page("done.html", done="deleted" if told else "deleted-untold")


@views.post("/mailbox/safe", provide_automatic_options=False)
def say() -> Response:
    body = incoming_body()
    session = services().mailroom.session(_cookie())
    form = SmallForm.read(body)
    try:
        wellbeing = Wellbeing(form.one("how"))
    except ValueError as error:
        raise Refused(Reason.BROKEN) from error
    services().mailroom.say(session, Nonce.parse(form.one(NONCE_FIELD)), wellbeing)
    return page("done.html", done=wellbeing.value)


@views.post("/mailbox/new-words", provide_automatic_options=False)
def new_words() -> Response:
    body = incoming_body()
    session = services().mailroom.session(_cookie())
    nonce = Nonce.parse(SmallForm.read(body).one(NONCE_FIELD))
    receipt = services().mailroom.give_new_words(session, nonce)
    return words_page("new_words.html", receipt, nonce=nonce)


def _cookie() -> str | None:
    return request.cookies.get(COOKIE)


def _whose(form: UploadForm) -> MailboxAddress:
    try:
        return services().mailroom.session(_cookie()).mailbox
    except Refused:
        untrusted_words = form.other[WORDS_FIELD]
        if not untrusted_words:
            raise
    return services().mailroom.mailbox_of(untrusted_words, circuit=Circuit.of(request.environ))


def _words_again(refused: Refused, untrusted_words: str) -> Response:
    # The words go back into the field, so that one of them can be mended; a text that is no passphrase does not.
    fixable = refused.reason in {Reason.WORDS_TYPO, Reason.BUSY, Reason.TOO_MANY_TRIES}
    problem = Reason.WORDS_TOO_LONG if refused.reason is Reason.FORM_TOO_BIG else refused.reason
    return page(
        "return.html",
        refused.reason.status,
        problem=problem.label,
        words=untrusted_words if fixable else "",
        typos=likely_typos(untrusted_words) if refused.reason is Reason.WORDS_TYPO else (),
    )


def _write_again(refused: Refused) -> Response:
    typed = refused.typed or Typed()
    return page(
        "write_again.html",
        refused.reason.status,
        problem=refused.reason.label,
        text=typed.text,
        meant=refused.reason is Reason.WORDS_IN_TEXT,
        words=typed.other.get(WORDS_FIELD, ""),
        needs_words=not _is_open(),
        nonce=Nonce.generate().digits(),
    )


def _is_open() -> bool:
    try:
        services().mailroom.session(_cookie())
    except Refused:
        return False
    return True


def _as_many_as_fit(opened: OpenedMailbox) -> bytes:
    """The mailbox page with the newest replies, as many as the one length of all pages holds."""
    count = min(len(opened.replies), MOST_SHOWN)
    while not fits(shown := _mailbox(opened.replies[:count], len(opened.replies) - count)) and count > 1:
        count -= 1
    return shown


def _mailbox(replies: Sequence[Reply], older: int) -> bytes:
    return rendered(
        "mailbox.html",
        replies=replies,
        older=older,
        nonces={name: Nonce.generate().digits() for name in ("delete", "write", "safe", "new_words")},
    )
