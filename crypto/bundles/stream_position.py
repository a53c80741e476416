"""How far a receiver has read a sender's stream, and which bundle may come next.

The rules do no input or output. ``docs/formats/bundle.md`` has them as a table.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from crypto.bundles.bundle_statement import Statement
from crypto.errors import Forked, NewStream, OutOfOrder, Replayed, RolledBack
from crypto.keys.keys import PartyVerifyKey

_NOTHING: Mapping[int, bytes] = MappingProxyType({})
_NO_PLACES: Mapping[bytes, "StreamPosition"] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class StreamPosition:
    """The last imported bundle of a stream; ``number`` is 0, without a digest, before the first.

    ``earlier`` holds the digest of every earlier statement by its number (32 bytes each, never deleted). A sender
    that was restored from a backup signs *other* statements under numbers that were read before. Without the
    digests these would look like repetitions, and their content would be lost. ``ended`` holds the streams that
    staff replaced by this one; nothing of them is accepted. A receiver that keeps reading one has its position in
    ``read_on`` instead.
    """

    stream: bytes
    number: int
    last_sha256: bytes | None
    earlier: Mapping[int, bytes] = field(default_factory=lambda: _NOTHING)
    ended: frozenset[bytes] = frozenset()
    read_on: Mapping[bytes, "StreamPosition"] = field(default_factory=lambda: _NO_PLACES)

    @classmethod
    def begin(cls, stream: bytes, *, ended: frozenset[bytes] = frozenset()) -> "StreamPosition":
        """The position before the first bundle of ``stream``: at first contact, or of a confirmed new stream."""
        return cls(stream, 0, None, ended=ended)

    def advance(self, statement: Statement, *, own: PartyVerifyKey) -> "StreamPosition":
        """The position after ``statement``, which must be the next one for ``own``.

        For an ended stream that is still read, it is the position in that stream.

        Raises:
            NotForUs: it does not name ``own``.
            NewStream: its stream is not confirmed yet.
            RolledBack: its stream was ended.
            Replayed: this statement was imported before.
            Forked: another statement was imported under this number, or it does not follow the last one.
            OutOfOrder: an earlier bundle is missing here.
        """
        since = statement.since(own)
        ended = self.read_on.get(statement.stream)
        if ended is not None:
            return ended.advance(statement, own=own)
        self._check_stream(statement)
        # Who joins, or comes back, starts at the number that names it first: what lies between was not for it.
        expected = max(self.number + 1, since)
        if statement.number < expected:
            self._refuse_earlier(statement)
        if statement.number > expected:
            raise OutOfOrder(f"bundle {expected} must come before bundle {statement.number}")
        if statement.number == self.number + 1 and statement.previous_sha256 != self.last_sha256:
            raise Forked(f"bundle {statement.number} must follow the bundle {self.number} that was read here")
        earlier = dict(self.earlier)
        if self.last_sha256 is not None:
            earlier[self.number] = self.last_sha256
        return StreamPosition(
            statement.stream, statement.number, statement.sha256, earlier, self.ended, self.read_on
        )

    def _check_stream(self, statement: Statement) -> None:
        if statement.stream in self.ended:
            raise RolledBack("bundle must not be of a stream that was ended")
        if statement.stream != self.stream:
            raise NewStream("sender has begun a new stream: staff must confirm it", stream=statement.stream)

    def _refuse_earlier(self, statement: Statement) -> None:
        known = self.last_sha256 if statement.number == self.number else self.earlier.get(statement.number)
        if known is None:
            raise OutOfOrder(f"bundle {statement.number} must come before bundle {self.number}, not after it")
        if known != statement.sha256:
            raise Forked(f"another bundle {statement.number} of this stream was read here")
        raise Replayed(f"bundle {statement.number} was already read here")
