"""A shared item: operations in an envelope of one length. ``docs/formats/shared.md``.

It is sealed to the four intake keys of a week, as a submission is, and has the length of one size class, whatever
it holds.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from crypto.age.envelope import EnvelopeWriter, open_envelope
from crypto.errors import Malformed, NewerFormat
from crypto.keys.keys import IntakePublicKey, IntakeSecretKey, PartySigningKey, PartyVerifyKey
from crypto.primitives import canonical_json
from crypto.primitives.byte_source import ByteSource, ExactSource
from crypto.primitives.canonical_json import Fields, Json, hex_bytes
from crypto.primitives.week import Week
from crypto.sharing.operation import DIGEST_BYTES, LARGEST_PLACE, RUN_BYTES, SIGNATURE_BYTES, SignedOperation

MAGIC = b"TIPLINE\x1a"
VERSION = 2
KIND = 6
SLOTS = 4
FORMAT = "tipline-shared"
FORMAT_VERSION = 1
KEY_BYTES = 32
LENGTH_BYTES = 4
INSIDE_BYTES = 262_144
ENVELOPE_BYTES = 268_522
MOST_OPERATIONS = 4096
MOST_ERASED = 4096
MOST_HEARD = 64
LABEL = b"tipline/v1/shared-item\0"

BEGINNING = MAGIC + bytes([VERSION, KIND])
"""The first bytes inside; a container of version 1 has others."""
HEAD_BYTES = len(BEGINNING) + KEY_BYTES + SIGNATURE_BYTES + LENGTH_BYTES
DOCUMENT_BYTES = INSIDE_BYTES - HEAD_BYTES
"""The longest document."""


@dataclass(frozen=True, order=True, slots=True)
class HeardOf:
    """How much of one run of an author the sender holds.

    All operations up to ``through`` are there, and none above ``highest``; what lies between has gaps.

    Raises:
        Malformed: a number out of bounds, or equal to the other where there is a gap.
    """

    author: bytes
    run: bytes
    through: int
    highest: int

    def __post_init__(self) -> None:
        if len(self.author) != KEY_BYTES or len(self.run) != RUN_BYTES:
            raise Malformed("what was heard must name an author and a run")
        is_whole = self.through == self.highest
        if not 0 <= self.through <= self.highest <= LARGEST_PLACE or (
            not is_whole and self.highest < self.through + 2
        ):
            raise Malformed("what was heard must have a highest number, and a gap before it or none")

    def to_json(self) -> Json:
        return [self.author.hex(), self.run.hex(), self.through, self.highest]

    @classmethod
    def from_json(cls, untrusted_value: Json) -> "HeardOf":
        match untrusted_value:
            case [author, run, int(through), int(highest)] if not isinstance(through, bool) and not isinstance(
                highest, bool
            ):
                return cls(
                    hex_bytes(author, length_bytes=KEY_BYTES),
                    hex_bytes(run, length_bytes=RUN_BYTES),
                    through,
                    highest,
                )
            case _:
                raise Malformed("what was heard must be an author, a run and two numbers")


@dataclass(frozen=True, order=True, slots=True)
class Erased:
    """An operation of the sender whose content is gone for good: its place and its digest.

    Raises:
        Malformed: a value out of bounds.
    """

    run: bytes
    number: int
    sha256: bytes

    def __post_init__(self) -> None:
        if len(self.run) != RUN_BYTES or len(self.sha256) != DIGEST_BYTES:
            raise Malformed("erased operation must have a run and a digest")
        if not 1 <= self.number <= LARGEST_PLACE:
            raise Malformed("erased operation must have a number from 1")

    def to_json(self) -> Json:
        return [self.run.hex(), self.number, self.sha256.hex()]

    @classmethod
    def from_json(cls, untrusted_value: Json) -> "Erased":
        match untrusted_value:
            case [run, int(number), sha256] if not isinstance(number, bool):
                return cls(
                    hex_bytes(run, length_bytes=RUN_BYTES), number, hex_bytes(sha256, length_bytes=DIGEST_BYTES)
                )
            case _:
                raise Malformed("erased operation must be a run, a number and a digest")


@dataclass(frozen=True)
class SharedItem:
    """One item. ``number`` counts the items of a run; ``day`` is the sender's.

    Operations may be by other authors: each has its own signature. Lists are in order, without doubles.

    Raises:
        Malformed: a value out of bounds, or a list out of order.
    """

    sender: PartyVerifyKey
    run: bytes
    number: int
    week: Week
    day: dt.date
    operations: tuple[SignedOperation, ...] = field(default=(), repr=False)
    heard: tuple[HeardOf, ...] = ()
    erased: tuple[Erased, ...] = ()

    def __post_init__(self) -> None:
        if len(self.run) != RUN_BYTES or not 1 <= self.number <= LARGEST_PLACE:
            raise Malformed("shared item must have a run and a number from 1")
        _ascending([one.operation.place for one in self.operations])
        _ascending([(one.author, one.run) for one in self.heard])
        _ascending([(one.run, one.number) for one in self.erased])

    def to_bytes(self) -> bytes:
        """The document that the sender signs."""
        return canonical_json.to_bytes(
            {
                "day": self.day.isoformat(),
                "erased": [one.to_json() for one in self.erased],
                "format": FORMAT,
                "format_version": FORMAT_VERSION,
                "heard": [one.to_json() for one in self.heard],
                "number": self.number,
                "operations": [one.to_json() for one in self.operations],
                "run": self.run.hex(),
                "week": str(self.week),
            }
        )


@dataclass(frozen=True)
class OpenedItem:
    """A verified item, and the intake key that opened it."""

    item: SharedItem
    opened_by: IntakeSecretKey


def inside_of(item: SharedItem, *, key: PartySigningKey) -> bytes:
    """The :data:`INSIDE_BYTES` bytes inside the envelope, signed by ``key``.

    Raises:
        ValueError: ``key`` is not the sender's, or the document is too long.
    """
    if key.verify_key() != item.sender:
        raise ValueError("a shared item is signed by its sender")
    document = item.to_bytes()
    if len(document) > DOCUMENT_BYTES:
        raise ValueError(f"document of a shared item must have at most {DOCUMENT_BYTES} bytes")
    head = BEGINNING + item.sender.to_bytes() + key.sign(LABEL + document)
    whole = head + len(document).to_bytes(LENGTH_BYTES, "big") + document
    return whole.ljust(INSIDE_BYTES, b"\0")


def seal_shared(item: SharedItem, *, key: PartySigningKey, to: Sequence[IntakePublicKey]) -> bytes:
    """An envelope of :data:`ENVELOPE_BYTES` bytes.

    Raises:
        ValueError: not exactly four keys, or see :func:`inside_of`.
    """
    if len(to) != SLOTS:
        raise ValueError(f"a shared item is sealed to exactly {SLOTS} keys")
    pieces: list[bytes] = []
    envelope = EnvelopeWriter(pieces.append, to=to)
    envelope.write(inside_of(item, key=key))
    envelope.finish()
    return b"".join(pieces)


def open_shared(source: ByteSource, *, keys: Sequence[IntakeSecretKey]) -> OpenedItem | None:
    """Open a shared item; None if the envelope holds something else, a submission for example.

    The caller compares the week with that of the key.

    Raises:
        Malformed, NewerFormat, BadSignature: it is a shared item, and not sound.
        NoKeyOpens: sealed to other keys.
    """
    reader = open_envelope(source, keys=keys, slots=SLOTS)
    inside = ExactSource(reader)
    if (beginning := inside.up_to(len(BEGINNING))) != BEGINNING:
        return None
    item = parse_inside(beginning + inside.up_to(INSIDE_BYTES - len(BEGINNING) + 1))
    return OpenedItem(item, reader.opened_by)


def parse_inside(untrusted_bytes: bytes) -> SharedItem:
    """Undo :func:`inside_of`: what stands inside of the envelope.

    Raises:
        Malformed: anything else.
        NewerFormat: a later version of the container or of the document.
        BadSignature: the sender did not sign the document, or an author an operation.
    """
    if untrusted_bytes[: len(MAGIC)] != MAGIC or len(untrusted_bytes) < len(BEGINNING):
        raise Malformed("shared item must begin with its magic bytes")
    if untrusted_bytes[len(MAGIC)] < VERSION:
        raise Malformed(f"shared item must be of version {VERSION}")
    if not untrusted_bytes.startswith(BEGINNING):
        raise NewerFormat(f"shared item must be of version {VERSION} and kind {KIND}")
    if len(untrusted_bytes) != INSIDE_BYTES:
        raise Malformed(f"shared item must have {INSIDE_BYTES} bytes")
    at = len(BEGINNING)
    sender = PartyVerifyKey(untrusted_bytes[at : at + KEY_BYTES])
    at += KEY_BYTES
    signature = untrusted_bytes[at : at + SIGNATURE_BYTES]
    length = int.from_bytes(untrusted_bytes[HEAD_BYTES - LENGTH_BYTES : HEAD_BYTES], "big")
    if length > DOCUMENT_BYTES:
        raise Malformed(f"document of a shared item must have at most {DOCUMENT_BYTES} bytes")
    document = untrusted_bytes[HEAD_BYTES : HEAD_BYTES + length]
    sender.verify(LABEL + document, signature=signature)
    if untrusted_bytes[HEAD_BYTES + length :].strip(b"\0"):
        raise Malformed("padding of a shared item must be zeros")
    return _parse(document, sender)


def _parse(document: bytes, sender: PartyVerifyKey) -> SharedItem:
    fields = Fields.of_document(document, format_name=FORMAT, version=FORMAT_VERSION, limit_bytes=DOCUMENT_BYTES)
    run = fields.hex("run", length_bytes=RUN_BYTES)
    number = fields.number("number", least=1, most=LARGEST_PLACE)
    week = Week.parse(fields.text("week", longest=8))
    day = fields.day("day")
    heard = fields.array("heard", most=MOST_HEARD)
    erased = fields.array("erased", most=MOST_ERASED)
    operations = fields.array("operations", most=MOST_OPERATIONS)
    fields.close()
    return SharedItem(
        sender=sender,
        run=run,
        number=number,
        week=week,
        day=day,
        heard=tuple(map(HeardOf.from_json, heard)),
        erased=tuple(map(Erased.from_json, erased)),
        operations=tuple(map(SignedOperation.from_json, operations)),
    )


def _ascending(places: Sequence[tuple[object, ...]]) -> None:
    if any(later <= earlier for earlier, later in pairwise(places)):
        raise Malformed("list of a shared item must be in order, without doubles")
