"""The relays' onion service: relays bring posts, duty machines fetch them. It can open none.

Only clients whose key is in the service's descriptor reach it. Nothing tells which of them has come.

    POST /post                                        12,288 bytes; the answer is 204, whatever came
    POST /fetch?machine=M&ring=R&after=N&low=L&high=H 5,264 bytes, the note of duty machine M (1 or 2) for the other

Machine M has all posts up to number N, and those from L to H. The answer has the name of the ring (8 bytes), the
N, L and H that the machine has with this answer (8 each), the note of the other machine or zeros, and the newest 64
posts that it has not: of the whole ring where R is another name, or not there. The newest come first, so that after
an outage a press of now does not wait behind old ones.
"""

import struct
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from system.clock import Clock
from tipline.store.errors import StoreError
from tipline.store.events import Event
from tipline.store.relay_ring import POST_BYTES, POSTS_A_DAY, RelayRing, RingState, counted_relays

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

MOST_AT_ONCE = 64
_PLACE = struct.Struct(">8sQQQ")
NOTE_BYTES = 5264
_OTHER = {"1": "2", "2": "1"}
_FIXED = [("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff")]


class RelaySite:
    """The WSGI application of the relays' listener.

    ``store`` is the store's folder; ``note`` takes events. ``spare_bytes`` returns the free disk space without the
    store's reserve, of which ``kept_bytes`` are for texts.
    """

    def __init__(
        self,
        ring: RelayRing,
        store: Path,
        clock: Clock,
        *,
        note: Callable[[Event], object],
        spare_bytes: Callable[[], int],
        kept_bytes: int,
    ) -> None:
        self._ring = ring
        self._spare_bytes = spare_bytes
        self._kept_bytes = kept_bytes
        self._store = store
        self._clock = clock
        self._note = note
        self._notes: dict[str, bytes] = {}
        """The last note of each duty machine. They come with every fetch, so that memory is enough."""

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        try:
            if sent := _body(environ, "/fetch", NOTE_BYTES):
                question = _question(environ.get("QUERY_STRING", ""))
                if (machine := question.get("machine", "")) in _OTHER:
                    self._notes[machine] = sent
                    return self._fetched(_OTHER[machine], question, start_response)
            elif post := _body(environ, "/post", POST_BYTES):
                self._take(post)
        except StoreError:
            # No 204: the relay keeps what it heard and posts it again. A full disk tells nothing of what came.
            start_response("503 Service Unavailable", [("Content-Length", "0"), *_FIXED])
            return []
        start_response("204 No Content", _FIXED)
        return []

    def _take(self, post: bytes) -> None:
        room = POSTS_A_DAY * max(1, counted_relays(self._store))
        # Tips come before posts, and posts come at one rate: this tells of no press.
        left_bytes = self._spare_bytes() - self._ring.size_bytes()
        is_tight = left_bytes <= self._kept_bytes
        if is_tight:
            self._note(Event.POSTS_MADE_WAY)
        if self._ring.put(post, room=room, is_tight=is_tight, may_grow=left_bytes > 0):
            self._note(Event.POST_OVERWRITTEN)

    def _fetched(self, other: str, question: dict[str, str], start_response: "StartResponse") -> Iterable[bytes]:
        state = self._ring.state()
        after, low, high = _numbers_had(question, state)
        self._ring.note_fetched(after, on=self._clock.today())
        found = self._ring.after(after, low=low, high=high, most=MOST_AT_ONCE)
        top = max([after, high, *(number for number, _post in found)])
        # A full answer is one piece with what the machine has from low on, or new posts alone filled it. Then there
        # may be others between: they are sent again.
        had = (top, 0, 0) if len(found) < MOST_AT_ONCE else (after, found[0][0], top)
        note = self._notes.get(other, bytes(NOTE_BYTES))
        body = _PLACE.pack(state.name, *had) + note + b"".join(post for _number, post in found)
        start_response(
            "200 OK",
            [("Content-Type", "application/octet-stream"), ("Content-Length", str(len(body))), *_FIXED],
        )
        return [body]


def _body(environ: "WSGIEnvironment", path: str, length: int) -> bytes:
    """The body of a POST to ``path`` if it has exactly ``length`` bytes; empty for anything else."""
    asked = (environ.get("REQUEST_METHOD"), environ.get("PATH_INFO"), environ.get("CONTENT_LENGTH"))
    if asked != ("POST", path, str(length)):
        return b""
    body, source = b"", environ["wsgi.input"]
    while len(body) < length and (piece := source.read(length - len(body))):
        body += piece
    return body if len(body) == length else b""


def _question(untrusted_query: str) -> dict[str, str]:
    try:
        return {name: values[0] for name, values in parse_qs(untrusted_query, max_num_fields=5).items()}
    except ValueError:
        return {}


def _numbers_had(question: dict[str, str], state: RingState) -> tuple[int, int, int]:
    """The numbers N, L and H of a question.

    They are 0 in a question about another ring, and where this one has not reached them: a machine that was told a
    wrong one would never get a post again.
    """
    told = [question.get(name, "0") for name in ("after", "low", "high")]
    are_numbers = all(one.isascii() and one.isdigit() and len(one) < 16 for one in told)
    if not are_numbers or question.get("ring") != state.name.hex():
        return 0, 0, 0
    after, low, high = map(int, told)
    return (after, low, high) if max(after, low, high) <= state.newest else (0, 0, 0)
