"""The statement that the sender of a bundle signs: sender, receivers, position and items.

A statement outlives its bundle. The chain links statements, so that their items can be sealed again and an item
that was deleted since stays listed. ``docs/formats/bundle.md``.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from crypto.errors import Malformed, NotForUs
from crypto.keys.keys import PartySigningKey, PartyVerifyKey
from crypto.primitives import _sodium, canonical_json
from crypto.primitives.canonical_json import Fields, Json, hex_bytes

FORMAT = "tipline-bundle"
FORMAT_VERSION = 1
LATER_FORMAT_VERSION = 3
"""Of a statement that lists an item of a later type: earlier programs answer "newer". 2 was never given out."""
LONGEST_BYTES = 4 * 1024 * 1024
MOST_ITEMS = 16_384
LARGEST_ITEM_BYTES = 2**40
LARGEST_NUMBER = 2**31 - 1
MOST_RECEIVERS = 4
STREAM_BYTES = 16
DIGEST_BYTES = 32

_LABEL = b"tipline/v1/bundle-statement\0"


class ItemType(StrEnum):
    """The type of an item; its payload has its own format."""

    SUBMISSION = "submission"
    REPLY = "reply"
    MANIFEST = "manifest"
    RECEIPT = "receipt"
    WITHDRAWAL = "withdrawal"
    WEEK_CLOSED = "week-closed"
    SHARED = "shared"
    ANNOUNCEMENT = "announcement"


_LATER_TYPES = (ItemType.SHARED, ItemType.ANNOUNCEMENT)


@dataclass(frozen=True, slots=True)
class ItemEntry:
    """One item as the statement lists it.

    Raises:
        Malformed: a digest that is not 32 bytes, or a length that is not 1 to 2^40 bytes.
    """

    type: ItemType
    sha256: bytes
    length: int

    def __post_init__(self) -> None:
        if len(self.sha256) != DIGEST_BYTES or not 1 <= self.length <= LARGEST_ITEM_BYTES:
            raise Malformed("item must have a digest of 32 bytes and 1 to 2^40 bytes")

    @classmethod
    def of(cls, item_type: ItemType, payload: bytes) -> "ItemEntry":
        """Make an entry for a payload in memory."""
        return cls(item_type, hashlib.sha256(payload).digest(), len(payload))

    def to_json(self) -> Json:
        return [self.type.value, self.sha256.hex(), self.length]

    @classmethod
    def from_json(cls, untrusted_value: Json) -> "ItemEntry":
        match untrusted_value:
            case [str(untrusted_type), untrusted_sha256, int(length)] if not isinstance(length, bool):
                try:
                    item_type = ItemType(untrusted_type)
                except ValueError as error:
                    raise Malformed("item must be of a type that this version knows") from error
                return cls(item_type, hex_bytes(untrusted_sha256, length_bytes=DIGEST_BYTES), length)
            case _:
                raise Malformed("item must be a type, a digest and a length")


@dataclass(frozen=True, slots=True)
class Receiver:
    """A receiver, and the number of the first bundle of the unbroken run that names it."""

    key: PartyVerifyKey
    since: int

    def to_json(self) -> Json:
        return [str(self.key), self.since]

    @classmethod
    def from_json(cls, untrusted_value: Json) -> "Receiver":
        match untrusted_value:
            case [str(untrusted_key), int(since)] if not isinstance(since, bool):
                return cls(PartyVerifyKey.parse(untrusted_key), since)
            case _:
                raise Malformed("receiver must be a key and a number")


@dataclass(frozen=True, slots=True)
class Statement:
    """One position in a stream; made by :meth:`first` and :meth:`follow`.

    Raises:
        Malformed: a value out of bounds.
    """

    sender: PartyVerifyKey
    receivers: tuple[Receiver, ...]
    stream: bytes
    number: int
    previous_sha256: bytes | None
    items: tuple[ItemEntry, ...]

    def __post_init__(self) -> None:
        if len(self.stream) != STREAM_BYTES or not 1 <= self.number <= LARGEST_NUMBER:
            raise Malformed(f"stream must have {STREAM_BYTES} bytes, and its numbers begin at 1")
        if (self.previous_sha256 is None) != (self.number == 1) or (
            self.previous_sha256 is not None and len(self.previous_sha256) != DIGEST_BYTES
        ):
            raise Malformed("every bundle of a stream but the first must name the one before it")
        keys = [receiver.key for receiver in self.receivers]
        if not 1 <= len(keys) <= MOST_RECEIVERS or keys != _sorted(set(keys)) or self.sender in keys:
            raise Malformed(
                f"expected 1 to {MOST_RECEIVERS} receivers in the order of their keys, and not the sender"
            )
        if not all(1 <= receiver.since <= self.number for receiver in self.receivers):
            raise Malformed("a receiver must be named since this number or an earlier one")
        if len(self.items) > MOST_ITEMS:
            raise Malformed(f"bundle must have at most {MOST_ITEMS} items")

    @classmethod
    def first(
        cls, *, sender: PartyVerifyKey, receivers: Sequence[PartyVerifyKey], items: Sequence[ItemEntry]
    ) -> "Statement":
        """Number 1 of a new random stream."""
        named = tuple(Receiver(key, 1) for key in _sorted(receivers))
        return cls(sender, named, _sodium.random_bytes(STREAM_BYTES), 1, None, tuple(items))

    def follow(self, *, receivers: Sequence[PartyVerifyKey], items: Sequence[ItemEntry]) -> "Statement":
        """The next number of the same stream. Who was a receiver of this one stays so since the same number."""
        since = {receiver.key: receiver.since for receiver in self.receivers}
        number = self.number + 1
        named = tuple(Receiver(key, since.get(key, number)) for key in _sorted(receivers))
        return Statement(self.sender, named, self.stream, number, self.sha256, tuple(items))

    @property
    def format_version(self) -> int:
        """The version of the form that its items need."""
        is_later = any(item.type in _LATER_TYPES for item in self.items)
        return LATER_FORMAT_VERSION if is_later else FORMAT_VERSION

    @property
    def sha256(self) -> bytes:
        """Names this statement in the next one; over :meth:`to_bytes`, without the signature."""
        return hashlib.sha256(self.to_bytes()).digest()

    def since(self, own: PartyVerifyKey) -> int:
        """The first number of the stream that names ``own`` without a break.

        Raises:
            NotForUs: this one does not.
        """
        for receiver in self.receivers:
            if receiver.key == own:
                return receiver.since
        raise NotForUs(f"bundle {self.number} must name this machine as a receiver")

    def to_bytes(self) -> bytes:
        """The exact bytes that are signed and that the chain names."""
        return canonical_json.to_bytes(
            {
                "format": FORMAT,
                "format_version": self.format_version,
                "items": [item.to_json() for item in self.items],
                "number": self.number,
                "previous": self.previous_sha256.hex() if self.previous_sha256 is not None else None,
                "receivers": [receiver.to_json() for receiver in self.receivers],
                "sender": str(self.sender),
                "stream": self.stream.hex(),
            }
        )

    @classmethod
    def parse(cls, untrusted_bytes: bytes) -> "Statement":
        """Undo :meth:`to_bytes`.

        Raises:
            Malformed: anything else.
            NewerFormat: a later version of the format.
        """
        fields, version = Fields.of_versions(
            untrusted_bytes,
            format_name=FORMAT,
            versions=(FORMAT_VERSION, LATER_FORMAT_VERSION),
            limit_bytes=LONGEST_BYTES,
        )
        statement = cls(
            sender=PartyVerifyKey.parse(fields.text("sender", longest=64)),
            receivers=tuple(map(Receiver.from_json, fields.array("receivers", least=1, most=MOST_RECEIVERS))),
            stream=fields.hex("stream", length_bytes=STREAM_BYTES),
            number=fields.number("number", least=1, most=LARGEST_NUMBER),
            previous_sha256=fields.hex_or_null("previous", length_bytes=DIGEST_BYTES),
            items=tuple(map(ItemEntry.from_json, fields.array("items", most=MOST_ITEMS))),
        )
        fields.close()
        if version != statement.format_version:
            raise Malformed("statement must be of the version that its items need")
        return statement


def sign_statement(statement: Statement, *, key: PartySigningKey) -> bytes:
    """The sender's 64-byte signature, to be kept beside the statement.

    Raises:
        ValueError: ``key`` is not the sender's.
    """
    if key.verify_key() != statement.sender:
        raise ValueError("a statement is signed by its sender")
    return key.sign(_LABEL + statement.to_bytes())


def verify_statement(untrusted_bytes: bytes, *, signature: bytes, sender: PartyVerifyKey) -> Statement:
    """Check the signature, then the form, and that it names ``sender``.

    Raises:
        BadSignature: not by ``sender`` over these bytes.
        Malformed: signed, and yet not a statement of this sender.
        NewerFormat: a later version of the format.
    """
    sender.verify(_LABEL + untrusted_bytes, signature=signature)
    statement = Statement.parse(untrusted_bytes)
    if statement.sender != sender:
        raise Malformed("statement must name its signer as its sender")
    return statement


def _sorted(keys: Sequence[PartyVerifyKey] | set[PartyVerifyKey]) -> list[PartyVerifyKey]:
    return sorted(keys, key=lambda key: key.to_bytes())
