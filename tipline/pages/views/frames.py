"""The two frames in the page for files: one takes the upload and its answer, one counts what has arrived.

They are the only pages that may stand in a frame, and only in one of ours. Where frames are off, each opens in a
window of its own and is whole there.
"""

import logging

from flask import Blueprint, Response, request

from tipline.pages.headers import IN_A_FRAME, POLICY
from tipline.pages.padding import PROGRESS_BYTES, padded
from tipline.pages.statuses import status_of
from tipline.pages.views.page import HTML, page, rendered
from tipline.pages.views.services import incoming_body, services
from tipline.requests.progress import is_token
from tipline.requests.refusals import USUAL_WAIT_SECONDS, Reason, Refused, UntrustedProxy

frames = Blueprint("frames", __name__)

UPLOAD = "upload"
LOOKS = "looks"
MOST_IDLE_LOOKS = 120
"""So that a page which is left open stops asking after ten minutes."""

_EVENTS = logging.getLogger("tipline.events")


@frames.after_request
def _may_be_framed(response: Response) -> Response:
    response.headers[POLICY] = IN_A_FRAME
    return response


@frames.errorhandler(Refused)
def _refused(refused: Refused) -> Response:
    return _result(refused.reason, wait_seconds=refused.wait_seconds)


@frames.errorhandler(UntrustedProxy)
def _strange_proxy(_strange: UntrustedProxy) -> Response:
    return _result(Reason.STRANGE_PROXY)


@frames.errorhandler(Exception)
def _our_error(error: Exception) -> Response:
    _EVENTS.error("request failed: %s", type(error).__name__)
    return _result(Reason.OUR_FAULT)


@frames.post("/files/send", provide_automatic_options=False)
def send() -> Response:
    """The upload; what was typed stays in the page around the frame, so it is never given back."""
    untrusted_token = request.args.get(UPLOAD, "")
    before = services().progress.look(untrusted_token)
    body = incoming_body()
    with services().progress.following(untrusted_token, body):
        taken = services().intake.take_files(
            body, was_warned=before is not None and before.ended is Reason.WORDS_IN_TEXT
        )
    words = taken.receipt.words
    return page(
        "files_result.html",
        problem="",
        stopped=False,
        alone=_is_alone(),
        files=taken.files,
        bytes_in=taken.bytes_in,
        wants_answer=taken.choices.wants_answer,
        urgent=taken.choices.urgent,
        words=words.words if words else (),
        digits=words.digits if words else (),
        nonce=taken.nonce.digits(),
        handle=taken.receipt.handle,
    )


@frames.get("/files/send", provide_automatic_options=False)
def stop() -> Response:
    """Shown in place of an upload, which ends it: a browser sends no form again while it is still sending it."""
    return page("files_result.html", problem="", stopped=True, alone=_is_alone())


@frames.get("/files/progress", provide_automatic_options=False)
def progress() -> Response:
    """How far the upload with this token is; the same for a token of which nothing is known and for none."""
    untrusted_token = request.args.get(UPLOAD, "")
    seen = services().progress.look(untrusted_token)
    moves = seen is not None and seen.ended is None
    looks = 0 if moves else _looks(request.args.get(LOOKS, "")) + 1
    shown = rendered(
        "files_progress.html",
        alone=_is_alone(),
        upload=untrusted_token if is_token(untrusted_token) else "",
        looks=looks,
        looks_on=looks <= MOST_IDLE_LOOKS,
        seen=seen,
        problem=seen.ended.label if seen is not None and seen.ended is not None else "",
    )
    return Response(padded(shown, to_bytes=PROGRESS_BYTES), content_type=HTML)


def _result(problem: Reason, *, wait_seconds: int = USUAL_WAIT_SECONDS) -> Response:
    return page(
        "files_result.html",
        status_of(problem),
        problem=problem.label,
        stopped=False,
        alone=_is_alone(),
        wait_seconds=wait_seconds,
    )


def _is_alone() -> bool:
    """Whether the browser says that this stands in a window of its own."""
    return request.headers.get("Sec-Fetch-Dest") == "document"


def _looks(untrusted_number: str) -> int:
    return (
        int(untrusted_number)
        if untrusted_number.isascii() and untrusted_number.isdigit() and len(untrusted_number) < 4
        else 0
    )
