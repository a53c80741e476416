"""Keys by role: a mailbox key where an intake key belongs is a type error.

Secret types print nothing; ``reveal`` and ``seed`` are the only ways to the secret, both easy to search for.
Hybrid keys print as age does (``age1pq1…``, ``AGE-SECRET-KEY-PQ-1…``); signing keys print as 64 hex digits.
"""

import functools
from collections.abc import Sequence
from typing import ClassVar, Self

from crypto.errors import Malformed
from crypto.primitives import _hybrid, _sodium, bech32

HYBRID_PREFIX = "age1pq"
HYBRID_SECRET_PREFIX = "age-secret-key-pq-"  # noqa: S105 -- a prefix, printed on every identity


class _Public:
    """Bytes that may be shown; equal when role and bytes are."""

    __slots__ = ("_raw",)

    def __init__(self, raw: bytes) -> None:
        self._raw = raw

    def to_bytes(self) -> bytes:
        return self._raw

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and isinstance(other, _Public) and other._raw == self._raw

    def __hash__(self) -> int:
        return hash((type(self), self._raw))

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"


class _Secret:
    """A 32-byte seed that does not print itself."""

    __slots__ = ("_seed",)

    def __init__(self, seed: bytes) -> None:
        if len(seed) != _hybrid.SEED_BYTES:
            raise Malformed(f"secret key must have {_hybrid.SEED_BYTES} bytes")
        self._seed = seed

    @classmethod
    def generate(cls) -> Self:
        return cls(_sodium.random_bytes(_hybrid.SEED_BYTES))

    def seed(self) -> bytes:
        """The secret itself, for a keyring or a derivation; never for a log or a message."""
        return self._seed

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"

    def __reduce__(self) -> str:
        raise TypeError("a secret key is never pickled")


class HybridPublicKey(_Public):
    """ML-KEM-768 and X25519, 1216 bytes; things are sealed to it."""

    __slots__ = ()

    def __init__(self, raw: bytes) -> None:
        _hybrid.check_public_key(raw)
        super().__init__(raw)

    @classmethod
    def parse(cls, untrusted_text: str) -> Self:
        """Parse ``age1pq1…``.

        Raises:
            Malformed: not such a text.
        """
        return cls(_raw_of(untrusted_text))

    def __str__(self) -> str:
        return _text_of(self._raw)


# Both are kept, as programs read and write a manifest's keys again and again: public ones only, whose checksum is
# right, of at most 4,096 letters each. Keys of sources are never text, and so never here.
@functools.lru_cache(maxsize=256)
def _raw_of(untrusted_text: str) -> bytes:
    return bech32.decode(HYBRID_PREFIX, untrusted_text)


@functools.lru_cache(maxsize=256)
def _text_of(raw: bytes) -> str:
    return bech32.encode(HYBRID_PREFIX, raw)


class HybridSecretKey(_Secret):
    """The seed of a hybrid key; opens what was sealed to its public half."""

    __slots__ = ("_opener",)
    public_role: ClassVar[type[HybridPublicKey]] = HybridPublicKey

    def __init__(self, seed: bytes) -> None:
        super().__init__(seed)
        self._opener: _hybrid.Opener | None = None

    @classmethod
    def parse(cls, untrusted_text: str) -> Self:
        """Parse ``AGE-SECRET-KEY-PQ-1…``.

        Raises:
            Malformed: not such a text.
        """
        return cls(bech32.decode(HYBRID_SECRET_PREFIX, untrusted_text))

    def reveal(self) -> str:
        """``AGE-SECRET-KEY-PQ-1…``, for an emergency with foreign tools."""
        return bech32.encode(HYBRID_SECRET_PREFIX, self._seed).upper()

    def public_key(self) -> HybridPublicKey:
        return self.public_role(_hybrid.public_key(self._seed))

    def unwrap(self, wrapped: Sequence[tuple[bytes, bytes]]) -> bytes:
        """The secret in the first of these slots (encapsulation, body) that was sealed to this key.

        Raises:
            NoKeyOpens: none was.
        """
        if self._opener is None:
            self._opener = _hybrid.Opener(self._seed)
        return self._opener.unwrap(wrapped)


class IntakePublicKey(HybridPublicKey):
    """Submissions of one week are sealed to it."""

    __slots__ = ()


class IntakeSecretKey(HybridSecretKey):
    """Opens the submissions of one week; lives on a reviewer until the week is retired."""

    __slots__ = ()
    public_role = IntakePublicKey

    def public_key(self) -> IntakePublicKey:
        return IntakePublicKey(_hybrid.public_key(self._seed))


class SealedPublicKey(HybridPublicKey):
    """Sources seal to it by themselves, during one quarter."""

    __slots__ = ()


class SealedSecretKey(HybridSecretKey):
    """Opens what sources sealed by themselves."""

    __slots__ = ()
    public_role = SealedPublicKey

    def public_key(self) -> SealedPublicKey:
        return SealedPublicKey(_hybrid.public_key(self._seed))


class TransportPublicKey(HybridPublicKey):
    """Bundles are sealed to it."""

    __slots__ = ()


class TransportSecretKey(HybridSecretKey):
    """Opens the bundles for one server or one reviewer."""

    __slots__ = ()
    public_role = TransportPublicKey

    def public_key(self) -> TransportPublicKey:
        return TransportPublicKey(_hybrid.public_key(self._seed))


class SourcePublicKey(HybridPublicKey):
    """Replies to one mailbox are sealed to it."""

    __slots__ = ()


class SourceSecretKey(HybridSecretKey):
    """Opens the replies of one mailbox; derived from the passphrase, kept nowhere."""

    __slots__ = ()
    public_role = SourcePublicKey

    def public_key(self) -> SourcePublicKey:
        return SourcePublicKey(_hybrid.public_key(self._seed))


class DutyPublicKey(HybridPublicKey):
    """Posts of relays and week files are sealed to it."""

    __slots__ = ()


class DutySecretKey(HybridSecretKey):
    """Opens copy A of posts, and week files; lives on one duty machine for one week and the next."""

    __slots__ = ()
    public_role = DutyPublicKey

    def public_key(self) -> DutyPublicKey:
        return DutyPublicKey(_hybrid.public_key(self._seed))


class VerifyKey(_Public):
    """An Ed25519 public key."""

    __slots__ = ()

    def __init__(self, raw: bytes) -> None:
        if len(raw) != 32:
            raise Malformed("signature key must have 32 bytes")
        super().__init__(raw)

    @classmethod
    def parse(cls, untrusted_text: str) -> Self:
        """Parse 64 lower-case hex digits.

        Raises:
            Malformed: not such a text.
        """
        if len(untrusted_text) != 64 or set(untrusted_text) - set("0123456789abcdef"):
            raise Malformed("signature key must be 64 hex digits in lower case")
        return cls(bytes.fromhex(untrusted_text))

    def __str__(self) -> str:
        return self._raw.hex()

    def verify(self, message: bytes, *, signature: bytes) -> None:
        """Return when ``signature`` is by this key over ``message``.

        Raises:
            BadSignature: it is not.
        """
        _sodium.ed25519_verify(message, signature=signature, public_key=self._raw)


class SigningKey(_Secret):
    """An Ed25519 seed."""

    __slots__ = ()

    def sign(self, message: bytes) -> bytes:
        """A 64-byte detached signature. The message begins with a context label: see each format."""
        return _sodium.ed25519_sign(message, seed=self._seed)

    def verify_key(self) -> VerifyKey:
        return VerifyKey(_sodium.ed25519_public_key(self._seed))


class RootVerifyKey(VerifyKey):
    """The organisation: what every server and reviewer pins."""

    __slots__ = ()


class RootSigningKey(SigningKey):
    """Signs manifests and recipient files; lives on the offline medium only."""

    __slots__ = ()

    def verify_key(self) -> RootVerifyKey:
        return RootVerifyKey(_sodium.ed25519_public_key(self._seed))


class PartyVerifyKey(VerifyKey):
    """A server or a reviewer as the sender of bundles."""

    __slots__ = ()


class PartySigningKey(SigningKey):
    """Signs the outgoing bundles of one server or one reviewer."""

    __slots__ = ()

    def verify_key(self) -> PartyVerifyKey:
        return PartyVerifyKey(_sodium.ed25519_public_key(self._seed))
