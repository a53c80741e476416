"""Confirming a server's new stream with the digits that its operator reads by telephone."""

import hashlib
import hmac
from collections.abc import Iterable

from flask import Blueprint, Response, request

from reviewer.desk.page import home
from reviewer.desk.views.rounds_page import Confirming, rounds_page
from reviewer.errors import BundleRefused
from reviewer.exchange.confirming import confirm_stream, parse_stream
from reviewer.languages.staff_language import marked, said
from system.clock import today
from system.errors import ProgramError

_HINT = marked(
    "telephone the operator of the server before anything else; if it was restored or set up again, confirm it"
    " below with the digits that they read to you"
)
_OTHER = marked("these are not the digits of the file that was refused")
_OTHER_HINT = marked(
    "ask the operator to read them again; if they are right, the file is from another server, or from a copy of it"
)

views = Blueprint("confirm", __name__, url_prefix="/rounds/confirm")


@views.post("", provide_automatic_options=False)
def accept() -> Response:
    """The same as the command. Digits of another stream than that of the refused file are refused as well."""
    form = request.form
    confirming = Confirming(form.get("server", ""), form.get("digits", "").strip(), form.get("seen", ""))
    try:
        stream = parse_stream(confirming.digits)
    except ValueError as error:
        return rounds_page([], problem=ProgramError(str(error)), confirming=confirming)
    if confirming.seen and not hmac.compare_digest(_digest(stream).encode(), confirming.seen.encode()):
        return rounds_page([], problem=ProgramError(_OTHER, hint=_OTHER_HINT), confirming=confirming)
    try:
        confirm_stream(home(), confirming.server, stream, today=today())
    except ProgramError as error:
        return rounds_page([], problem=error, confirming=confirming)
    told = said(
        "Bundles of %(server)s are taken in from its new stream. Now take the refused file in again.",
        server=confirming.server,
    )
    return rounds_page([told])


def confirming_after(refused: Iterable[ProgramError]) -> Confirming:
    """The form that follows an import; it knows the new stream that was refused, if one was."""
    streams = (one.stream for one in refused if isinstance(one, BundleRefused) and one.stream)
    seen = next(streams, None)
    return Confirming(seen=_digest(seen) if seen else "")


def without_digits(refused: ProgramError) -> ProgramError:
    """The refusal of a new stream as the desk tells it: the digits come from the operator alone."""
    if isinstance(refused, BundleRefused) and refused.stream:
        return BundleRefused(refused.kind, str(refused), hint=_HINT, stream=refused.stream)
    return refused


def _digest(stream: bytes) -> str:
    return hashlib.sha256(stream).hexdigest()
