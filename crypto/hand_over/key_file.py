"""The key file of a home for handed-over cases: ``docs/formats/hand-over.md``, section "Key file"."""

import hashlib
from dataclasses import dataclass, field
from functools import cached_property

from crypto.errors import Malformed
from crypto.keys.fingerprint import hand_over_words
from crypto.keys.leaving_keys import (
    HandOverPublicKey,
    HandOverSecretKey,
    HandOverSigningKey,
    HandOverVerifyKey,
)
from crypto.keys.party import lower_case
from crypto.primitives import canonical_json
from crypto.primitives.canonical_json import Fields, Json

FORMAT = "tipline-hand-over-key"
FORMAT_VERSION = 1
LONGEST_FILE_BYTES = 8192
LONGEST_ORGANISATION = 200
SEEDS_BYTES = 64

_SEED_BYTES = 32
_HYBRID_TEXT_LETTERS = 2048


@dataclass(frozen=True)
class HandOverParty:
    """The public half: a home that hands cases over, or to which they are handed."""

    organisation: str
    seal: HandOverPublicKey
    sign: HandOverVerifyKey

    def to_bytes(self) -> bytes:
        """The key file."""
        return canonical_json.to_bytes(self.to_json())

    def to_json(self) -> dict[str, Json]:
        """The key file as an object, as it stands in a statement."""
        return {
            "format": FORMAT,
            "format_version": FORMAT_VERSION,
            "organisation": self.organisation,
            "seal": str(self.seal),
            "sign": str(self.sign),
        }

    @classmethod
    def parse(cls, untrusted_bytes: bytes) -> "HandOverParty":
        """Undo :meth:`to_bytes`. Nothing is signed here: staff compare :attr:`words`.

        Raises:
            Malformed: anything else.
            NewerFormat: a later version of the format.
        """
        fields = Fields.of_document(
            untrusted_bytes, format_name=FORMAT, version=FORMAT_VERSION, limit_bytes=LONGEST_FILE_BYTES
        )
        party = cls(
            organisation=fields.text("organisation", longest=LONGEST_ORGANISATION),
            seal=HandOverPublicKey.parse(lower_case(fields.text("seal", longest=_HYBRID_TEXT_LETTERS))),
            sign=HandOverVerifyKey.parse(fields.text("sign", longest=64)),
        )
        fields.close()
        return party

    @cached_property
    def words(self) -> str:
        """Seven words for two people to compare by telephone."""
        return hand_over_words(self.to_bytes())

    @cached_property
    def sha256(self) -> bytes:
        """The digest of the key file."""
        return hashlib.sha256(self.to_bytes()).digest()


@dataclass(frozen=True, slots=True)
class HandOverKeys:
    """The secret half; never leaves its home but in a backup of the casebook."""

    organisation: str
    signing: HandOverSigningKey = field(repr=False)
    sealed: HandOverSecretKey = field(repr=False)

    @classmethod
    def generate(cls, organisation: str) -> "HandOverKeys":
        return cls(organisation, HandOverSigningKey.generate(), HandOverSecretKey.generate())

    @classmethod
    def from_seeds(cls, organisation: str, seeds: bytes) -> "HandOverKeys":
        """Undo :meth:`seeds`.

        Raises:
            Malformed: not 64 bytes.
        """
        if len(seeds) != SEEDS_BYTES:
            raise Malformed(f"seeds of a hand-over key must have {SEEDS_BYTES} bytes")
        return cls(organisation, HandOverSigningKey(seeds[:_SEED_BYTES]), HandOverSecretKey(seeds[_SEED_BYTES:]))

    def seeds(self) -> bytes:
        """Both secrets, 64 bytes, for an encrypted store."""
        return self.signing.seed() + self.sealed.seed()

    def party(self) -> HandOverParty:
        return HandOverParty(self.organisation, self.sealed.public_key(), self.signing.verify_key())
