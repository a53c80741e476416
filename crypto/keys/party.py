"""A server or a reviewer, as others know it: name and public keys. ``docs/formats/party.md``.

The keys are a signature key and a transport key.
"""

import hashlib
import re
from dataclasses import dataclass, field
from functools import cached_property

from crypto.errors import Malformed
from crypto.keys.keys import PartySigningKey, PartyVerifyKey, TransportPublicKey, TransportSecretKey
from crypto.primitives import canonical_json
from crypto.primitives.canonical_json import Fields, Json

FORMAT = "tipline-party"
FORMAT_VERSION = 1
LONGEST_FILE_BYTES = 8192
LONGEST_NAME = 32
SEEDS_BYTES = 64

_NAME = re.compile(r"[a-z0-9][a-z0-9-]*")
_HYBRID_TEXT_LETTERS = 2048


@dataclass(frozen=True)
class Party:
    """The public half.

    Raises:
        Malformed: the name is not 1 to 32 lower-case letters, digits and hyphens.
    """

    name: str
    verify_key: PartyVerifyKey
    transport_key: TransportPublicKey

    def __post_init__(self) -> None:
        check_name(self.name)

    def to_bytes(self) -> bytes:
        """The file ``server.pub``, or a reviewer's public file."""
        return canonical_json.to_bytes({"format": FORMAT, "format_version": FORMAT_VERSION, **self.to_json()})

    @classmethod
    def parse(cls, untrusted_bytes: bytes) -> "Party":
        """Undo :meth:`to_bytes`. Nothing is signed here: staff compare :attr:`fingerprint`.

        Raises:
            Malformed: anything else.
            NewerFormat: a later version of the format.
        """
        fields = Fields.of_document(
            untrusted_bytes, format_name=FORMAT, version=FORMAT_VERSION, limit_bytes=LONGEST_FILE_BYTES
        )
        return cls._take(fields)

    def to_json(self) -> dict[str, Json]:
        """The entry of a manifest."""
        return {"name": self.name, "sign": str(self.verify_key), "transport": str(self.transport_key)}

    @classmethod
    def from_json(cls, untrusted_value: Json) -> "Party":
        """Undo :meth:`to_json`.

        Raises:
            Malformed: anything else.
        """
        return cls._take(Fields(untrusted_value))

    @classmethod
    def _take(cls, fields: Fields) -> "Party":
        party = cls(
            name=fields.text("name", longest=LONGEST_NAME),
            verify_key=PartyVerifyKey.parse(fields.text("sign", longest=64)),
            transport_key=TransportPublicKey.parse(
                lower_case(fields.text("transport", longest=_HYBRID_TEXT_LETTERS))
            ),
        )
        fields.close()
        return party

    @cached_property
    def fingerprint(self) -> str:
        """128 bits over name and both keys, in eight groups of four hex digits, for two people to compare."""
        digits = hashlib.sha256(self.to_bytes()).hexdigest()[:32]
        return " ".join(digits[at : at + 4] for at in range(0, 32, 4))


@dataclass(frozen=True, slots=True)
class PartyKeys:
    """The secret half; never leaves its machine."""

    name: str
    signing: PartySigningKey = field(repr=False)
    transport: TransportSecretKey = field(repr=False)

    def __post_init__(self) -> None:
        check_name(self.name)

    @classmethod
    def generate(cls, name: str) -> "PartyKeys":
        return cls(name, PartySigningKey.generate(), TransportSecretKey.generate())

    @classmethod
    def from_seeds(cls, name: str, seeds: bytes) -> "PartyKeys":
        """Undo :meth:`seeds`.

        Raises:
            Malformed: not 64 bytes.
        """
        if len(seeds) != SEEDS_BYTES:
            raise Malformed(f"seeds of a party must have {SEEDS_BYTES} bytes")
        return cls(name, PartySigningKey(seeds[:32]), TransportSecretKey(seeds[32:]))

    def seeds(self) -> bytes:
        """Both secrets, 64 bytes, for an encrypted store."""
        return self.signing.seed() + self.transport.seed()

    def party(self) -> Party:
        return Party(self.name, self.signing.verify_key(), self.transport.public_key())


def check_name(untrusted_name: str) -> None:
    """Return when a party may be called so.

    Raises:
        Malformed: it may not.
    """
    if len(untrusted_name) > LONGEST_NAME or not _NAME.fullmatch(untrusted_name):
        raise Malformed(f"name of a party must be 1 to {LONGEST_NAME} lower-case letters, digits and hyphens")


def lower_case(untrusted_key_text: str) -> str:
    """Check that a printed key is in lower case; bech32 alone would also allow capitals.

    Raises:
        Malformed: it has capitals.
    """
    if untrusted_key_text != untrusted_key_text.lower():
        raise Malformed("keys in a document must be in lower case")
    return untrusted_key_text
