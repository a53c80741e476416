"""The body of the request that is being answered: one for each request, read by one view, and then drained."""

from typing import cast

from flask import Response, g, request

from tipline.pages.views.services import services
from tipline.requests.body import RequestBody


def note_body() -> None:
    """Before every request, also one that no view will answer."""
    g.body = RequestBody(request.environ, addresses=services().addresses)


def drain_when_answered(response: Response) -> Response:
    """After every request: what nobody has read is dropped once the answer is out. Only forms have some to drop;
    nobody waits for a body that another request announces and never sends."""
    if request.method == "POST":
        response.call_on_close(incoming_body().drain)
    return response


def incoming_body() -> RequestBody:
    """That of the request being answered."""
    return cast(RequestBody, g.body)
