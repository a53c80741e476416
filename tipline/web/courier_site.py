"""The couriers' onion service: they fetch bundles, bring an outbox, and read the status.

Only those whose key is in the service's descriptor reach it. They carry sealed bundles and can open none, so they
need no further authentication.

    GET  /bundles[?from=N]           a FILE for the reviewers, streamed
    POST /outbox[?accept=NAME:HEX]   a FILE from a reviewer; JSON says what was taken in, or why not
    GET  /status                     JSON, what ``tipline status --json`` prints
"""

import json
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from system.errors import ProgramError
from tipline.bundles.exporter import carry_out
from tipline.bundles.importer import BundleImporter
from tipline.bundles.reviewer_streams import ConfirmedStream
from tipline.instance.open_site import OpenSite
from tipline.operations.serving_state import Serving, ServingState
from tipline.operations.site_status import SiteStatus
from tipline.requests.timeouts import patience_of

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

FILE_TYPE = "application/octet-stream"
_LONGEST_OUTBOX_BYTES = 4 << 30
_BROKEN_HINT = "push it again; what was taken in stays. If the line is too slow: tipline import, from a medium"
_FIXED = [("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff")]


class CourierSite:
    """The WSGI application of the couriers' listener."""

    def __init__(self, site: OpenSite) -> None:
        self._site = site
        self._import = BundleImporter(store=site.store, folder=site.folder, policy=site.policy, clock=site.clock)

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        question = parse_qs(environ.get("QUERY_STRING", ""), max_num_fields=4)
        asked = (environ.get("REQUEST_METHOD"), environ.get("PATH_INFO"))
        try:
            if asked == ("GET", "/bundles"):
                return self._bundles(question, start_response)
            if asked == ("POST", "/outbox"):
                return self._outbox(environ, question, start_response)
            if asked == ("GET", "/status"):
                status = SiteStatus.of(self._site, ServingState(Serving.YES))  # it answers here
                return _answer(start_response, "200 OK", dict(status.to_json()))
        except ProgramError as refused:
            return _answer(start_response, "409 Conflict", {"error": str(refused), "hint": refused.hint})
        return _answer(start_response, "404 Not Found", {"error": "there is no such thing here", "hint": None})

    def _bundles(self, question: dict[str, list[str]], start_response: "StartResponse") -> Iterable[bytes]:
        number = _number(question)
        # The header goes out with the first piece: a refusal before it can still be told as one. A failure after it
        # cuts the response, and the courier keeps nothing of it.
        send: list[Callable[[bytes], object]] = []

        def sink(piece: bytes) -> None:
            if not send:
                send.append(start_response("200 OK", [("Content-Type", FILE_TYPE), *_FIXED]))
            send[0](piece)

        carry_out(
            sink,
            store=self._site.store,
            folder=self._site.folder,
            policy=self._site.policy,
            clock=self._site.clock,
            from_number=number,
        )
        return []

    def _outbox(
        self, environ: "WSGIEnvironment", question: dict[str, list[str]], start_response: "StartResponse"
    ) -> Iterable[bytes]:
        accept = question.get("accept")
        new_stream = ConfirmedStream.parse(accept[0]) if accept else None
        done = self._import.carry_in(_Outbox(environ), accept=new_stream, is_courier=True)
        return _answer(
            start_response,
            "200 OK",
            done.to_json(),
        )


class _Outbox:
    """The body, to its announced end; an end before it is an error, not an end."""

    def __init__(self, environ: "WSGIEnvironment") -> None:
        untrusted_length = environ.get("CONTENT_LENGTH", "")
        if not (untrusted_length.isascii() and untrusted_length.isdigit() and len(untrusted_length) < 15):
            raise ProgramError("expected the length of the outbox before it")
        self._left = int(untrusted_length)
        if self._left > _LONGEST_OUTBOX_BYTES:
            raise ProgramError(f"expected an outbox of at most {_LONGEST_OUTBOX_BYTES >> 30} GiB")
        self._source = environ["wsgi.input"]
        patience = patience_of(environ)
        patience.end_within(patience.timeouts.outbox)

    def read(self, size: int = -1, /) -> bytes:
        wanted = self._left if size < 0 else min(size, self._left)
        if not wanted:
            return b""
        try:
            piece: bytes = self._source.read(wanted)
        except OSError as error:
            raise ProgramError(
                "the connection broke, or was too slow, before the end of the outbox", hint=_BROKEN_HINT
            ) from error
        if not piece:
            raise ProgramError("the connection ended before the end of the outbox", hint=_BROKEN_HINT)
        self._left -= len(piece)
        return piece


def _number(question: dict[str, list[str]]) -> int | None:
    given = question.get("from")
    if given is None:
        return None
    if not (given[0].isascii() and given[0].isdigit() and 0 < len(given[0]) < 10 and int(given[0])):
        raise ProgramError("expected the number of a bundle, from 1")
    return int(given[0])


def _answer(start_response: "StartResponse", status: str, content: dict[str, Any]) -> Iterable[bytes]:
    body = json.dumps(content).encode()
    start_response(status, [("Content-Type", "application/json"), ("Content-Length", str(len(body))), *_FIXED])
    return [body]
