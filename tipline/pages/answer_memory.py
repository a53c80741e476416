"""A cache for answers that show a long text again; its memory is limited, and shared by circuits.

Such an answer lies in memory until its client has read it, and a client may read slowly, or not at all. When there
is no room, the circuit that holds most gives up its oldest answer to one that would still hold less. So clients
that read nothing displace each other, and not a source, who has one answer with a text that is not the longest.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from tipline.requests.circuit import Circuit

SHORT_ANSWER_BYTES: Final = 64 * 1024
"""A shorter answer is not counted. It holds some 40,000 Latin letters, or 15,000 of other scripts."""

MOST_HELD_BYTES: Final = 24 * 1024 * 1024
"""Limit of all held answers.

With threads and page sources, 200 clients that read nothing take up to twice that.
"""


class CachedAnswer:
    """An answer that counts until :meth:`release`."""

    __slots__ = ("_answers", "_circuit", "_hang_up", "length_bytes")

    def __init__(
        self, answers: "AnswerCache", circuit: Circuit, length_bytes: int, hang_up: Callable[[], object]
    ) -> None:
        self._answers = answers
        self._circuit = circuit
        self._hang_up = hang_up
        self.length_bytes = length_bytes

    def release(self) -> None:
        """Stop counting it: it is sent, or its client is gone. May be called more than once."""
        self._answers.release(self._circuit, self)

    def end(self) -> None:
        """Hang up on its client, whose thread then lets go of the memory."""
        self._hang_up()


class AnswerCache:
    """The answers that are being sent, by circuit, the oldest first."""

    def __init__(self, *, most_bytes: int = MOST_HELD_BYTES) -> None:
        self._most_bytes = most_bytes
        self._lock = threading.Lock()
        self._held: dict[Circuit, OrderedDict[CachedAnswer, None]] = {}
        self.held_bytes = 0

    def hold(self, circuit: Circuit, length_bytes: int, hang_up: Callable[[], object]) -> CachedAnswer | None:
        """Count one more answer; None if there is no room for it.

        ``hang_up`` ends the connection of this answer from another thread, when another circuit needs the room.
        """
        held = CachedAnswer(self, circuit, length_bytes, hang_up)
        given_up: list[CachedAnswer] = []
        with self._lock:
            has_room = self._make_room(circuit, length_bytes, given_up)
            if has_room:
                self._held.setdefault(circuit, OrderedDict())[held] = None
                self.held_bytes += length_bytes
        for other in given_up:
            other.end()
        return held if has_room else None

    def release(self, circuit: Circuit, held: CachedAnswer) -> None:
        """Count it no more, where it is still counted."""
        with self._lock:
            self._forget(circuit, held)

    def _make_room(self, circuit: Circuit, length_bytes: int, given_up: list[CachedAnswer]) -> bool:
        while self.held_bytes + length_bytes > self._most_bytes:
            most = max(self._held, key=self._of, default=circuit)
            if self._of(most) <= self._of(circuit) + length_bytes:
                return False
            oldest = next(iter(self._held[most]))
            self._forget(most, oldest)
            given_up.append(oldest)
        return True

    def _of(self, circuit: Circuit) -> int:
        return sum(held.length_bytes for held in self._held.get(circuit, ()))

    def _forget(self, circuit: Circuit, held: CachedAnswer) -> None:
        answers = self._held.get(circuit, OrderedDict())
        if held in answers:
            del answers[held]
            self.held_bytes -= held.length_bytes
            if not answers:
                del self._held[circuit]
