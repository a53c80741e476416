"""A shared item on its way to a server. ``docs/formats/shared.md``.

A server can open no shared item. Week and manifest stand beside the envelope, as the server knows them of each
submission that it sealed itself: it keeps the envelope in the same way, and sends it to all reviewers.
"""

import struct
from dataclasses import dataclass, field

from crypto.errors import Malformed
from crypto.primitives.week import Week
from crypto.sharing.shared_item import ENVELOPE_BYTES

MANIFEST_SHA256_BYTES = 32

_HEAD = struct.Struct(f">HB{MANIFEST_SHA256_BYTES}s")
PAYLOAD_BYTES = _HEAD.size + ENVELOPE_BYTES
"""Length of each such item of a bundle."""


@dataclass(frozen=True, slots=True)
class CarriedItem:
    """An envelope, the week of its intake keys, and the manifest that lists them.

    Raises:
        Malformed: another length.
    """

    week: Week
    manifest_sha256: bytes
    envelope: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.manifest_sha256) != MANIFEST_SHA256_BYTES or len(self.envelope) != ENVELOPE_BYTES:
            raise Malformed(f"shared item must name a manifest and have an envelope of {ENVELOPE_BYTES} bytes")

    def to_bytes(self) -> bytes:
        return _HEAD.pack(self.week.year, self.week.number, self.manifest_sha256) + self.envelope

    @classmethod
    def parse(cls, untrusted_bytes: bytes) -> "CarriedItem":
        """Undo :meth:`to_bytes`.

        Raises:
            Malformed: anything else.
        """
        if len(untrusted_bytes) != PAYLOAD_BYTES:
            raise Malformed(f"shared item of a bundle must have {PAYLOAD_BYTES} bytes")
        year, number, manifest_sha256 = _HEAD.unpack_from(untrusted_bytes)
        return cls(Week(year, number), manifest_sha256, untrusted_bytes[_HEAD.size :])
