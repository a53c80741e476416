"""A sighting: what one relay heard since its last post, in 1,024 bytes. ``docs/formats/sighting.md``."""

import hashlib
import hmac
import struct
from collections.abc import Callable
from dataclasses import dataclass, field

from crypto.beacon.day_mark import checked_id
from crypto.beacon.rotating_id import ID_BYTES
from crypto.errors import BadSignature, Malformed, NewerFormat, NotForUs
from crypto.keys.keys import _Secret
from crypto.primitives import _hybrid, _sodium
from crypto.primitives.week import Week

MAGIC = b"TIPLINR\x1a"
VERSION = 1
SIGHTING_BYTES = 1024
RUN_BYTES = 8
MAC_BYTES = 32
MOST_IDS = 47
LARGEST_RELAY = 2**16 - 1
LABEL = b"tipline/v1/beacon/sighting\0"
FLOODED, WITH_COPY = 1, 2
"""Flags: more ids were heard than have room; a copy for the intake keys stands beside it."""
NOWHERE, FIXED, MEASURED = 0, 1, 2
"""Kinds of a place."""

HEAD = struct.Struct(f">8sBBHHB{RUN_BYTES}sIIIHBiiHB")
ENTRY = struct.Struct(f">{ID_BYTES}sIIHbB")
_MAC_AT = SIGHTING_BYTES - MAC_BYTES
_WEEK_LABEL = "tipline/v1/beacon/relay/"
_DEGREE = 10**7
_NO_PLACE = (0, 0, 0)


class RelayWeekKey(_Secret):
    """The key with which a relay signs the sightings of one week; the duty machines hold it too."""

    __slots__ = ()

    def mac(self, signed: bytes) -> bytes:
        """The 32-byte HMAC-SHA-256 of the beginning of a sighting."""
        return hmac.new(self._seed, LABEL + signed, hashlib.sha256).digest()


class RelaySecret(_Secret):
    """The secret of one relay, 32 bytes. It lies in the relay, and behind the air gap."""

    __slots__ = ()

    def of_week(self, week: Week) -> RelayWeekKey:
        label = f"{_WEEK_LABEL}{week}".encode()
        return RelayWeekKey(
            _hybrid.hkdf_sha256(self._seed, salt=None, label=label, length_bytes=_hybrid.SEED_BYTES)
        )


@dataclass(frozen=True, slots=True)
class HeardId:
    """One id: first and last heard in Unix seconds of the relay, how often, and the best strength in dBm.

    Raises:
        Malformed: not an id, or heard no times.
    """

    button_id: bytes
    first: int
    last: int
    count: int
    rssi: int

    def __post_init__(self) -> None:
        checked_id(self.button_id)
        if not 1 <= self.count < 2**16:
            raise Malformed("id of a sighting must be heard 1 to 65,535 times")


@dataclass(frozen=True, slots=True)
class MeasuredPlace:
    """Latitude and longitude in ten-millionths of a degree, and the accuracy in metres."""

    latitude: int
    longitude: int
    accuracy: int

    @property
    def is_on_earth(self) -> bool:
        return abs(self.latitude) <= 90 * _DEGREE and abs(self.longitude) <= 180 * _DEGREE


@dataclass(frozen=True)
class Sighting:
    """One sighting of a relay.

    ``frames`` counts advertisements of any kind since the last post, ``refused`` malformed ones under our mark.
    ``number`` counts the posts of a ``run`` of the relay. ``measured`` is None where the relay is fixed.

    Raises:
        Malformed: a number out of bounds, too many ids, or one of them twice.
    """

    relay: int
    week: Week
    run: bytes
    number: int
    sent: int
    frames: int = 0
    refused: int = 0
    ids: tuple[HeardId, ...] = field(default=(), repr=False)
    kind: int = FIXED
    measured: MeasuredPlace | None = None
    is_flooded: bool = False
    has_copy: bool = False

    def __post_init__(self) -> None:
        if not 1 <= self.relay <= LARGEST_RELAY or not 1 <= self.number < 2**32:
            raise Malformed("sighting must have the number of a relay, and a number from 1")
        if len(self.run) != RUN_BYTES:
            raise Malformed(f"run of a sighting must have {RUN_BYTES} bytes")
        if len(self.ids) > MOST_IDS or len({one.button_id for one in self.ids}) != len(self.ids):
            raise Malformed(f"sighting must have at most {MOST_IDS} ids, none twice")
        if (self.kind == MEASURED) != (self.measured is not None):
            raise Malformed("sighting must have a place exactly if it was measured")

    def to_bytes(self, key: RelayWeekKey) -> bytes:
        """The 1,024 bytes, with the MAC by the relay's key of the week."""
        place = self.measured
        numbers = _NO_PLACE if place is None else (place.latitude, place.longitude, place.accuracy)
        flags = FLOODED * self.is_flooded | WITH_COPY * self.has_copy
        head = HEAD.pack(
            *(MAGIC, VERSION, flags, self.relay, self.week.year, self.week.number, self.run, self.number),
            *(self.sent, self.frames, self.refused, self.kind, *numbers, len(self.ids)),
        )
        rows = b"".join(ENTRY.pack(one.button_id, one.first, one.last, one.count, one.rssi, 0) for one in self.ids)
        signed = (head + rows).ljust(_MAC_AT, b"\0")
        return signed + key.mac(signed)


KeyOf = Callable[[int, Week], RelayWeekKey | None]
"""The key of a relay for a week; None for one that is not known."""


def read_sighting(untrusted_bytes: bytes, *, key_of: KeyOf) -> Sighting:
    """Undo :meth:`Sighting.to_bytes`.

    Raises:
        Malformed: anything else.
        NewerFormat: a later version.
        NotForUs: no key is known for this relay and week.
        BadSignature: the MAC is not by that key.
    """
    if len(untrusted_bytes) != SIGHTING_BYTES or not untrusted_bytes.startswith(MAGIC):
        raise Malformed(f"sighting must have {SIGHTING_BYTES} bytes and begin with its magic bytes")
    _, version, flags, relay, year, week_number, run, number, *rest = HEAD.unpack_from(untrusted_bytes)
    if version == 0:
        raise Malformed("version of a sighting must not be 0")
    if version > VERSION:
        raise NewerFormat(f"sighting is of a newer version than {VERSION}")
    week = Week(year, week_number)
    key = key_of(relay, week)
    if key is None:
        raise NotForUs("sighting must be by a relay that this week's file lists")
    signed = untrusted_bytes[:_MAC_AT]
    if not _sodium.equal(key.mac(signed), untrusted_bytes[_MAC_AT:]):
        raise BadSignature("mac of a sighting must be by the key of its relay")
    sent, frames, refused, kind, latitude, longitude, accuracy, count = rest
    end = HEAD.size + count * ENTRY.size
    if flags > (FLOODED | WITH_COPY) or kind > MEASURED or end > _MAC_AT or any(signed[end:]):
        raise Malformed("sighting must have known flags and kinds, and zeros behind its ids")
    numbers = (latitude, longitude, accuracy)
    if kind != MEASURED and numbers != _NO_PLACE:
        raise Malformed("sighting must have a place exactly if it was measured")
    ids = []
    for button_id, first, last, times, rssi, reserved in ENTRY.iter_unpack(signed[HEAD.size : end]):
        if reserved:
            raise Malformed("last byte of an id must be 0")
        ids.append(HeardId(button_id, first, last, times, rssi))
    return Sighting(
        *(relay, week, run, number, sent, frames, refused, tuple(ids), kind),
        MeasuredPlace(*numbers) if kind == MEASURED else None,
        is_flooded=bool(flags & FLOODED),
        has_copy=bool(flags & WITH_COPY),
    )
