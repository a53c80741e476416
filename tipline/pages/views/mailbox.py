"""Coming back: the words open one page, with the replies and everything that can be done with them.

All its buttons belong to one form, so that what was typed comes along with each, and stands in its box again in the
answer. Only Send sends it.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Blueprint, Response, request, url_for

from crypto.passphrases.mailbox import MailboxAddress
from tipline.intake.receipts import Receipt
from tipline.intake.upload import FormKind, Upload, UploadForm
from tipline.limits import request_scheduler
from tipline.mailbox.service import OpenedMailbox, Wellbeing
from tipline.mailbox.sessions import Session
from tipline.pages.padding import fits, padded
from tipline.pages.statuses import status_of
from tipline.pages.views.display_settings import choose
from tipline.pages.views.page import HTML, page, refused_page, rendered, see_other
from tipline.pages.views.receipt import words_page
from tipline.pages.views.services import incoming_body, services
from tipline.pages.views.start import mistyped, same_form
from tipline.requests.circuit import Circuit
from tipline.requests.form_fields import NONCE_FIELD, WORDS_FIELD, read_typed
from tipline.requests.nonce import Nonce
from tipline.requests.refusals import FormInput, Reason, Refused, redisplay_on_error
from tipline.requests.small_form import MailboxForm, SmallForm

views = Blueprint("mailbox", __name__)

COOKIE = "s"
TICKS_FIELD = "reply"
MOST_SHOWN = 12
_WRITE_FORM = FormKind(other_fields=frozenset({WORDS_FIELD}), unread_fields=frozenset({TICKS_FIELD}))
_REPLY_ID = re.compile(r"[0-9a-f]{32}")
_SAID_OF_WORDS = {Reason.FORM_TOO_BIG: Reason.WORDS_TOO_LONG, Reason.STORE_TROUBLE: Reason.OUR_FAULT}


@views.get("/return", provide_automatic_options=False)
def come_back() -> Response:
    return _words_page("")


@views.post("/return", provide_automatic_options=False)
def come_back_again() -> Response:
    """The same field, with the words that were typed, in another language or look."""
    typed = read_typed(incoming_body(), others=frozenset({WORDS_FIELD}))
    choose(typed.shown)
    return _words_page(typed.other.get(WORDS_FIELD, ""))


@views.get("/mailbox", provide_automatic_options=False)
def reload() -> Response:
    return see_other(url_for("mailbox.come_back"))


@views.post("/mailbox", provide_automatic_options=False)
def open_mailbox() -> Response:
    untrusted_words = ""
    try:
        with redisplay_on_error(lambda: None):
            untrusted_words = SmallForm.read(incoming_body()).one(WORDS_FIELD)
            opened = services().mailboxes.open(untrusted_words, circuit=_circuit())
            services().mailboxes.leave(_cookie())
            response = Response(padded(_as_many_as_fit(opened)), content_type=HTML)
            request_scheduler.release()
            services().mailboxes.padding.pad_opening(opened.looked_through_at)
    except Refused as refused:
        return _words_again(refused, untrusted_words)
    response.set_cookie(COOKIE, opened.session.handle, httponly=True, samesite="Strict")
    return response


@views.post("/mailbox/write", provide_automatic_options=False)
def write() -> Response:
    body = incoming_body()
    try:
        with Upload(body, _WRITE_FORM, services().intake.limits) as upload:
            upload.read_fields()
            form = upload.form()
            mailbox, has_words = _whose(form)
            taken = services().intake.take_follow_up(upload, form, mailbox, body.circuit)
    except Refused as refused:
        return _write_again(refused)
    arrived = {"files": taken.files, "bytes_in": taken.bytes_in}
    if has_words:
        return page("sent.html", has_words=True, urgent=False, **arrived)
    return page("done.html", done="written", typed=None, **arrived)


@views.post("/mailbox/delete", provide_automatic_options=False)
def delete() -> Response:
    form = MailboxForm()
    with _beside_text(form) as (session, form_nonce):
        nonce = form_nonce.of_button("delete")
        # All that the source knows of: it has not read what came since.
        meant = session.replies if form.one("which") == "all" else session.replies & _ticked(form)
        if not meant:
            return _done("nothing-ticked", session, form.typed())
        told = services().mailboxes.delete(session, nonce, meant, circuit=_circuit())
        return _done("deleted" if told else "deleted-untold", session, form.typed())


@views.post("/mailbox/how", provide_automatic_options=False)
def say() -> Response:
    form = MailboxForm()
    try:
        with _beside_text(form) as (session, nonce):
            wellbeing = _wellbeing(form.one("how"))
            services().mailboxes.say(session, nonce.of_button("safe"), wellbeing, circuit=_circuit())
            return _done(wellbeing.value, session, form.typed())
    except Refused as refused:
        return refused_page(refused, in_danger=Wellbeing.NOT_SAFE.value in form.all("how"))


@views.post("/mailbox/new-words", provide_automatic_options=False)
def new_words() -> Response:
    form = MailboxForm()
    with redisplay_on_error(form.typed):
        nonce = _filled(form)
        try:
            with redisplay_on_error(form.typed):
                pressed = nonce.of_button("new-words")
                return words_page("new_words.html", _new_words(nonce), nonce=pressed, typed=form.typed())
        except Refused as refused:
            if refused.reason is Reason.SESSION_OVER:
                raise
            return _new_words_again(refused, nonce)


def _new_words(nonce: Nonce) -> Receipt:
    """End the session of the old words; a second press of the button finds the new ones."""
    try:
        session = services().mailboxes.session(_cookie(), nonce)
    except Refused as over:
        try:
            return services().receipts.require(nonce.of_button("new-words"))
        except Refused:
            raise over from None
    receipt = services().mailboxes.give_new_words(session, nonce.of_button("new-words"), circuit=_circuit())
    services().mailboxes.leave(session.handle)
    return receipt


@contextmanager
def _beside_text(form: MailboxForm) -> Iterator[tuple[Session, Nonce]]:
    """Fill ``form`` from the body; an error from here on returns what was typed in it."""
    with redisplay_on_error(form.typed):
        nonce = _filled(form)
        yield services().mailboxes.session(_cookie(), nonce), nonce


def _filled(form: MailboxForm) -> Nonce:
    form.fill(incoming_body())
    return Nonce.parse(form.one(NONCE_FIELD))


def _ticked(form: MailboxForm) -> frozenset[bytes]:
    ids = frozenset(untrusted_id for untrusted_id in form.all(TICKS_FIELD) if _REPLY_ID.fullmatch(untrusted_id))
    return frozenset(map(bytes.fromhex, ids))


def _done(done: str, session: Session, typed: FormInput | None) -> Response:
    nonce = Nonce.generate(of=session.handle).digits()
    return page("done.html", done=done, typed=typed, nonce=nonce)


def _wellbeing(untrusted_value: str) -> Wellbeing:
    try:
        return Wellbeing(untrusted_value)
    except ValueError as error:
        raise Refused(Reason.BROKEN) from error


def _cookie() -> str | None:
    return request.cookies.get(COOKIE)


def _circuit() -> Circuit:
    return Circuit.of(request.environ)


def _whose(form: UploadForm) -> tuple[MailboxAddress, bool]:
    """The mailbox of a message, and whether its words came with it: then no answers were open."""
    try:
        return services().mailboxes.session(_cookie(), form.nonce).mailbox, False
    except Refused:
        untrusted_words = form.other[WORDS_FIELD]
        if not untrusted_words:
            raise
    return services().mailboxes.mailbox_of(untrusted_words, form.nonce, circuit=_circuit()), True


def _words_again(refused: Refused, untrusted_words: str) -> Response:
    # The words go back into the field, so that one of them can be mended; a text that is no passphrase does not.
    fixable = refused.reason not in {Reason.WORDS_TOO_LONG, Reason.FORM_TOO_BIG, Reason.BROKEN}
    problem = _SAID_OF_WORDS.get(refused.reason, refused.reason)
    return _words_page(
        untrusted_words if fixable else "",
        status_of(refused.reason),
        problem=problem.label,
        wait_seconds=refused.wait_seconds,
        **mistyped(untrusted_words if refused.reason is Reason.WORDS_TYPO else ""),
    )


def _words_page(untrusted_words: str, status: int = 200, **more: object) -> Response:
    return page("return.html", status, words=untrusted_words, **({"problem": "", **mistyped("")} | more))


def _write_again(refused: Refused) -> Response:
    typed = refused.typed or FormInput()
    words = typed.other.get(WORDS_FIELD, "")
    # The form of a page that was closed ends with it: another person may type words now.
    nonce = same_form(typed) if refused.reason is not Reason.SESSION_OVER else ""
    needs_words = not nonce or not _is_open(Nonce.parse(nonce))
    return page(
        "write_again.html",
        status_of(refused.reason),
        problem=refused.reason.label,
        text=typed.text,
        meant=refused.reason is Reason.WORDS_IN_TEXT,
        words=words,
        had_files=typed.had_files,
        needs_words=needs_words,
        nonce=nonce or Nonce.generate().digits(),
        wait_seconds=refused.wait_seconds,
        **mistyped(words if refused.reason is Reason.WORDS_TYPO else ""),
    )


def _new_words_again(refused: Refused, nonce: Nonce) -> Response:
    # With the same nonce: where staff were told already, another press shows the words that they were told of.
    problem = _SAID_OF_WORDS.get(refused.reason, refused.reason)
    return page(
        "new_words_again.html",
        status_of(refused.reason),
        problem=problem.label,
        text="",
        in_danger=False,
        typed=refused.typed,
        nonce=nonce.digits(),
    )


def _is_open(nonce: Nonce) -> bool:
    try:
        services().mailboxes.session(_cookie(), nonce)
    except Refused:
        return False
    return True


def _as_many_as_fit(opened: OpenedMailbox) -> bytes:
    """The mailbox page with the newest replies, as many as the one length of all pages holds."""
    most = min(len(opened.replies), MOST_SHOWN)
    shown = _mailbox(opened, most)
    if fits(shown) or most <= 1:
        return shown
    fitting = bisect_left(range(1, most), True, key=lambda count: not fits(_mailbox(opened, count)))
    return _mailbox(opened, max(1, fitting))


def _mailbox(opened: OpenedMailbox, count: int) -> bytes:
    return rendered(
        "mailbox.html",
        replies=opened.replies[:count],
        older=len(opened.replies) - count,
        nonce=Nonce.generate(of=opened.session.handle).digits(),
    )
