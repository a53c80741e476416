"""age v1 files for one classical key (X25519), as every age program makes and opens them.

Only for evidence packages, and for what goes to a translator outside and returns: the ``age`` of Debian knows no
post-quantum keys.
Submissions, replies and backups are sealed to hybrid keys alone (:mod:`crypto.age.envelope`).
"""

from collections.abc import Callable
from typing import Final, Self

from crypto.age.age_header import FILE_KEY_BYTES, Header, Stanza, base64_of, base64_to_bytes
from crypto.age.age_stream import ChunkOpener, ChunkSealer
from crypto.errors import Malformed, NoKeyOpens, TooLong
from crypto.primitives import _hybrid, _sodium, bech32
from crypto.primitives.byte_source import ByteSource, ExactSource

PREFIX: Final = "age"
SECRET_PREFIX: Final = "age-secret-key-"  # noqa: S105 -- a prefix
STANZA_TYPE: Final = b"X25519"
_LABEL: Final = b"age-encryption.org/v1/X25519"
_POINT_BYTES: Final = 32
_WRAPPED_BYTES: Final = FILE_KEY_BYTES + _sodium.AEAD_TAG_BYTES


class ClassicalPublicKey:
    """A recipient ``age1…``; not post-quantum."""

    __slots__ = ("_point",)

    def __init__(self, point: bytes) -> None:
        if len(point) != _POINT_BYTES:
            raise Malformed(f"X25519 key must have {_POINT_BYTES} bytes")
        _sodium.x25519(bytes(range(_POINT_BYTES)), point)  # refuses a point with which every secret is the same
        self._point = point

    @classmethod
    def parse(cls, untrusted_text: str) -> Self:
        """Parse ``age1…``.

        Raises:
            Malformed: not such a text.
        """
        return cls(bech32.decode(PREFIX, untrusted_text))

    def to_bytes(self) -> bytes:
        return self._point

    def __str__(self) -> str:
        return bech32.encode(PREFIX, self._point)


class ClassicalSecretKey:
    """An identity ``AGE-SECRET-KEY-1…`` that does not print itself."""

    __slots__ = ("_scalar",)

    def __init__(self, scalar: bytes) -> None:
        if len(scalar) != _POINT_BYTES:
            raise Malformed(f"X25519 secret key must have {_POINT_BYTES} bytes")
        self._scalar = scalar

    @classmethod
    def generate(cls) -> Self:
        return cls(_sodium.random_bytes(_POINT_BYTES))

    @classmethod
    def parse(cls, untrusted_text: str) -> Self:
        """Parse ``AGE-SECRET-KEY-1…``.

        Raises:
            Malformed: not such a text.
        """
        return cls(bech32.decode(SECRET_PREFIX, untrusted_text))

    def reveal(self) -> str:
        """``AGE-SECRET-KEY-1…``, to keep it in the casebook."""
        return bech32.encode(SECRET_PREFIX, self._scalar).upper()

    def public_key(self) -> ClassicalPublicKey:
        return ClassicalPublicKey(_sodium.x25519_base(self._scalar))

    def shared(self, point: bytes) -> bytes:
        """The secret that this key has in common with the owner of ``point``.

        Raises:
            Malformed: a point with which every secret is the same.
        """
        return _sodium.x25519(self._scalar, point)

    def __repr__(self) -> str:
        return "<ClassicalSecretKey>"


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


def seal_classical(content: bytes, *, to: ClassicalPublicKey) -> bytes:
    """An age file with ``content`` for one key."""
    pieces: list[bytes] = []
    writer = ClassicalWriter(pieces.append, to=to)
    writer.write(content)
    writer.finish()
    return b"".join(pieces)


def open_classical(source: ByteSource, *, key: ClassicalSecretKey, limit_bytes: int) -> bytes:
    """The content of an age file, verified to its end; ``limit_bytes`` is the most it may have.

    Raises:
        Malformed, NewerFormat: not an age file, or changed.
        NoKeyOpens: sealed to other keys.
        TooLong: longer than the limit.
    """
    exact = ExactSource(source)
    header = Header.read(exact)
    file_key = _file_key(header, key)
    header.verify(file_key)
    chunks = ChunkOpener(file_key, exact)
    content = b""
    while chunk := chunks.next_chunk():
        content += chunk
        if len(content) > limit_bytes:
            raise TooLong(f"content must have at most {limit_bytes:,} bytes")
    return content


def _wrap(file_key: bytes, to: ClassicalPublicKey) -> Stanza:
    ephemeral = ClassicalSecretKey.generate()
    share = ephemeral.public_key().to_bytes()
    key = _wrapping_key(ephemeral.shared(to.to_bytes()), share, to)
    body = _sodium.aead_seal(file_key, key=key, nonce=bytes(_sodium.AEAD_NONCE_BYTES))
    return Stanza((STANZA_TYPE, base64_of(share)), body)


def _file_key(header: Header, key: ClassicalSecretKey) -> bytes:
    for stanza in header.stanzas:
        if stanza.type != STANZA_TYPE:
            continue
        if len(stanza.arguments) != 2 or len(stanza.body) != _WRAPPED_BYTES:
            raise Malformed(f"X25519 slot must have one argument and {_WRAPPED_BYTES} bytes")
        share = base64_to_bytes(stanza.arguments[1])
        if len(share) != _POINT_BYTES:
            raise Malformed(f"argument of an X25519 slot must be {_POINT_BYTES} bytes")
        wrapping = _wrapping_key(key.shared(share), share, key.public_key())
        try:
            return _sodium.aead_open(stanza.body, key=wrapping, nonce=bytes(_sodium.AEAD_NONCE_BYTES))
        except NoKeyOpens:
            continue
    raise NoKeyOpens("age file must be sealed to the key given")


def _wrapping_key(shared: bytes, share: bytes, to: ClassicalPublicKey) -> bytes:
    salt = share + to.to_bytes()
    return _hybrid.hkdf_sha256(shared, salt=salt, label=_LABEL, length_bytes=_sodium.AEAD_KEY_BYTES)
