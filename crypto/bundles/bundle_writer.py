"""Sealing a bundle. ``docs/formats/bundle.md``."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from crypto.age.envelope import EnvelopeWriter
from crypto.bundles.bundle_head import LARGEST_SEALING, LENGTH_BYTES, MAGIC, SEALING_BYTES, SLOTS, VERSION
from crypto.bundles.bundle_statement import ItemEntry, Statement, verify_statement
from crypto.bundles.presence import Mark, sign_marks
from crypto.errors import Malformed
from crypto.keys.keys import PartySigningKey, TransportPublicKey, TransportSecretKey


@dataclass(frozen=True, slots=True)
class Sealing:
    """The sender's key and the number of this sealing, which grows with each sealing of a stream."""

    key: PartySigningKey
    number: int

    def __post_init__(self) -> None:
        if not 1 <= self.number <= LARGEST_SEALING:
            raise ValueError("sealings are numbered from 1 to 2^63 - 1")


class BundleWriter:
    """Seals one bundle. Memory does not grow with an item.

    ``sink`` has received a whole bundle only after :meth:`finish`.
    """

    __slots__ = ("_envelope", "_marks", "_sealing", "statement")

    def __init__(
        self,
        sink: Callable[[bytes], object],
        *,
        to: Sequence[TransportPublicKey],
        statement_bytes: bytes,
        signature: bytes,
        sealing: Sealing,
    ) -> None:
        """Begin a bundle for the transport keys ``to``, 1 to 4; throw-away keys fill the other slots.

        Raises:
            BadSignature, Malformed: the kept statement is not what its sender signed.
        """
        if not 1 <= len(to) <= SLOTS or len(set(to)) != len(to):
            raise ValueError(f"a bundle is sealed to 1 to {SLOTS} different receivers")
        sender = Statement.parse(statement_bytes).sender
        if sealing.key.verify_key() != sender:
            raise ValueError("a bundle is sealed by its sender")
        self.statement = verify_statement(statement_bytes, signature=signature, sender=sender)
        self._sealing = sealing
        self._marks: list[Mark] = []
        filled = [*to, *(TransportSecretKey.generate().public_key() for _ in range(SLOTS - len(to)))]
        self._envelope = EnvelopeWriter(sink, to=filled)
        self._envelope.write(
            b"".join(
                (
                    MAGIC,
                    bytes([VERSION]),
                    sender.to_bytes(),
                    signature,
                    len(statement_bytes).to_bytes(LENGTH_BYTES, "big"),
                    statement_bytes,
                    sealing.number.to_bytes(SEALING_BYTES, "big"),
                )
            )
        )

    def item(self, entry: ItemEntry, content: Iterable[bytes] | Mark) -> None:
        """The next item of the statement in chunks, or its mark when it is not there: deleted or withheld.

        Raises:
            Malformed: the chunks are not the bytes that the statement lists: the store is damaged.
        """
        place = len(self._marks)
        if place == len(self.statement.items) or entry != self.statement.items[place]:
            raise RuntimeError("items are written in the order of the statement")
        mark = content if isinstance(content, Mark) else Mark.THERE
        if mark is Mark.UNSIGNED or (mark is Mark.THERE and isinstance(content, Mark)):
            raise ValueError("an item without bytes is marked as deleted or as withheld")
        self._marks.append(mark)
        self._envelope.write(bytes([mark]))
        if not isinstance(content, Mark):
            self._write(entry, content)

    def _write(self, entry: ItemEntry, chunks: Iterable[bytes]) -> None:
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
        """Sign the marks and seal the end. All items must have been written."""
        if len(self._marks) != len(self.statement.items):
            raise RuntimeError("every item of the statement is written, or marked as not there")
        self._envelope.write(
            sign_marks(
                self._marks,
                statement_sha256=self.statement.sha256,
                sealing=self._sealing.number,
                key=self._sealing.key,
            )
        )
        self._envelope.finish()
