"""The relay file: secret of one relay, and marks of the next days. ``docs/formats/relay-file.md``.

It goes from the air-gapped machine to the relay on a stick, signed by a reviewer and sealed to the relay's own key.
Intake keys are not in it: they come with the manifest.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from crypto.beacon.day_mark import MARK_BYTES
from crypto.beacon.relay_post import DUTY_SLOTS
from crypto.beacon.rotating_id import LARGEST_TIME
from crypto.beacon.sighting import LARGEST_RELAY, RelaySecret
from crypto.beacon.signed_file import KEY_BYTES, SIGNATURE_BYTES, SignedFileKind
from crypto.errors import Malformed
from crypto.keys.keys import DutyPublicKey, HybridPublicKey, HybridSecretKey, PartySigningKey, PartyVerifyKey
from crypto.keys.party import lower_case
from crypto.manifests.issued_keys import LONGEST_KEY_TEXT
from crypto.primitives import _hybrid, canonical_json
from crypto.primitives.canonical_json import Fields, text_value
from crypto.primitives.week import FIRST_YEAR, LAST_YEAR

MAGIC = b"TIPLINK\x1a"
VERSION = 1
FORMAT = "tipline-relay"
FORMAT_VERSION = 1
LABEL = b"tipline/v1/beacon/relay-file\0"
HEAD_BYTES = len(MAGIC) + 1 + KEY_BYTES + SIGNATURE_BYTES
DOCUMENT_BYTES = 16_384
LONGEST_BYTES = HEAD_BYTES + DOCUMENT_BYTES
MOST_MARKS = 40
SLOTS = 1
_KIND = SignedFileKind("relay file", MAGIC, VERSION, LABEL, least_bytes=0, most_bytes=DOCUMENT_BYTES)


class RelayFilePublicKey(HybridPublicKey):
    """The files of one relay are sealed to it."""

    __slots__ = ()


class RelayFileSecretKey(HybridSecretKey):
    """Opens the files of one relay; made on the relay, and leaves it never."""

    __slots__ = ()
    public_role = RelayFilePublicKey

    def public_key(self) -> RelayFilePublicKey:
        return RelayFilePublicKey(_hybrid.public_key(self._seed))


@dataclass(frozen=True)
class RelayFile:
    """One relay: number, secret, both duty keys, and a mark of 16 bytes for each day from ``first_day``.

    ``made`` is in Unix seconds.

    Raises:
        Malformed: a number out of bounds, a mark twice, not two different duty keys, or a day after 2999.
    """

    number: int
    secret: RelaySecret = field(repr=False)
    duty: tuple[DutyPublicKey, ...] = field(repr=False)
    first_day: dt.date
    marks: tuple[bytes, ...] = field(repr=False)
    made: int

    def __post_init__(self) -> None:
        if not 1 <= self.number <= LARGEST_RELAY:
            raise Malformed(f"number of a relay must be from 1 to {LARGEST_RELAY}")
        if len(self.duty) != DUTY_SLOTS or len(set(self.duty)) != DUTY_SLOTS:
            raise Malformed("relay file must have two different duty keys")
        if not 1 <= len(self.marks) <= MOST_MARKS or len(set(self.marks)) != len(self.marks):
            raise Malformed(f"relay file must have 1 to {MOST_MARKS} marks, none twice")
        if any(len(mark) != MARK_BYTES for mark in self.marks):
            raise Malformed(f"mark of a day must have {MARK_BYTES} bytes")
        last_first_day = dt.date(LAST_YEAR, 12, 31) - dt.timedelta(days=len(self.marks) - 1)
        if not dt.date(FIRST_YEAR, 1, 1) <= self.first_day <= last_first_day:
            raise Malformed(f"days of a relay file must lie in the years {FIRST_YEAR} to {LAST_YEAR}")

    @property
    def last_day(self) -> dt.date:
        """The last day for which there is a mark."""
        return self.first_day + dt.timedelta(days=len(self.marks) - 1)

    def marks_by_day(self) -> Mapping[dt.date, bytes]:
        """The mark of each day."""
        return {self.first_day + dt.timedelta(days=place): mark for place, mark in enumerate(self.marks)}

    def to_bytes(self) -> bytes:
        """The document."""
        return canonical_json.to_bytes(
            {
                "duty": [str(key) for key in self.duty],
                "first_day": self.first_day.isoformat(),
                "format": FORMAT,
                "format_version": FORMAT_VERSION,
                "made": self.made,
                "marks": [mark.hex() for mark in self.marks],
                "number": self.number,
                "secret": self.secret.seed().hex(),
            }
        )


def inside_of_relay_file(relay_file: RelayFile, *, key: PartySigningKey) -> bytes:
    """The bytes inside of the envelope, signed by a reviewer."""
    return _KIND.inside(relay_file.to_bytes(), key=key)


def parse_relay_file(untrusted_bytes: bytes, *, signers: Sequence[PartyVerifyKey]) -> RelayFile:
    """Undo :func:`inside_of_relay_file`.

    Raises:
        Malformed: anything else, or by another signer.
        NewerFormat: a later version.
        BadSignature: that signer did not sign these bytes.
    """
    return _parse(_KIND.parse(untrusted_bytes, signers=signers))


def seal_relay_file(relay_file: RelayFile, *, key: PartySigningKey, to: RelayFilePublicKey) -> bytes:
    """The relay file, sealed to the key of its relay."""
    return _KIND.seal(relay_file.to_bytes(), key=key, to=[to])


def open_relay_file(
    untrusted_bytes: bytes, *, key: RelayFileSecretKey, signers: Sequence[PartyVerifyKey]
) -> RelayFile:
    """Undo :func:`seal_relay_file`.

    Raises:
        NoKeyOpens: sealed to another relay.
        Malformed, NewerFormat, BadSignature: as :func:`parse_relay_file`.
    """
    return parse_relay_file(_KIND.open(untrusted_bytes, keys=[key], slots=SLOTS), signers=signers)


def _parse(document: bytes) -> RelayFile:
    fields = Fields.of_document(document, format_name=FORMAT, version=FORMAT_VERSION, limit_bytes=DOCUMENT_BYTES)
    number = fields.number("number", least=1, most=LARGEST_RELAY)
    secret = RelaySecret(fields.hex("secret", length_bytes=_hybrid.SEED_BYTES))
    keys = fields.array("duty", least=DUTY_SLOTS, most=DUTY_SLOTS)
    first_day = fields.day("first_day")
    marks = fields.array("marks", least=1, most=MOST_MARKS)
    made = fields.number("made", least=0, most=LARGEST_TIME)
    fields.close()
    return RelayFile(
        number,
        secret,
        tuple(DutyPublicKey.parse(lower_case(text_value(text, longest=LONGEST_KEY_TEXT))) for text in keys),
        first_day,
        tuple(canonical_json.hex_bytes(mark, length_bytes=MARK_BYTES) for mark in marks),
        made,
    )
