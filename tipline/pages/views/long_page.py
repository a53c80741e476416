"""Pages that show a long text again: counted while they are sent; one too many becomes a short page.

The short page says to load it again: a browser still has the form that it sent, also where nothing may be stored,
and sends it once more.
"""

import contextlib
import socket
from collections.abc import Callable

from flask import Response, request

from tipline.pages.answer_memory import SHORT_ANSWER_BYTES
from tipline.pages.statuses import status_of
from tipline.pages.views.page import page
from tipline.pages.views.services import services
from tipline.requests.circuit import Circuit
from tipline.requests.refusals import Reason

SOCKET_KEY = "gunicorn.socket"


def hold_when_long(response: Response) -> Response:
    """Count a long page after its request, or replace it by a short one."""
    length_bytes = response.calculate_content_length() or 0
    if length_bytes <= SHORT_ANSWER_BYTES:
        return response
    held = services().long_answers.hold(Circuit.of(request.environ), length_bytes, _hang_up())
    if held is None:
        return page("not_shown.html", status_of(Reason.BUSY))
    response.call_on_close(held.release)
    return response


def _hang_up() -> Callable[[], object]:
    """Return a function that ends the connection of this request; its thread learns of it while it sends."""
    client: socket.socket | None = request.environ.get(SOCKET_KEY)

    def hang_up() -> None:
        with contextlib.suppress(OSError):  # it has ended already
            if client is not None:
                client.shutdown(socket.SHUT_RDWR)

    return hang_up
