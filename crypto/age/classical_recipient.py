"""Age files for receivers outside: sealed to one key that they name, ``age1…`` or ``age1pq1…``.

Evidence packages only: everything of the tip line is sealed to post-quantum keys (:mod:`crypto.age.envelope`). The
program ``age`` of Debian opens classical keys (X25519) and no others. Nothing here opens a file.
See ``docs/formats/evidence-package.md``, section "One file".
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from crypto.age.age_header import FILE_KEY_BYTES, Header, Stanza, base64_of
from crypto.age.age_stream import ChunkSealer
from crypto.age.envelope import EnvelopeWriter
from crypto.errors import Malformed
from crypto.keys.keys import HYBRID_PREFIX, HybridPublicKey
from crypto.primitives import _hybrid, _sodium, bech32

CLASSICAL_PREFIX = "age"
STANZA_TYPE = b"X25519"
_LABEL = b"age-encryption.org/v1/X25519"
_POINT_BYTES = 32
_ZERO_NONCE = bytes(_sodium.AEAD_NONCE_BYTES)


class SealingWriter(Protocol):
    """Seals what is written to it; the file is whole only after :meth:`finish`."""

    def write(self, piece: bytes | bytearray | memoryview, /) -> None: ...

    def finish(self) -> None: ...


@dataclass(frozen=True, slots=True)
class ClassicalPublicKey:
    """An X25519 key as ``age-keygen`` prints it; 32 bytes."""

    raw: bytes

    @classmethod
    def parse(cls, untrusted_text: str) -> "ClassicalPublicKey":
        """Parse ``age1…``.

        Raises:
            Malformed: not such a text, or a point of low order.
        """
        raw = bech32.decode(CLASSICAL_PREFIX, untrusted_text)
        if len(raw) != _POINT_BYTES:
            raise Malformed(f"X25519 key must have {_POINT_BYTES} bytes")
        _sodium.x25519_shared(_sodium.random_bytes(_POINT_BYTES), raw)
        return cls(raw)

    def __str__(self) -> str:
        return bech32.encode(CLASSICAL_PREFIX, self.raw)


class ClassicalWriter:
    """An age file with one slot of the type X25519; ``sink`` gets sealed bytes as they come."""

    __slots__ = ("_chunks",)

    def __init__(self, sink: Callable[[bytes], object], *, to: ClassicalPublicKey) -> None:
        file_key = _sodium.random_bytes(FILE_KEY_BYTES)
        self._chunks = ChunkSealer(file_key, sink)
        header = Header.make((_wrap(file_key, to),), file_key=file_key)
        sink(header.to_bytes() + self._chunks.nonce)

    def write(self, piece: bytes | bytearray | memoryview) -> None:
        self._chunks.write(piece)

    def finish(self) -> None:
        """Seal the last chunk."""
        self._chunks.finish()


Recipient = ClassicalPublicKey | HybridPublicKey


def parse_recipient(untrusted_text: str) -> Recipient:
    """The key in ``age1…`` or ``age1pq1…``.

    Raises:
        Malformed: neither.
    """
    text = untrusted_text.strip()
    if text.lower().startswith(f"{HYBRID_PREFIX}1"):
        return HybridPublicKey.parse(text)
    return ClassicalPublicKey.parse(text)


def sealed_to(recipient: Recipient, sink: Callable[[bytes], object]) -> SealingWriter:
    """A writer of one age file that this key opens, and no other."""
    if isinstance(recipient, ClassicalPublicKey):
        return ClassicalWriter(sink, to=recipient)
    return EnvelopeWriter(sink, to=[recipient])


def _wrap(file_key: bytes, to: ClassicalPublicKey) -> Stanza:
    secret = _sodium.random_bytes(_POINT_BYTES)
    share = _sodium.x25519_public_key(secret)
    key = _hybrid.hkdf_sha256(
        _sodium.x25519_shared(secret, to.raw),
        salt=share + to.raw,
        label=_LABEL,
        length_bytes=_sodium.AEAD_KEY_BYTES,
    )
    body = _sodium.aead_seal(file_key, key=key, nonce=_ZERO_NONCE)
    return Stanza((STANZA_TYPE, base64_of(share)), body)
