"""The payload of an age v1 file: ``docs/formats/envelope.md``, section "Payload".

Chunks of 64 KiB under a counter and a flag for the last one. One chunk is in memory at a time, in either direction;
libsodium releases the GIL for each, so that reading, sealing and writing in several threads overlap.
"""

from collections.abc import Callable

from crypto.errors import CryptoError, Malformed, NoKeyOpens
from crypto.primitives import _hybrid, _sodium
from crypto.primitives.byte_source import ExactSource

CHUNK_BYTES = 65536
SEALED_CHUNK_BYTES = CHUNK_BYTES + _sodium.AEAD_TAG_BYTES
NONCE_BYTES = 16
_LABEL = b"payload"
_COUNTER_BYTES = 11
_MORE = b"\x00"
_LAST = b"\x01"


class ChunkSealer:
    """Seals what is written to it, and gives each sealed chunk to ``sink`` at once.

    The nonce, which belongs in front of the payload, is :attr:`nonce`: the caller writes it. One is given only to
    make again what was made before (:mod:`crypto.age.envelope_rebuild`).
    """

    __slots__ = ("_count", "_filled", "_held", "_key", "_sink", "nonce")

    def __init__(self, file_key: bytes, sink: Callable[[bytes], object], *, nonce: bytes | None = None) -> None:
        self.nonce = nonce or _sodium.random_bytes(NONCE_BYTES)
        self._key = _payload_key(file_key, self.nonce)
        self._sink = sink
        self._held = bytearray()
        self._filled = 0
        self._count = 0

    def write(self, piece: bytes | bytearray | memoryview) -> None:
        """Seal ``piece`` as far as it fills chunks. A full chunk is held back, as it may be the last."""
        view = memoryview(piece)
        if self._filled:
            room = CHUNK_BYTES - self._filled
            self._hold(view[:room])
            if len(view) <= room:
                return
            self._seal(bytes(self._held), _MORE)
            self._filled = 0
            view = view[room:]
        while len(view) > CHUNK_BYTES:
            self._seal(bytes(view[:CHUNK_BYTES]), _MORE)
            view = view[CHUNK_BYTES:]
        self._hold(view)

    def finish(self) -> None:
        """Seal what is held back as the last chunk; it is empty only when nothing was ever written."""
        self._seal(bytes(self._held[: self._filled]), _LAST)
        self._held.clear()

    def _hold(self, piece: memoryview) -> None:
        # The buffer grows once to a full chunk and is then used again: clearing it would cost more than the copy.
        end = self._filled + len(piece)
        self._held[self._filled : end] = piece
        self._filled = end

    def _seal(self, chunk: bytes, flag: bytes) -> None:
        nonce = self._count.to_bytes(_COUNTER_BYTES, "big") + flag
        self._count += 1
        self._sink(_sodium.aead_seal(chunk, key=self._key, nonce=nonce))


class ChunkOpener:
    """Opens a payload chunk by chunk.

    The payload is known to be whole only after :meth:`next_chunk` has returned no bytes.
    """

    __slots__ = ("_count", "_failure", "_key", "_last_seen", "_source", "nonce")

    def __init__(self, file_key: bytes, source: ExactSource) -> None:
        """Begin at the nonce of ``source``.

        Raises:
            Malformed: the source ends within the nonce.
        """
        self.nonce = source.exactly(NONCE_BYTES, what="nonce of the payload")
        self._key = _payload_key(file_key, self.nonce)
        self._source = source
        self._count = 0
        self._last_seen = False
        self._failure: CryptoError | None = None

    def next_chunk(self) -> bytes:
        """The next chunk, 1 to 65,536 bytes; nothing after the last one, and only if nothing follows it.

        Raises:
            Malformed: changed, cut, put in another order, or followed by something; then at every later call, too.
        """
        if self._failure is not None:
            raise self._failure
        try:
            return self._open_next()
        except CryptoError as error:
            self._failure = error
            raise

    def _open_next(self) -> bytes:
        if self._last_seen:
            if self._source.up_to(1):
                raise Malformed("nothing must follow the last chunk")
            return b""
        sealed = self._source.up_to(SEALED_CHUNK_BYTES)
        if len(sealed) < _sodium.AEAD_TAG_BYTES:
            raise Malformed("payload must end with a last chunk")
        if len(sealed) == _sodium.AEAD_TAG_BYTES and self._count:
            raise Malformed("last chunk must not be empty when another is there")
        chunk = self._try(sealed, _MORE) if len(sealed) == SEALED_CHUNK_BYTES else None
        if chunk is None:
            # A full chunk can be the last as well: only its tag tells, since what follows may be foreign.
            chunk = self._try(sealed, _LAST)
            self._last_seen = True
        if chunk is None:
            raise Malformed("chunk must be unchanged and in its place")
        self._count += 1
        return chunk or self._open_next()

    def _try(self, sealed: bytes, flag: bytes) -> bytes | None:
        nonce = self._count.to_bytes(_COUNTER_BYTES, "big") + flag
        try:
            return _sodium.aead_open(sealed, key=self._key, nonce=nonce)
        except NoKeyOpens:
            return None


def _payload_key(file_key: bytes, nonce: bytes) -> bytes:
    return _hybrid.hkdf_sha256(file_key, salt=nonce, label=_LABEL, length_bytes=_sodium.AEAD_KEY_BYTES)
