"""The relays' onion service: relays bring posts, duty machines fetch them. It can open none.

Only clients whose key is in the service's descriptor reach it. Nothing tells which of them has come.

    POST /post                  12,288 bytes; the answer is 204, whatever came
    GET  /posts?ring=R&after=N  the name of the ring (8 bytes), the highest number in this answer (8), and the posts
                                behind number N; all of the ring where R is another name, or not there
"""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from system.clock import Clock
from tipline.store.errors import StoreError
from tipline.store.events import Event
from tipline.store.relay_ring import POST_BYTES, POSTS_A_DAY, RelayRing, counted_relays

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

MOST_AT_ONCE = 64
_FIXED = [("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff")]


class RelaySite:
    """The WSGI application of the relays' listener.

    ``store`` is the store's folder; ``note`` takes events.
    """

    def __init__(self, ring: RelayRing, store: Path, clock: Clock, *, note: Callable[[Event], object]) -> None:
        self._ring = ring
        self._store = store
        self._clock = clock
        self._note = note

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        try:
            if (environ.get("REQUEST_METHOD"), environ.get("PATH_INFO")) == ("GET", "/posts"):
                return self._posts(environ.get("QUERY_STRING", ""), start_response)
            self._take(environ)
        except StoreError:
            # No 204: the relay keeps what it heard and posts it again. A full disk tells nothing of what came.
            start_response("503 Service Unavailable", [("Content-Length", "0"), *_FIXED])
            return []
        start_response("204 No Content", _FIXED)
        return []

    def _take(self, environ: "WSGIEnvironment") -> None:
        asked = (environ.get("REQUEST_METHOD"), environ.get("PATH_INFO"), environ.get("CONTENT_LENGTH"))
        if asked != ("POST", "/post", str(POST_BYTES)):
            return
        post, source = b"", environ["wsgi.input"]
        while len(post) < POST_BYTES and (piece := source.read(POST_BYTES - len(post))):
            post += piece
        if len(post) == POST_BYTES:
            room = POSTS_A_DAY * max(1, counted_relays(self._store))
            if self._ring.put(post, room=room):
                self._note(Event.POST_OVERWRITTEN)

    def _posts(self, untrusted_query: str, start_response: "StartResponse") -> Iterable[bytes]:
        state = self._ring.state()
        after = _number_after(untrusted_query, state.name)
        self._ring.note_fetched(after, on=self._clock.today())
        found = self._ring.after(after, most=MOST_AT_ONCE)
        highest = found[-1][0] if found else max(after, 0)
        body = state.name + highest.to_bytes(8, "big") + b"".join(post for _number, post in found)
        start_response(
            "200 OK",
            [("Content-Type", "application/octet-stream"), ("Content-Length", str(len(body))), *_FIXED],
        )
        return [body]


def _number_after(untrusted_query: str, name: bytes) -> int:
    """The number behind which a duty machine asks for posts; 0 for a question about another ring."""
    try:
        asked = parse_qs(untrusted_query, max_num_fields=4)
        number = asked["after"][0]
        if asked["ring"] == [name.hex()] and number.isascii() and number.isdigit() and len(number) < 16:
            return int(number)
    except (KeyError, ValueError):
        pass
    return 0
