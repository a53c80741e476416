"""Which of the two applications answers: told by the socket that a request came by, and by nothing that it says.

Whoever brings the public one something works in turn. A courier does not: an outbox is at work for minutes.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from tipline.limits import request_scheduler
from tipline.web.courier_site import CourierSite
from tipline.web.worker import LISTENER_KEY

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


class Dispatcher:
    """The couriers' application for what came by the couriers' socket, the public one for everything else."""

    def __init__(self, public: Any, courier: CourierSite, courier_socket: str) -> None:
        self._public = public
        self._courier = courier
        self._courier_socket = courier_socket

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if self._courier_socket and environ.get(LISTENER_KEY) == self._courier_socket:
            request_scheduler.over()
            return self._courier(environ, start_response)
        try:
            pieces: Iterable[bytes] = self._public(environ, start_response)
        finally:
            request_scheduler.over()
        return pieces
