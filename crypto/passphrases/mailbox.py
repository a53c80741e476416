"""Derives a mailbox from a passphrase: ``docs/formats/mailbox.md``.

One Argon2id over the passphrase, then HKDF with a label for each use. Nothing is remembered between calls.
"""

import hashlib
from dataclasses import dataclass

from crypto.errors import Malformed
from crypto.keys.keys import SourcePublicKey, SourceSecretKey
from crypto.passphrases.passphrase import Passphrase
from crypto.primitives import _argon2, _hybrid, _sodium

MAILBOX_ID_BYTES = 32
SITE_SALT_BYTES = 16
"""The length that libsodium's Argon2id takes too, so that a second implementation can check the first."""

REPLY_SALT_BYTES = 16
REPLY_TAG_BYTES = 32
MEMORY_KIB = 64 * 1024
PASSES = 3
LANES = 1
MOST_MEMORY_KIB = 1024 * 1024
MOST_PASSES = 16
MOST_LANES = 4

_LABEL_ID = b"tipline/v1/mailbox-id"
_LABEL_SEED = b"tipline/v1/source-seed"


class MailboxId:
    """A mailbox id, 32 bytes. It reveals which replies wait in the mailbox; its repr hides it."""

    __slots__ = ("_raw",)

    def __init__(self, raw: bytes) -> None:
        if len(raw) != MAILBOX_ID_BYTES:
            raise Malformed(f"mailbox id must have {MAILBOX_ID_BYTES} bytes")
        self._raw = bytes(raw)

    def to_bytes(self) -> bytes:
        return self._raw

    def __eq__(self, other: object) -> bool:
        return isinstance(other, MailboxId) and _sodium.equal(other._raw, self._raw)

    def __hash__(self) -> int:
        return hash(self._raw)

    def __repr__(self) -> str:
        return "<MailboxId>"

    def __reduce__(self) -> str:
        raise TypeError("a mailbox id is never pickled")


@dataclass(frozen=True, slots=True)
class MailboxAddress:
    """The address to which a reviewer replies, 32 + 1216 bytes; part of each submission."""

    mailbox_id: MailboxId
    source_key: SourcePublicKey

    def to_bytes(self) -> bytes:
        return self.mailbox_id.to_bytes() + self.source_key.to_bytes()

    @classmethod
    def parse(cls, untrusted_bytes: bytes) -> "MailboxAddress":
        """Parse 1,248 bytes.

        Raises:
            Malformed: another length, or no public key in it.
        """
        if len(untrusted_bytes) != MAILBOX_ID_BYTES + _hybrid.PUBLIC_KEY_BYTES:
            raise Malformed("mailbox address must be an id of 32 bytes and a public key of 1216")
        return cls(
            MailboxId(untrusted_bytes[:MAILBOX_ID_BYTES]), SourcePublicKey(untrusted_bytes[MAILBOX_ID_BYTES:])
        )


@dataclass(frozen=True, slots=True)
class SiteDerivation:
    """The Argon2id parameters of one site; they never change, or every passphrase given out is worthless.

    The upper bounds keep a bad manifest from exhausting the machine; the lower bound that a manifest must keep is
    in :mod:`crypto.manifests.manifest`.

    Raises:
        Malformed: salt not of 16 bytes, or a cost outside the bounds.
    """

    salt: bytes
    memory_kib: int = MEMORY_KIB
    passes: int = PASSES
    lanes: int = LANES

    def __post_init__(self) -> None:
        if len(self.salt) != SITE_SALT_BYTES:
            raise Malformed(f"site salt must have {SITE_SALT_BYTES} bytes")
        if not 1 <= self.lanes <= MOST_LANES:
            raise Malformed(f"lanes of the derivation must be from 1 to {MOST_LANES}")
        if not 8 * self.lanes <= self.memory_kib <= MOST_MEMORY_KIB:
            raise Malformed(f"memory of the derivation must be from 8 KiB a lane to {MOST_MEMORY_KIB} KiB")
        if not 1 <= self.passes <= MOST_PASSES:
            raise Malformed(f"passes of the derivation must be from 1 to {MOST_PASSES}")

    @classmethod
    def generate(cls) -> "SiteDerivation":
        """Make the derivation of a new site: a random salt and today's costs."""
        return cls(_sodium.random_bytes(SITE_SALT_BYTES))


@dataclass(frozen=True, slots=True)
class MailboxKeys:
    """The keys that a passphrase opens; they live for one request."""

    mailbox_id: MailboxId
    source_key: SourceSecretKey

    def address(self) -> MailboxAddress:
        return MailboxAddress(self.mailbox_id, self.source_key.public_key())


def open_mailbox(passphrase: Passphrase, *, by: SiteDerivation) -> MailboxKeys:
    """Derive mailbox id and source key; the same work whether such a mailbox was ever used or not.

    Costs ``by.memory_kib`` of RAM and, at today's costs, about a tenth of a second; releases the GIL meanwhile.
    """
    master = _master(passphrase.secret(), by)
    return MailboxKeys(
        MailboxId(_hybrid.hkdf_sha256(master, salt=None, label=_LABEL_ID, length_bytes=MAILBOX_ID_BYTES)),
        SourceSecretKey(_hybrid.hkdf_sha256(master, salt=None, label=_LABEL_SEED, length_bytes=_hybrid.SEED_BYTES)),
    )


def _master(secret: bytes, by: SiteDerivation) -> bytes:
    # libsodium's takes 40 % less time, and its memory from the system: that of argon2-cffi comes from malloc,
    # which holds all threads of the server while it fills 64 MiB (ADR 21).
    if by.lanes == 1:
        return _sodium.argon2id(secret, salt=by.salt, memory_kib=by.memory_kib, passes=by.passes)
    return _argon2.argon2id(secret, salt=by.salt, memory_kib=by.memory_kib, passes=by.passes, lanes=by.lanes)


def reply_tag(mailbox_id: MailboxId, *, salt: bytes) -> bytes:
    """The 32-byte tag of a reply row: BLAKE2b-256 over ``salt`` (16 bytes), keyed by the mailbox id.

    A row's tag can be tried against a mailbox, and tells nothing without one; two rows of a mailbox look unrelated.
    """
    if len(salt) != REPLY_SALT_BYTES:
        raise Malformed(f"salt of a reply must have {REPLY_SALT_BYTES} bytes")
    return hashlib.blake2b(salt, key=mailbox_id.to_bytes(), digest_size=REPLY_TAG_BYTES).digest()
