"""Small bundle items: delivery receipts, withdrawals, closed weeks. ``docs/formats/statements.md``.

They carry no signature of their own: the signed statement of their bundle lists their digest.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from crypto.bundles.bundle_statement import LARGEST_NUMBER
from crypto.errors import Malformed
from crypto.primitives import canonical_json
from crypto.primitives.canonical_json import Fields, Json, hex_bytes
from crypto.primitives.week import Week

FORMAT_VERSION = 1
LONGEST_BYTES = 1024 * 1024
MOST_HASHES = 8192
MOST_REPLY_IDS = 8192
HASH_BYTES = 32
REPLY_ID_BYTES = 16

_RECEIPT = "tipline-receipt"
_WITHDRAWAL = "tipline-withdrawal"
_WEEK_CLOSED = "tipline-week-closed"


@dataclass(frozen=True, slots=True)
class DeliveryReceipt:
    """A reviewer holds these submissions, opened, verified and backed up, or has deleted them.

    ``hashes`` are SHA-256 digests of envelopes.

    Raises:
        Malformed: not 1 to 8,192 different digests. They are sorted here.
    """

    hashes: tuple[bytes, ...]

    def __post_init__(self) -> None:
        object.__setattr__(
            self, "hashes", _sorted(self.hashes, most=MOST_HASHES, length_bytes=HASH_BYTES, what="digests")
        )

    def to_bytes(self) -> bytes:
        return _document(_RECEIPT, {"hashes": [digest.hex() for digest in self.hashes]})

    @classmethod
    def parse(cls, untrusted_bytes: bytes) -> "DeliveryReceipt":
        """Undo :meth:`to_bytes`.

        Raises:
            Malformed: anything else.
            NewerFormat: a later version of the format.
        """
        fields = _fields(untrusted_bytes, _RECEIPT)
        hashes = _listed(fields, "hashes", most=MOST_HASHES, length_bytes=HASH_BYTES)
        fields.close()
        return cls(hashes)


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """These replies are to become dummies on every server; ``reply_ids`` are 16 bytes each.

    Raises:
        Malformed: not 1 to 8,192 different ids. They are sorted here.
    """

    reply_ids: tuple[bytes, ...]

    def __post_init__(self) -> None:
        object.__setattr__(
            self,
            "reply_ids",
            _sorted(self.reply_ids, most=MOST_REPLY_IDS, length_bytes=REPLY_ID_BYTES, what="reply ids"),
        )

    def to_bytes(self) -> bytes:
        return _document(_WITHDRAWAL, {"reply_ids": [reply_id.hex() for reply_id in self.reply_ids]})

    @classmethod
    def parse(cls, untrusted_bytes: bytes) -> "Withdrawal":
        """Undo :meth:`to_bytes`.

        Raises:
            Malformed: anything else.
            NewerFormat: a later version of the format.
        """
        fields = _fields(untrusted_bytes, _WITHDRAWAL)
        reply_ids = _listed(fields, "reply_ids", most=MOST_REPLY_IDS, length_bytes=REPLY_ID_BYTES)
        fields.close()
        return cls(reply_ids)


@dataclass(frozen=True, slots=True)
class WeekClosed:
    """The server never seals to the keys of ``week`` again.

    All envelopes sealed to them are in bundles up to ``bundle_number`` of the stream that carries this item.

    Raises:
        Malformed: a number out of bounds.
    """

    week: Week
    bundle_number: int

    def __post_init__(self) -> None:
        if not 1 <= self.bundle_number <= LARGEST_NUMBER:
            raise Malformed("number of a bundle must be 1 or more")

    def to_bytes(self) -> bytes:
        return _document(_WEEK_CLOSED, {"bundle_number": self.bundle_number, "week": str(self.week)})

    @classmethod
    def parse(cls, untrusted_bytes: bytes) -> "WeekClosed":
        """Undo :meth:`to_bytes`.

        Raises:
            Malformed: anything else.
            NewerFormat: a later version of the format.
        """
        fields = _fields(untrusted_bytes, _WEEK_CLOSED)
        week = Week.parse(fields.text("week", longest=8))
        number = fields.number("bundle_number", least=1, most=LARGEST_NUMBER)
        fields.close()
        return cls(week, number)


def _document(format_name: str, content: dict[str, Json]) -> bytes:
    return canonical_json.to_bytes({"format": format_name, "format_version": FORMAT_VERSION, **content})


def _fields(untrusted_bytes: bytes, format_name: str) -> Fields:
    return Fields.of_document(
        untrusted_bytes, format_name=format_name, version=FORMAT_VERSION, limit_bytes=LONGEST_BYTES
    )


def _listed(fields: Fields, name: str, *, most: int, length_bytes: int) -> tuple[bytes, ...]:
    listed = tuple(hex_bytes(text, length_bytes=length_bytes) for text in fields.array(name, least=1, most=most))
    if list(listed) != sorted(listed):
        raise Malformed(f"field {name} must be sorted")
    return listed


def _sorted(values: Sequence[bytes], *, most: int, length_bytes: int, what: str) -> tuple[bytes, ...]:
    if not 1 <= len(values) <= most or len(set(values)) != len(values):
        raise Malformed(f"expected 1 to {most} different {what}")
    if any(len(value) != length_bytes for value in values):
        raise Malformed(f"{what} must have {length_bytes} bytes each")
    return tuple(sorted(values))
