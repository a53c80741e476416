"""The HTTP status of each refusal. Nothing below the pages knows HTTP."""

from http import HTTPStatus
from typing import Final

from tipline.requests.refusals import Reason

_REASONS: Final = {
    HTTPStatus.BAD_REQUEST: (Reason.BROKEN,),
    HTTPStatus.FORBIDDEN: (
        Reason.CROSS_SITE,
        Reason.UNKNOWN_SITE,
        Reason.STRANGE_PROXY,
        Reason.SESSION_OVER,
        Reason.HANDLE_OVER,
        Reason.RECEIPT_OVER,
    ),
    HTTPStatus.LENGTH_REQUIRED: (Reason.LENGTH_MISSING,),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: (
        Reason.FILE_TOO_BIG,
        Reason.REQUEST_TOO_BIG,
        Reason.FORM_TOO_BIG,
    ),
    HTTPStatus.UNPROCESSABLE_ENTITY: (
        Reason.NOTHING_SENT,
        Reason.TEXT_TOO_LONG,
        Reason.WORDS_IN_TEXT,
        Reason.WRONG_ANSWER,
        Reason.TOO_MANY_FILES,
        Reason.SEALED_FOR_OTHERS,
        Reason.SEALED_IN_LETTERS,
        Reason.SEALED_BROKEN,
        Reason.WORDS_MISSING,
        Reason.WORDS_TYPO,
        Reason.WORDS_TOO_LONG,
    ),
    HTTPStatus.TOO_MANY_REQUESTS: (Reason.TOO_MANY_TRIES,),
    HTTPStatus.INTERNAL_SERVER_ERROR: (Reason.OUR_FAULT,),
    HTTPStatus.SERVICE_UNAVAILABLE: (
        Reason.BUSY,
        Reason.WAIT_A_LITTLE,
        Reason.CLOSED,
        Reason.NO_ROOM,
        Reason.NO_ROOM_FOR_FILES,
        Reason.STORE_TROUBLE,
    ),
}
_STATUSES: Final = {reason: status for status, reasons in _REASONS.items() for reason in reasons}


def status_of(reason: Reason) -> int:
    """The status of the page that says why a request was refused."""
    return _STATUSES[reason].value
