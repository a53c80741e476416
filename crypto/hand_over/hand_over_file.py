"""Sealing and opening a handed-over case: ``docs/formats/hand-over.md``, section "Bytes"."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from crypto.age.envelope import EnvelopeWriter, open_envelope
from crypto.errors import Malformed, NewerFormat, NotForUs
from crypto.hand_over.key_file import HandOverKeys, HandOverParty
from crypto.hand_over.statement import LONGEST_BYTES, HandedFile, HandOverStatement
from crypto.keys.leaving_keys import HandOverSecretKey, HandOverVerifyKey
from crypto.primitives.byte_source import ByteSource, ExactSource

MAGIC: Final = b"TIPLINH\x1a"
VERSION: Final = 1
KEY_BYTES, SIGNATURE_BYTES, LENGTH_BYTES = 32, 64, 4
SLOTS: Final = 1

_LABEL: Final = b"tipline/v1/hand-over\x00"
_PIECE_BYTES: Final = 1 << 20
_WHAT: Final = "handed-over case"


class HandOverWriter:
    """Seals one case to one home. ``sink`` has received a whole one only after :meth:`finish`."""

    def __init__(
        self,
        sink: Callable[[bytes], object],
        *,
        statement: HandOverStatement,
        keys: HandOverKeys,
        to: HandOverParty,
    ) -> None:
        """Sign the statement and seal it.

        Raises:
            ValueError: the statement names another sender or receiver.
            Malformed: a reader would refuse the statement.
        """
        if statement.sender != keys.party() or statement.to_sha256 != to.sha256:
            raise ValueError("a statement names its sender and its receiver")
        raw = statement.to_bytes()
        self._left = [file for tip in statement.tips for file in tip.files]
        self._envelope = EnvelopeWriter(sink, to=[to.seal])
        self._envelope.write(
            b"".join(
                (
                    MAGIC,
                    bytes([VERSION]),
                    keys.signing.verify_key().to_bytes(),
                    keys.signing.sign(_LABEL + raw),
                    len(raw).to_bytes(LENGTH_BYTES, "big"),
                    raw,
                )
            )
        )

    def file(self, pieces: Iterable[bytes]) -> None:
        """The bytes of the next file of the statement.

        Raises:
            Malformed: they are not what the statement lists: the casebook is damaged.
        """
        listed = self._left.pop(0)
        digest, length_bytes = hashlib.sha256(), 0
        for piece in pieces:
            digest.update(piece)
            length_bytes += len(piece)
            self._envelope.write(piece)
        if length_bytes != listed.length_bytes or digest.digest() != listed.sha256:
            raise Malformed("a file must have the length and digest that the statement lists")

    def finish(self) -> None:
        """Seal the end. All files must have been written."""
        if self._left:
            raise RuntimeError("every file of the statement is written")
        self._envelope.finish()


class HandOverReader:
    """An opened case: the statement at once, then file by file in its order.

    Nothing of it is to be kept before :meth:`finish` has returned.
    """

    def __init__(self, source: ExactSource, statement_bytes: bytes) -> None:
        self._source = source
        self.statement = HandOverStatement.parse(statement_bytes)
        self.sha256 = hashlib.sha256(statement_bytes).digest()
        """The digest of the statement, by which the case is imported once."""

    def pieces(self, file: HandedFile) -> Iterator[bytes]:
        """The bytes of the next file.

        Raises:
            Malformed: they are not what the statement lists; then what came before is not to be used.
        """
        digest, left = hashlib.sha256(), file.length_bytes
        while left:
            piece = self._source.some(min(left, _PIECE_BYTES))
            if not piece:
                raise Malformed(f"{_WHAT} must not end early")
            digest.update(piece)
            left -= len(piece)
            yield piece
        if digest.digest() != file.sha256:
            raise Malformed("a file must have the digest that the statement lists")

    def finish(self) -> None:
        """Return when nothing follows the last file.

        Raises:
            Malformed: something does.
        """
        if self._source.up_to(1):
            raise Malformed("nothing must follow the last file of a handed-over case")


def open_hand_over(
    source: ByteSource, *, keys: Sequence[HandOverSecretKey], own_sha256: frozenset[bytes]
) -> HandOverReader:
    """Open and verify up to the first file; ``own_sha256`` are the digests of this home's key files.

    The sender is the one that the statement names: who that is, staff compare by telephone.

    Raises:
        Malformed, NewerFormat: not such a case.
        NoKeyOpens: sealed to another home.
        BadSignature: not signed by the sender that it names.
        NotForUs: signed for another home, and sealed again to this one.
    """
    return read_case(open_envelope(source, keys=keys, slots=SLOTS), own_sha256=own_sha256)


def read_case(source: ByteSource, *, own_sha256: frozenset[bytes]) -> HandOverReader:
    """As :func:`open_hand_over`, for what is inside of the envelope."""
    exact = ExactSource(source)
    head = exact.exactly(len(MAGIC) + 1, what=_WHAT)
    if head[: len(MAGIC)] != MAGIC or head[-1] < VERSION:
        raise Malformed(f"{_WHAT} must begin with its magic bytes")
    if head[-1] > VERSION:
        raise NewerFormat(f"{_WHAT} is of a newer version than {VERSION}")
    sender = HandOverVerifyKey(exact.exactly(KEY_BYTES, what=_WHAT))
    signature = exact.exactly(SIGNATURE_BYTES, what=_WHAT)
    length_bytes = int.from_bytes(exact.exactly(LENGTH_BYTES, what=_WHAT), "big")
    if not 1 <= length_bytes <= LONGEST_BYTES:
        raise Malformed(f"statement of a {_WHAT} must have 1 to {LONGEST_BYTES} bytes")
    statement = exact.exactly(length_bytes, what=_WHAT)
    sender.verify(_LABEL + statement, signature=signature)
    reader = HandOverReader(exact, statement)
    if reader.statement.sender.sign != sender:
        raise Malformed(f"{_WHAT} must be signed by the key in its statement")
    if reader.statement.to_sha256 not in own_sha256:
        raise NotForUs(f"{_WHAT} was signed for another home")
    return reader
