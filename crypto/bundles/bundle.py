"""Bundles between a server and a reviewer: signed, sealed and numbered. ``docs/formats/bundle.md``.

One envelope with four slots. It contains a signed statement, the items that the statement lists, and the sender's
signed marks of this sealing. Writing and reading both stream: memory does not grow with an item.
:func:`read_bundle` returns only after everything but the items' own bytes and their marks was verified. The last
bytes of an item are returned only when its digest matches.
"""

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Never

from crypto.age.envelope import open_envelope
from crypto.bundles.bundle_head import (
    KEY_BYTES,
    LENGTH_BYTES,
    MAGIC,
    SEALING_BYTES,
    SIGNATURE_BYTES,
    SLOTS,
    VERSION,
    version_of,
)
from crypto.bundles.bundle_statement import (
    LONGEST_BYTES,
    ItemEntry,
    ItemType,
    Receiver,
    Statement,
    sign_statement,
    verify_statement,
)
from crypto.bundles.bundle_writer import BundleWriter, Sealing
from crypto.bundles.presence import AbsentItem, Mark, mark_of, sealing_of, verify_marks
from crypto.bundles.stream_position import StreamPosition
from crypto.errors import Malformed, NotForUs, Replayed
from crypto.keys.keys import PartyVerifyKey, TransportSecretKey
from crypto.primitives.byte_source import ByteSource, ExactSource

__all__ = [
    "AbsentItem",
    "BundleReader",
    "BundleWriter",
    "Expected",
    "ItemEntry",
    "ItemSource",
    "ItemType",
    "Mark",
    "Receiver",
    "Sealing",
    "Statement",
    "StreamPosition",
    "read_bundle",
    "sign_statement",
]

_PIECE_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class Expected:
    """The accepted senders (``senders``) and the receiver (``own``), as signature keys."""

    senders: Collection[PartyVerifyKey]
    own: PartyVerifyKey


class ItemSource:
    """The bytes of one item. The last of them come only when all of them fit the digest in the statement."""

    __slots__ = ("_digest", "_entry", "_left", "_source")

    def __init__(self, source: ExactSource, entry: ItemEntry) -> None:
        self._source = source
        self._entry = entry
        self._left = entry.length
        self._digest = hashlib.sha256()

    def read(self, size: int = -1, /) -> bytes:
        """At most ``size`` bytes, or all that is left when negative; nothing at the end.

        Raises:
            Malformed: cut, changed, or not what the statement lists.
        """
        if size < 0:
            return b"".join(iter(lambda: self.read(_PIECE_BYTES), b""))
        wanted = min(size, self._left)
        if not wanted:
            return b""
        piece = self._source.some(wanted)
        if not piece:
            raise Malformed("item must not end early")
        self._digest.update(piece)
        self._left -= len(piece)
        if not self._left and self._digest.digest() != self._entry.sha256:
            raise Malformed("item must have the digest that its statement lists")
        return piece

    def whole(self, *, limit_bytes: int) -> bytes:
        """All bytes of an item of a small type; the limit is checked before reading.

        Raises:
            Malformed: longer than ``limit_bytes``, or see :meth:`read`.
        """
        if self._entry.length > limit_bytes:
            raise Malformed(f"item of the type {self._entry.type} must have at most {limit_bytes} bytes")
        return self.read()

    def drain(self) -> None:
        """Read what is left, for its digest only."""
        while self.read(_PIECE_BYTES):
            pass


class BundleReader:
    """A bundle whose sender, receivers and position are verified; only :func:`read_bundle` makes one.

    Iterate once, over the items that are present. :attr:`place` is set after that: store it together with the
    items, or store neither. If ``is_repeated``, the bundle was imported before and the position does not change.
    ``sealing`` is the number of the sealing whose marks are signed, 0 in version 1.
    """

    __slots__ = ("_marks", "_place", "_read_to_end", "_source", "_started", "is_repeated", "sealing", "statement")

    statement: Statement
    is_repeated: bool
    sealing: int
    _source: ExactSource
    _place: StreamPosition
    _marks: list[Mark]
    _started: bool
    _read_to_end: bool

    def __init__(self) -> None:
        raise RuntimeError("a bundle is read by read_bundle only")

    def __iter__(self) -> Iterator[tuple[ItemEntry, ItemSource]]:
        """Entry and bytes of each present item.

        The next step reads the rest of an item and checks its digest.

        Raises:
            Malformed: cut, changed, something follows, or an item is not what the statement lists.
            BadSignature: the sender did not sign these marks at this sealing.
        """
        if self._started:
            raise RuntimeError("a bundle is read once")
        self._started = True
        for entry in self.statement.items:
            mark = mark_of(self._source.exactly(1, what="bundle"), is_signed=self.sealing > 0)
            self._marks.append(mark)
            if mark is Mark.THERE:
                item = ItemSource(self._source, entry)
                yield entry, item
                item.drain()
        if self.sealing:
            verify_marks(
                self._marks,
                statement_sha256=self.statement.sha256,
                sealing=self.sealing,
                sender=self.statement.sender,
                signature=self._source.exactly(SIGNATURE_BYTES, what="bundle"),
            )
        # This also verifies the last chunk of the envelope, and that its source ends there.
        if self._source.up_to(1):
            raise Malformed("nothing must follow the end of a bundle")
        self._read_to_end = True

    @property
    def place(self) -> StreamPosition:
        """The receiver's place in the stream of the bundle, after the bundle."""
        self._check_end()
        return self._place

    @property
    def absent(self) -> tuple[AbsentItem, ...]:
        """Items that were not there when the sender sealed this bundle, each with what it signed of it."""
        self._check_end()
        return tuple(
            AbsentItem(number, entry, mark)
            for number, (entry, mark) in enumerate(zip(self.statement.items, self._marks, strict=True), start=1)
            if mark is not Mark.THERE
        )

    def _check_end(self) -> None:
        if not self._read_to_end:
            raise RuntimeError("a bundle is taken in only after all of it was read")

    def __reduce__(self) -> Never:
        raise TypeError("a verified bundle is read again, not pickled")


def read_bundle(
    source: ByteSource,
    *,
    keys: Sequence[TransportSecretKey],
    expect: Expected,
    progress: Mapping[PartyVerifyKey, StreamPosition],
    again: bool = False,
) -> BundleReader:
    """Open a bundle and verify its statement.

    ``progress`` holds the stream position of each sender. A sender that is not in it has sent nothing yet, and its
    stream is accepted. ``again`` also accepts a bundle that was imported before, for items that are missing here.

    The checks run in this order; the first failure is reported.

    Raises:
        Malformed, NewerFormat: not a bundle, or changed.
        NoKeyOpens: for another receiver.
        NotForUs: by a sender that is not expected, or it does not name ``expect.own``.
        BadSignature: not signed by the sender it names.
        NewStream, RolledBack, Replayed (not with ``again``), Forked, OutOfOrder: see
            :meth:`StreamPosition.advance`.
    """
    opened = ExactSource(open_envelope(source, keys=keys, slots=SLOTS))
    version = version_of(opened.exactly(len(MAGIC) + 1, what="bundle"))
    sender = PartyVerifyKey(opened.exactly(KEY_BYTES, what="bundle"))
    if sender not in expect.senders:
        raise NotForUs("bundle must be by a sender that this machine knows")
    signature = opened.exactly(SIGNATURE_BYTES, what="bundle")
    length = int.from_bytes(opened.exactly(LENGTH_BYTES, what="bundle"), "big")
    if length > LONGEST_BYTES:
        raise Malformed(f"statement must have at most {LONGEST_BYTES} bytes")
    statement = verify_statement(opened.exactly(length, what="bundle"), signature=signature, sender=sender)
    place = progress.get(sender) or StreamPosition.begin(statement.stream)
    reader = object.__new__(BundleReader)
    reader.is_repeated = False
    try:
        reader._place = place.advance(statement, own=expect.own)
    except Replayed:
        if not again:
            raise
        reader._place, reader.is_repeated = place, True
    reader.statement = statement
    reader.sealing = sealing_of(opened.exactly(SEALING_BYTES, what="bundle")) if version == VERSION else 0
    reader._source = opened
    reader._marks = []
    reader._started = reader._read_to_end = False
    return reader
