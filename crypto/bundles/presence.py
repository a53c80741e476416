"""Marks of items: there, deleted or withheld, signed at each sealing. ``docs/formats/bundle.md``.

The statement is signed once, and the bundle may be sealed many times. Each time the sender signs these marks, bound
to the statement and to the number of the sealing: another receiver who seals the bundle again can mark nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from crypto.bundles.bundle_head import LARGEST_SEALING, SEALING_BYTES
from crypto.bundles.bundle_statement import ItemEntry
from crypto.errors import Malformed
from crypto.keys.keys import PartySigningKey, PartyVerifyKey

_LABEL = b"tipline/v1/bundle-presence\0"


class Mark(IntEnum):
    """The mark of an item at one sealing: its byte in the bundle. The last one is never written."""

    DELETED = 0
    """The sender has let go of it by its rule; it does not come again."""
    THERE = 1
    WITHHELD = 2
    """The sender has it, and its disk does not give it back whole."""
    UNSIGNED = 256
    """Missing from a bundle of version 1, which has no signed marks."""


_IN_A_BUNDLE = {bytes([mark]): mark for mark in (Mark.DELETED, Mark.THERE, Mark.WITHHELD)}
_WITHOUT_SIGNATURE = {b"\0": Mark.UNSIGNED, b"\1": Mark.THERE}


@dataclass(frozen=True, slots=True)
class AbsentItem:
    """An item of the statement whose bytes are not in the bundle; ``number`` is its place there, from 1."""

    number: int
    entry: ItemEntry
    mark: Mark


def mark_of(untrusted_byte: bytes, *, is_signed: bool) -> Mark:
    """The mark before an item.

    Raises:
        Malformed: another byte.
    """
    mark = (_IN_A_BUNDLE if is_signed else _WITHOUT_SIGNATURE).get(untrusted_byte)
    if mark is None:
        raise Malformed("item must be marked as there, as deleted or as withheld")
    return mark


def sealing_of(untrusted_bytes: bytes) -> int:
    """The number of the sealing.

    Raises:
        Malformed: 0, or above 2^63 - 1.
    """
    number = int.from_bytes(untrusted_bytes, "big")
    if not 1 <= number <= LARGEST_SEALING:
        raise Malformed("number of a sealing must be 1 to 2^63 - 1")
    return number


def sign_marks(marks: Sequence[Mark], *, statement_sha256: bytes, sealing: int, key: PartySigningKey) -> bytes:
    """The sender's 64-byte signature over what it says of every item, in the order of the statement."""
    return key.sign(_signed(marks, statement_sha256, sealing))


def verify_marks(
    marks: Sequence[Mark], *, statement_sha256: bytes, sealing: int, sender: PartyVerifyKey, signature: bytes
) -> None:
    """Return when ``sender`` signed exactly this.

    Raises:
        BadSignature: it did not.
    """
    sender.verify(_signed(marks, statement_sha256, sealing), signature=signature)


def _signed(marks: Sequence[Mark], statement_sha256: bytes, sealing: int) -> bytes:
    return b"".join((_LABEL, statement_sha256, sealing.to_bytes(SEALING_BYTES, "big"), bytes(marks)))
