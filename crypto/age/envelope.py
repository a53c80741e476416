"""Envelopes: age v1 files whose every slot is post-quantum: ``docs/formats/envelope.md``.

One way to seal and one way to open, both streaming: memory does not grow with what is inside.
"""

import secrets
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from crypto.age.age_header import FILE_KEY_BYTES, Header, Stanza, base64_of, base64_to_bytes
from crypto.age.age_stream import ChunkOpener, ChunkSealer
from crypto.age.envelope_rebuild import EnvelopeFrame
from crypto.errors import Malformed, NoKeyOpens
from crypto.keys.keys import HybridPublicKey, HybridSecretKey
from crypto.primitives import _hybrid, _sodium
from crypto.primitives.byte_source import ByteSource, ExactSource

STANZA_TYPE = b"mlkem768x25519"
_ALONE = b"scrypt"
_CLASSICAL = b"X25519"
_WRAPPED_KEY_BYTES = FILE_KEY_BYTES + _sodium.AEAD_TAG_BYTES

SecretKey = TypeVar("SecretKey", bound=HybridSecretKey)


class EnvelopeWriter:
    """Seals what is written to it to all keys in ``to``, and gives sealed bytes to ``sink`` as they come.

    The header goes to ``sink`` before the constructor returns. Slots stand in random order. What was given to
    ``sink`` is an envelope only after :meth:`finish`.
    """

    __slots__ = ("_chunks", "_finished")

    def __init__(self, sink: Callable[[bytes], object], *, to: Sequence[HybridPublicKey]) -> None:
        """Raises ValueError when ``to`` is empty."""
        if not to:
            raise ValueError("an envelope needs a key to be sealed to")
        file_key = _sodium.random_bytes(FILE_KEY_BYTES)
        stanzas = [_wrap(file_key, key) for key in to]
        secrets.SystemRandom().shuffle(stanzas)
        self._chunks = ChunkSealer(file_key, sink)
        self._finished = False
        sink(Header.make(tuple(stanzas), file_key=file_key).to_bytes() + self._chunks.nonce)

    def write(self, piece: bytes | bytearray | memoryview) -> None:
        """Seal ``piece``, of any length; large pieces (64 KiB to 1 MiB) cost the least."""
        if self._finished:
            raise RuntimeError("nothing can be written to a finished envelope")
        self._chunks.write(piece)

    def finish(self) -> None:
        """Seal the last chunk."""
        if self._finished:
            raise RuntimeError("an envelope is finished once")
        self._finished = True
        self._chunks.finish()


class EnvelopeReader(Generic[SecretKey]):
    """The plain bytes of an envelope, provisional until :meth:`read` has returned nothing.

    Made by :func:`open_envelope` only.
    """

    __slots__ = ("_at", "_chunk", "_chunks", "_frame", "_opened_by")

    def __init__(self, chunks: ChunkOpener, opened_by: SecretKey, frame: EnvelopeFrame) -> None:
        self._chunks = chunks
        self._opened_by = opened_by
        self._frame = frame
        self._chunk = b""
        self._at = 0

    @property
    def opened_by(self) -> SecretKey:
        """The one of the given keys that a slot was sealed to."""
        return self._opened_by

    @property
    def frame(self) -> EnvelopeFrame:
        """The envelope without its content. Secret: it opens this envelope."""
        return self._frame

    def read(self, size: int = -1, /) -> bytes:
        """At most ``size`` bytes, or all that is left when negative; nothing at the verified end.

        Raises:
            Malformed: what follows was changed, cut or added to.
        """
        if size < 0:
            return b"".join(iter(lambda: self.read(1 << 20), b""))
        if size == 0:
            return b""
        if self._at == len(self._chunk):
            self._chunk, self._at = self._chunks.next_chunk(), 0
        piece = self._chunk[self._at : self._at + size]
        self._at += len(piece)
        return piece


def open_envelope(
    source: ByteSource, *, keys: Sequence[SecretKey], slots: int | None = None
) -> EnvelopeReader[SecretKey]:
    """Find the slot that one of ``keys`` opens, and verify the header; the content follows by reading.

    ``source`` is read to its end, nothing may follow the envelope. With ``slots`` the header must have exactly so
    many slots, all of our type; without, slots of other types are passed over, as age demands.

    Raises:
        Malformed: not an envelope, or changed.
        NewerFormat: another version of age.
        NoKeyOpens: well formed, and sealed to other keys.
    """
    exact = ExactSource(source)
    header = Header.read(exact)
    wrapped = _wrapped_keys(header)
    if slots is not None and not len(wrapped) == len(header.stanzas) == slots:
        raise Malformed(f"envelope must have exactly {slots} slots, all of {STANZA_TYPE.decode()}")
    for key in keys:
        try:
            file_key = key.unwrap(wrapped)
        except NoKeyOpens:
            continue
        header.verify(file_key)
        chunks = ChunkOpener(file_key, exact)
        return EnvelopeReader(chunks, key, EnvelopeFrame(file_key, chunks.nonce, header.to_bytes()))
    raise NoKeyOpens(_why_nothing_opens(header))


def check_slots(header: Header) -> None:
    """Check that every slot of our type is well formed; nothing is opened.

    Raises:
        Malformed: one is unsound.
    """
    _wrapped_keys(header)


def _why_nothing_opens(header: Header) -> str:
    types = {stanza.type for stanza in header.stanzas}
    if STANZA_TYPE in types:
        return "envelope must be sealed to one of the keys given"
    if _CLASSICAL in types:
        return (
            "envelope must be sealed to a post-quantum key; this one is for a classical key (X25519): age opens it"
        )
    if _ALONE in types:
        return "envelope must be sealed to a post-quantum key; this one is sealed with a passphrase: age opens it"
    return f"envelope must have a slot of the type {STANZA_TYPE.decode()}"


def _wrap(file_key: bytes, key: HybridPublicKey) -> Stanza:
    encapsulation, body = _hybrid.wrap(file_key, to=key.to_bytes())
    return Stanza((STANZA_TYPE, base64_of(encapsulation)), body)


def _wrapped_keys(header: Header) -> list[tuple[bytes, bytes]]:
    """Encapsulation and wrapped file key of each slot of our type.

    Raises:
        Malformed: one slot is unsound.
    """
    wrapped: list[tuple[bytes, bytes]] = []
    for stanza in header.stanzas:
        if stanza.type == _ALONE and len(header.stanzas) > 1:
            raise Malformed("a passphrase slot must be the only slot")
        if stanza.type != STANZA_TYPE:
            continue
        if len(stanza.arguments) != 2:
            raise Malformed("slot must have one argument")
        encapsulation = base64_to_bytes(stanza.arguments[1])
        if len(encapsulation) != _hybrid.ENCAPSULATION_BYTES:
            raise Malformed(f"argument of a slot must be {_hybrid.ENCAPSULATION_BYTES} bytes")
        _hybrid.check_encapsulation(encapsulation)
        # Before any key is tried: a longer body could be made to open with several keys.
        if len(stanza.body) != _WRAPPED_KEY_BYTES:
            raise Malformed(f"body of a slot must be {_WRAPPED_KEY_BYTES} bytes")
        wrapped.append((encapsulation, stanza.body))
    return wrapped
