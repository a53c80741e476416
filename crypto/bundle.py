"""Bundles: what a server and a reviewer send each other, signed, sealed and numbered. ``docs/formats/bundle.md``.

One envelope with four slots; inside, a signed statement and then the items that it lists. Writing and reading both
stream: memory does not grow with an item. :func:`read_bundle` answers only after everything but the items' own
bytes was verified, and an item's last bytes are given out only when its digest fits.
"""

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Never

from crypto.byte_source import ByteSource, ExactSource
from crypto.envelope import EnvelopeWriter, open_envelope
from crypto.errors import Malformed, NewerFormat, NotForUs, Replayed
from crypto.keys import PartyVerifyKey, TransportPublicKey, TransportSecretKey
from crypto.statement import (
    LONGEST_BYTES,
    ItemEntry,
    ItemType,
    Receiver,
    Statement,
    sign_statement,
    verify_statement,
)
from crypto.stream_place import StreamPlace

__all__ = [
    "BundleReader",
    "BundleWriter",
    "Expected",
    "ItemEntry",
    "ItemSource",
    "ItemType",
    "Receiver",
    "Statement",
    "StreamPlace",
    "read_bundle",
    "sign_statement",
]

MAGIC = b"TIPLINB\x1a"
VERSION = 1
SLOTS = 4

_KEY_BYTES = 32
_SIGNATURE_BYTES = 64
_LENGTH_BYTES = 4
_ABSENT = b"\0"
_PRESENT = b"\1"
_PIECE_BYTES = 256 * 1024


class BundleWriter:
    """Seals one bundle; what reached ``sink`` is a bundle only after :meth:`finish`."""

    __slots__ = ("_envelope", "_next", "statement")

    def __init__(
        self,
        sink: Callable[[bytes], object],
        *,
        to: Sequence[TransportPublicKey],
        statement_bytes: bytes,
        signature: bytes,
    ) -> None:
        """``to`` are the transport keys of the receivers, 1 to 4; throw-away keys fill the slots that are left.

        Raises:
            BadSignature, Malformed: the kept statement is not what its sender signed.
        """
        if not 1 <= len(to) <= SLOTS or len(set(to)) != len(to):
            raise ValueError(f"a bundle is sealed to 1 to {SLOTS} different receivers")
        sender = Statement.parse(statement_bytes).sender
        self.statement = verify_statement(statement_bytes, signature=signature, sender=sender)
        self._next = 0
        filled = [*to, *(TransportSecretKey.generate().public_key() for _ in range(SLOTS - len(to)))]
        self._envelope = EnvelopeWriter(sink, to=filled)
        self._envelope.write(
            b"".join(
                (
                    MAGIC,
                    bytes([VERSION]),
                    sender.to_bytes(),
                    signature,
                    len(statement_bytes).to_bytes(_LENGTH_BYTES, "big"),
                    statement_bytes,
                )
            )
        )

    def item(self, entry: ItemEntry, chunks: Iterable[bytes] | None) -> None:
        """The next item of the statement, or ``None`` in its place when it was deleted since.

        Raises:
            Malformed: ``chunks`` are not the bytes that the statement lists: the store is damaged.
        """
        if self._next == len(self.statement.items) or entry != self.statement.items[self._next]:
            raise RuntimeError("items are written in the order of the statement")
        self._next += 1
        if chunks is None:
            self._envelope.write(_ABSENT)
            return
        self._envelope.write(_PRESENT)
        digest = hashlib.sha256()
        left = entry.length
        for chunk in chunks:
            left -= len(chunk)
            if left < 0:
                break
            digest.update(chunk)
            self._envelope.write(chunk)
        if left or digest.digest() != entry.sha256:
            raise Malformed("stored item must have the length and digest that its statement lists")

    def finish(self) -> None:
        """Seal the end. All items must have been written."""
        if self._next != len(self.statement.items):
            raise RuntimeError("every item of the statement is written, or marked as deleted")
        self._envelope.finish()


@dataclass(frozen=True, slots=True)
class Expected:
    """Whose bundles are taken (``senders``), and by whom (``own``): signature keys."""

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
        """All bytes of an item that is small by its type; the limit is checked before anything is read.

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
    """A bundle whose sender, receivers and place in the stream are verified; made by :func:`read_bundle` only.

    Iterate once, for the items that are there. :attr:`place` exists after that: keep it together with what was
    taken from the items, or keep neither. When ``is_repeated``, it was taken in before, and the place is the one
    where the receiver stands already.
    """

    __slots__ = ("_place", "_read_to_end", "_source", "_started", "_tombstones", "is_repeated", "statement")

    statement: Statement
    is_repeated: bool
    _source: ExactSource
    _place: StreamPlace
    _tombstones: list[ItemEntry]
    _started: bool
    _read_to_end: bool

    def __init__(self) -> None:
        raise RuntimeError("a bundle is read by read_bundle only")

    def __iter__(self) -> Iterator[tuple[ItemEntry, ItemSource]]:
        """Entry and bytes of each item that is there; going on reads the rest of an item and checks its digest.

        Raises:
            Malformed: cut, changed, something follows, or an item is not what the statement lists.
        """
        if self._started:
            raise RuntimeError("a bundle is read once")
        self._started = True
        for entry in self.statement.items:
            presence = self._source.exactly(1, what="bundle")
            if presence == _ABSENT:
                self._tombstones.append(entry)
            elif presence == _PRESENT:
                item = ItemSource(self._source, entry)
                yield entry, item
                item.drain()
            else:
                raise Malformed("item must be marked as there or as deleted")
        # This also verifies the last chunk of the envelope, and that its source ends there.
        if self._source.up_to(1):
            raise Malformed("nothing must follow the last item of a bundle")
        self._read_to_end = True

    @property
    def place(self) -> StreamPlace:
        """Where this receiver stands after the bundle."""
        self._check_end()
        return self._place

    @property
    def tombstones(self) -> tuple[ItemEntry, ...]:
        """Items that the sender had deleted before it sealed this bundle."""
        self._check_end()
        return tuple(self._tombstones)

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
    progress: Mapping[PartyVerifyKey, StreamPlace],
    again: bool = False,
) -> BundleReader:
    """Open a bundle and verify its statement. ``progress`` says how far each sender's stream was read; a sender
    that is not in it has sent nothing yet, and its stream is taken as it is. ``again`` also gives out a bundle that
    was taken in before, for items whose bytes were lost since.

    Checks in this order; the first that fails answers.

    Raises:
        Malformed, NewerFormat: not a bundle, or changed.
        NoKeyOpens: for somebody else.
        NotForUs: by a sender that is not expected, or it does not name ``expect.own``.
        BadSignature: not signed by whom it says.
        NewStream, RolledBack, Replayed (not with ``again``), Forked, OutOfOrder: see :meth:`StreamPlace.after`.
    """
    opened = ExactSource(open_envelope(source, keys=keys, slots=SLOTS))
    _check_magic(opened.exactly(len(MAGIC) + 1, what="bundle"))
    sender = PartyVerifyKey(opened.exactly(_KEY_BYTES, what="bundle"))
    if sender not in expect.senders:
        raise NotForUs("bundle must be by a sender that this machine knows")
    signature = opened.exactly(_SIGNATURE_BYTES, what="bundle")
    length = int.from_bytes(opened.exactly(_LENGTH_BYTES, what="bundle"), "big")
    if length > LONGEST_BYTES:
        raise Malformed(f"statement must have at most {LONGEST_BYTES} bytes")
    statement = verify_statement(opened.exactly(length, what="bundle"), signature=signature, sender=sender)
    place = progress.get(sender) or StreamPlace.begin(statement.stream)
    reader = object.__new__(BundleReader)
    reader.is_repeated = False
    try:
        reader._place = place.after(statement, own=expect.own)
    except Replayed:
        if not again:
            raise
        reader._place, reader.is_repeated = place, True
    reader.statement = statement
    reader._source = opened
    reader._tombstones = []
    reader._started = reader._read_to_end = False
    return reader


def _check_magic(untrusted_bytes: bytes) -> None:
    if untrusted_bytes[: len(MAGIC)] != MAGIC:
        raise Malformed("bundle must begin with its magic bytes")
    if untrusted_bytes[len(MAGIC)] > VERSION:
        raise NewerFormat(f"bundle is of a newer version than {VERSION}")
    if untrusted_bytes[len(MAGIC)] < VERSION:
        raise Malformed("version of a bundle must be 1")
