"""A reviewer's offer for the next manifest: signed public keys of coming weeks and quarters.

``docs/formats/offer.md``. The signature proves that one party made all of it. Two people compare by telephone which
party that is.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Never

from crypto.errors import Malformed, NewerFormat, NotForUs
from crypto.keys.keys import (
    HybridPublicKey,
    IntakePublicKey,
    PartySigningKey,
    PartyVerifyKey,
    RootVerifyKey,
    SealedPublicKey,
)
from crypto.keys.party import Party, lower_case
from crypto.manifests.issued_keys import LONGEST_KEY_TEXT
from crypto.primitives import canonical_json
from crypto.primitives.canonical_json import Fields, Json
from crypto.primitives.week import FIRST_YEAR, LAST_YEAR, Quarter, Week

MAGIC = b"TIPLINO\x1a"
VERSION = 1
FORMAT = "tipline-offer"
FORMAT_VERSION = 1
LONGEST_DOCUMENT_BYTES = 262_144
MOST_WEEKS = 60
MOST_QUARTERS = 8

_LABEL = b"tipline/v1/offer\0"
_KEY_BYTES = 32
_SIGNATURE_BYTES = 64
_HEAD_BYTES = len(MAGIC) + 1 + _KEY_BYTES + _SIGNATURE_BYTES
LONGEST_FILE_BYTES = _HEAD_BYTES + LONGEST_DOCUMENT_BYTES


@dataclass(frozen=True, slots=True)
class Offer:
    """The keys that one reviewer offers; ``offered`` is the UTC day on which the offer was made.

    Raises:
        Malformed: too many weeks or quarters, not from the earliest on, or a key that stands in two places.
    """

    root: RootVerifyKey
    reviewer: Party
    offered: dt.date
    intake: tuple[tuple[Week, IntakePublicKey], ...]
    sealed: tuple[tuple[Quarter, SealedPublicKey], ...]

    def __post_init__(self) -> None:
        if not FIRST_YEAR <= self.offered.year <= LAST_YEAR:
            raise Malformed(f"day of an offer must be in the years {FIRST_YEAR} to {LAST_YEAR}")
        if not 1 <= len(self.intake) <= MOST_WEEKS or len(self.sealed) > MOST_QUARTERS:
            raise Malformed(f"expected 1 to {MOST_WEEKS} weeks and at most {MOST_QUARTERS} quarters")
        for ordered in ([str(week) for week, _ in self.intake], [str(quarter) for quarter, _ in self.sealed]):
            if ordered != sorted(set(ordered)):
                raise Malformed("weeks and quarters must stand once, from the earliest on")
        keys: list[HybridPublicKey] = [self.reviewer.transport_key]
        keys += [key for _, key in self.intake]
        keys += [key for _, key in self.sealed]
        if len({key.to_bytes() for key in keys}) != len(keys):
            raise Malformed("the same encryption key must not stand in two places")

    def to_bytes(self) -> bytes:
        """The document: the bytes that the reviewer signs."""
        return canonical_json.to_bytes(
            {
                "format": FORMAT,
                "format_version": FORMAT_VERSION,
                "intake": [{"key": str(key), "week": str(week)} for week, key in self.intake],
                "offered": self.offered.isoformat(),
                "reviewer": self.reviewer.to_json(),
                "root": str(self.root),
                "sealed": [{"key": str(key), "quarter": str(quarter)} for quarter, key in self.sealed],
            }
        )

    @classmethod
    def parse(cls, untrusted_bytes: bytes) -> "Offer":
        """Undo :meth:`to_bytes`. The result is well formed and not verified: see :func:`verify_offer`.

        Raises:
            Malformed: anything else.
            NewerFormat: a later version of the format.
        """
        fields = Fields.of_document(
            untrusted_bytes, format_name=FORMAT, version=FORMAT_VERSION, limit_bytes=LONGEST_DOCUMENT_BYTES
        )
        offer = cls(
            root=RootVerifyKey.parse(fields.text("root", longest=64)),
            reviewer=Party.from_json(fields.raw("reviewer")),
            offered=fields.day("offered"),
            intake=tuple(map(_week_and_key, fields.array("intake", least=1, most=MOST_WEEKS))),
            sealed=tuple(map(_quarter_and_key, fields.array("sealed", most=MOST_QUARTERS))),
        )
        fields.close()
        return offer


class VerifiedOffer:
    """An offer whose signature by its own reviewer was checked, for the organisation of a pinned root key."""

    __slots__ = ("offer", "raw")

    offer: Offer
    raw: bytes

    def __init__(self) -> None:
        raise RuntimeError("a verified offer comes from verify_offer only")

    def __setattr__(self, name: str, value: object) -> Never:
        raise AttributeError("a verified offer does not change")

    @property
    def reviewer(self) -> Party:
        return self.offer.reviewer

    def __repr__(self) -> str:
        return f"<VerifiedOffer of {self.reviewer.name}>"

    def __reduce__(self) -> Never:
        raise TypeError("a verified offer is verified again, not pickled")


def sign_offer(offer: Offer, *, key: PartySigningKey) -> bytes:
    """The whole file.

    Raises:
        ValueError: ``key`` is not that of the reviewer who offers.
    """
    if key.verify_key() != offer.reviewer.verify_key:
        raise ValueError("an offer is signed by its reviewer")
    document = offer.to_bytes()
    signature = key.sign(_LABEL + document)
    return MAGIC + bytes([VERSION]) + offer.reviewer.verify_key.to_bytes() + signature + document


def verify_offer(untrusted_bytes: bytes, *, root: RootVerifyKey) -> VerifiedOffer:
    """Verify an offer and return it.

    The checks run in this order: largest size, magic and version, least size, signature, form, organisation.

    Raises:
        Malformed: no offer, or signed and yet none of its signer.
        NewerFormat: a later version of the format.
        BadSignature: not by whom it says.
        NotForUs: for another organisation.
    """
    at = len(MAGIC) + 1
    if len(untrusted_bytes) > LONGEST_FILE_BYTES:
        raise Malformed(f"offer must have at most {LONGEST_FILE_BYTES} bytes")
    if len(untrusted_bytes) < at or untrusted_bytes[: len(MAGIC)] != MAGIC:
        raise Malformed("offer must begin with its magic bytes and a version")
    if untrusted_bytes[at - 1] > VERSION:
        raise NewerFormat(f"offer is of a newer version than {VERSION}")
    if untrusted_bytes[at - 1] < VERSION:
        raise Malformed(f"version of an offer must be {VERSION}")
    if len(untrusted_bytes) <= _HEAD_BYTES:
        raise Malformed(f"offer must have more than {_HEAD_BYTES} bytes")
    signer = PartyVerifyKey(untrusted_bytes[at : at + _KEY_BYTES])
    document = untrusted_bytes[_HEAD_BYTES:]
    signer.verify(_LABEL + document, signature=untrusted_bytes[at + _KEY_BYTES : _HEAD_BYTES])
    offer = Offer.parse(document)
    if offer.reviewer.verify_key != signer:
        raise Malformed("offer must name its signer as its reviewer")
    if offer.root != root:
        raise NotForUs("offer must be for the organisation whose root key is pinned here")
    verified = object.__new__(VerifiedOffer)
    object.__setattr__(verified, "offer", offer)
    object.__setattr__(verified, "raw", untrusted_bytes)
    return verified


def newest_first(offers: Sequence[VerifiedOffer]) -> list[VerifiedOffer]:
    """By day; of one day, those that come later in ``offers`` count as newer."""
    by_place = sorted(enumerate(offers), key=lambda placed: (placed[1].offer.offered, placed[0]), reverse=True)
    return [verified for _place, verified in by_place]


def _week_and_key(untrusted_value: Json) -> tuple[Week, IntakePublicKey]:
    fields = Fields(untrusted_value)
    week = Week.parse(fields.text("week", longest=8))
    key = IntakePublicKey.parse(lower_case(fields.text("key", longest=LONGEST_KEY_TEXT)))
    fields.close()
    return week, key


def _quarter_and_key(untrusted_value: Json) -> tuple[Quarter, SealedPublicKey]:
    fields = Fields(untrusted_value)
    quarter = Quarter.parse(fields.text("quarter", longest=7))
    key = SealedPublicKey.parse(lower_case(fields.text("key", longest=LONGEST_KEY_TEXT)))
    fields.close()
    return quarter, key
