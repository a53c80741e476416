"""The open streams of clients, and the choice of the one that ends when another needs its place.

The rule, under pressure only:

1. The circuit with most streams loses one first: one that has brought no upload yet, else the upload whose last
   kibibyte came longest ago. A circuit's only upload is not touched here. Nor does a circuit lose one to another
   that holds as many: streams that are opened again as often as they end would else keep the server busy.
2. Then, where each circuit has one stream, a stream that has brought no upload, the oldest first. One that has just
   come is left alone: its request is on the way.
3. A circuit's only upload goes last, and only after 180 seconds of silence. Less than a kibibyte in that time is
   silence too: a byte now and then costs its sender nothing, and a real upload over a bad line brings kilobytes.

A stream whose request is whole is never chosen while the server works on it: what was acknowledged, or is about to
be, is no stream's to lose. Nothing here knows a socket, and the clock is passed in. Used by one thread, but for
:meth:`Stream.moved` and the marks of a stream, which its own thread sets.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from tipline.requests.circuit import Circuit

_Kept = TypeVar("_Kept")

WORTH_BYTES = 1024
"""Bytes that end a silence."""

SILENT_SECONDS = 180.0
NEW_SECONDS = 5.0
"""A stream without an upload is left alone for so long, unless its circuit has others."""


@dataclass(slots=True, eq=False)
class Stream:
    """One connection of a client.

    ``moved_at``: when its last kibibyte came, or when it began, in seconds of the caller's clock. ``may_end``: the
    server waits for the client, so that ending it loses nothing that is whole; ``is_unread``: it waits for the
    client to read. ``is_under_way``: its thread has waited for it, or has had much or all of it.
    """

    circuit: Circuit
    moved_at: float
    is_upload: bool = False
    may_end: bool = True
    is_unread: bool = False
    is_under_way: bool = False
    _bytes: int = 0

    def moved(self, count: int, now: float) -> None:
        """Count bytes that came from the client, or that it took."""
        self._bytes += count
        if self._bytes >= WORTH_BYTES:
            self._bytes, self.moved_at = 0, now


def _any(_stream: Stream) -> bool:
    return True


class Streams:
    """The open streams, by circuit."""

    def __init__(self) -> None:
        self._circuits: dict[Circuit, dict[Stream, None]] = {}

    def add(self, stream: Stream) -> None:
        """Add a stream."""
        self._circuits.setdefault(stream.circuit, {})[stream] = None

    def drop(self, stream: Stream) -> None:
        """Remove a stream; does nothing if it was removed before."""
        held = self._circuits.get(stream.circuit, {})
        held.pop(stream, None)
        if not held:
            self._circuits.pop(stream.circuit, None)

    def held_by(self, circuit: Circuit) -> int:
        """The number of streams of a circuit."""
        return len(self._circuits.get(circuit, ()))

    def end_next(self, now: float, *, among: Callable[[Stream], bool] = _any, for_one_of: int = 1) -> Stream | None:
        """Remove and return the stream ``among`` all that ends next; None if each has to stay.

        It makes room for a circuit that holds ``for_one_of`` streams.
        """
        chosen = self._of_the_fullest(among, max(for_one_of, 1)) or self._of_those_alone(now, among)
        if chosen is not None:
            self.drop(chosen)
        return chosen

    def _of_the_fullest(self, among: Callable[[Stream], bool], most: int) -> Stream | None:
        several = (held for held in self._circuits.values() if len(held) > most)
        for held in sorted(several, key=len, reverse=True):
            found = [stream for stream in held if stream.may_end and among(stream)]
            chosen = _longest_silent(stream for stream in found if not stream.is_upload)
            if chosen is None and sum(stream.is_upload for stream in held) > 1:
                chosen = _longest_silent(found)
            if chosen is not None:
                return chosen
        return None

    def _of_those_alone(self, now: float, among: Callable[[Stream], bool]) -> Stream | None:
        found = [stream for held in self._circuits.values() for stream in held if stream.may_end and among(stream)]
        chosen = _longest_silent(stream for stream in found if not stream.is_upload)
        if chosen is not None and now - chosen.moved_at >= NEW_SECONDS:
            return chosen
        chosen = _longest_silent(stream for stream in found if stream.is_upload)
        return chosen if chosen is not None and now - chosen.moved_at >= SILENT_SECONDS else None


def _longest_silent(streams: Iterable[Stream]) -> Stream | None:
    return min(streams, key=lambda stream: stream.moved_at, default=None)


class Deadlines(Generic[_Kept]):
    """Deadlines of many things, all equally long from the last sign of life.

    They are set in the order in which they come due, so that only the first ones are ever looked at.
    """

    def __init__(self) -> None:
        self._until: OrderedDict[_Kept, float] = OrderedDict()

    def __contains__(self, kept: _Kept) -> bool:
        return kept in self._until

    def set(self, kept: _Kept, until: float) -> None:
        """Set or move its deadline, which is no earlier than any other."""
        self._until[kept] = until
        self._until.move_to_end(kept)

    def drop(self, kept: _Kept) -> None:
        """Remove its deadline; does nothing if there is none."""
        self._until.pop(kept, None)

    def due(self, now: float) -> Iterator[_Kept]:
        """Yield and remove those whose deadline is over."""
        while self._until:
            kept, until = next(iter(self._until.items()))
            if until > now:
                return
            del self._until[kept]
            yield kept
