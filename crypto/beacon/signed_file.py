"""Files that a reviewer signs and seals for machines of buttons for help: relay files and week files.

Inside of the envelope: magic bytes, version, the signer's key, the signature, and what it signs. The page of each
format has the table: ``docs/formats/relay-file.md`` and ``docs/formats/week-file.md``.
"""

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass

from crypto.age.envelope import EnvelopeWriter, open_envelope
from crypto.errors import Malformed, NewerFormat
from crypto.keys.keys import HybridPublicKey, HybridSecretKey, PartySigningKey, PartyVerifyKey
from crypto.primitives.byte_source import ExactSource

KEY_BYTES, SIGNATURE_BYTES = 32, 64


@dataclass(frozen=True, slots=True)
class SignedFileKind:
    """One kind of file; ``name`` is for messages.

    ``least_bytes`` and ``most_bytes`` are bounds of all that is signed. ``label`` stands before the digest that is
    signed.
    """

    name: str
    magic: bytes
    version: int
    label: bytes
    least_bytes: int
    most_bytes: int

    @property
    def head_bytes(self) -> int:
        """The length of all that stands before the signed bytes."""
        return len(self.magic) + 1 + KEY_BYTES + SIGNATURE_BYTES

    def inside(self, signed: bytes, *, key: PartySigningKey) -> bytes:
        """The bytes inside of the envelope."""
        signature = key.sign(self.label + hashlib.sha256(signed).digest())
        return self.magic + bytes([self.version]) + key.verify_key().to_bytes() + signature + signed

    def parse(self, untrusted_bytes: bytes, *, signers: Sequence[PartyVerifyKey]) -> bytes:
        """Undo :meth:`inside`: the signed bytes.

        Raises:
            Malformed: anything else, or by another signer.
            NewerFormat: a later version.
            BadSignature: that signer did not sign these bytes.
        """
        longest = self.head_bytes + self.most_bytes
        shortest = self.head_bytes + self.least_bytes
        if not shortest <= len(untrusted_bytes) <= longest or not untrusted_bytes.startswith(self.magic):
            raise Malformed(f"{self.name} must begin with its magic bytes, and have at most {longest} bytes")
        version = untrusted_bytes[len(self.magic)]
        if version == 0:
            raise Malformed(f"version of a {self.name} must not be 0")
        if version > self.version:
            raise NewerFormat(f"{self.name} is of a newer version than {self.version}")
        signature_at = self.head_bytes - SIGNATURE_BYTES
        sender = PartyVerifyKey(untrusted_bytes[signature_at - KEY_BYTES : signature_at])
        if sender not in signers:
            raise Malformed(f"{self.name} must be signed by a reviewer that this machine knows")
        signed = untrusted_bytes[self.head_bytes :]
        signature = untrusted_bytes[signature_at : self.head_bytes]
        sender.verify(self.label + hashlib.sha256(signed).digest(), signature=signature)
        return signed

    def seal(self, signed: bytes, *, key: PartySigningKey, to: Sequence[HybridPublicKey]) -> bytes:
        """The file, signed and sealed to these keys."""
        pieces: list[bytes] = []
        envelope = EnvelopeWriter(pieces.append, to=to)
        envelope.write(self.inside(signed, key=key))
        envelope.finish()
        return b"".join(pieces)

    def open(self, untrusted_bytes: bytes, *, keys: Sequence[HybridSecretKey], slots: int) -> bytes:
        """The bytes inside of the envelope, not verified yet.

        Raises:
            NoKeyOpens: sealed to other keys.
            Malformed: no envelope with this number of slots.
        """
        reader = open_envelope(io.BytesIO(untrusted_bytes), keys=keys, slots=slots)
        return ExactSource(reader).up_to(self.head_bytes + self.most_bytes + 1)
