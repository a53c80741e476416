"""One relay: frames in, sealed posts out. It knows no radio and no network; both are handed to it."""

import datetime as dt
import secrets
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from crypto.beacon.day_mark import checked_id, id_of_frame
from crypto.beacon.relay_post import seal_post
from crypto.beacon.sighting import RUN_BYTES, HeardId, RelaySecret, Sighting
from crypto.errors import Malformed, NotForUs
from crypto.keys.keys import DutyPublicKey
from crypto.primitives.week import Week
from relay.heard import HeardIds
from relay.marks import FEWEST_DAYS, RelayKeys

QUIET_SECONDS = 600
"""A relay that hears nothing, or gets no answer, for so long has a named alarm."""
_LARGEST_COUNT = 2**32 - 1
_LARGEST_REFUSED = 2**16 - 1


class RelayAlarm(StrEnum):
    """The named alarms of a relay; the value is what its keeper reads."""

    MARKS_END = "marks end"
    INTAKE_KEYS_END = "intake keys end"
    DEAF = "deaf"
    CANNOT_POST = "cannot post"
    FLOODED = "flooded"
    CLOCK = "clock"


@dataclass(frozen=True, slots=True)
class RelayIdentity:
    """The number of a relay, its secret, and the keys of both duty machines."""

    number: int
    secret: RelaySecret = field(repr=False)
    duty: Sequence[DutyPublicKey] = field(repr=False)


@dataclass(frozen=True, slots=True)
class RelayPost:
    """12,288 sealed bytes, and the ids in them, which are forgotten once the server has answered."""

    sealed: bytes = field(repr=False)
    ids: tuple[HeardId, ...] = field(repr=False)


class Relay:
    """Hears frames and makes posts; usable by several threads. ``now`` gives Unix seconds."""

    def __init__(self, identity: RelayIdentity, keys: RelayKeys, *, now: Callable[[], int]) -> None:
        self._identity = identity
        self._keys = keys
        self._now = now
        self._lock = threading.Lock()
        self._heard = HeardIds()
        self._run = secrets.token_bytes(RUN_BYTES)
        self._number = 0
        self._frames = self._refused = 0
        self._last_now = self._heard_at = self._answered_at = now()
        self._is_flooded = self._clock_went_back = False

    def take_frame(self, untrusted_bytes: bytes, *, rssi: int) -> None:
        """An advertisement as it came from the air, of any device."""
        with self._lock:
            now = self._began()
            marks = self._keys.marks_around(_day(now))
            try:
                button_id = id_of_frame(untrusted_bytes, marks=marks)
            except NotForUs:
                return
            except Malformed:
                # The broken frames of other devices are none of our count.
                if any(mark[::-1] in untrusted_bytes for mark in marks):
                    self._refused = min(self._refused + 1, _LARGEST_REFUSED)
                return
            self._heard.hear(button_id, at=now, rssi=rssi)

    def take_service_data(self, untrusted_parts: Mapping[bytes, bytes], *, rssi: int) -> None:
        """An advertisement as a Bluetooth library takes it apart: 16-byte UUIDs, and the data behind each.

        It has no parts where the advertisement is one of another kind.
        """
        with self._lock:
            now = self._began()
            marks = self._keys.marks_around(_day(now))
            ours = [data for mark, data in untrusted_parts.items() if mark in marks]
            if not ours:
                return
            try:
                button_id = checked_id(ours[0] if len(ours) == 1 else b"")
            except Malformed:
                self._refused = min(self._refused + 1, _LARGEST_REFUSED)
            else:
                self._heard.hear(button_id, at=now, rssi=rssi)

    def marks_now(self) -> list[bytes]:
        """The marks that count now, 16 bytes each."""
        with self._lock:
            return self._keys.marks_around(_day(self._tick()))

    def quiet_seconds(self) -> int:
        """Seconds since an advertisement of any kind was heard, or since the start."""
        with self._lock:
            return self._tick() - self._heard_at

    def days_left(self) -> tuple[int, int]:
        """Days, today included, for which there are marks, and for which there are intake keys."""
        with self._lock:
            today = _day(self._tick())
            return self._keys.mark_days_left(today), self._keys.intake_days_left(today)

    def _began(self) -> int:
        now = self._tick()
        self._frames = min(self._frames + 1, _LARGEST_COUNT)
        self._heard_at = now
        return now

    def next_post(self) -> RelayPost:
        """The post of this slot: of one length, real or cover."""
        with self._lock:
            now = self._tick()
            chosen = self._heard.choose(now=now)
            self._is_flooded = chosen.is_flooded
            self._number += 1
            today = _day(now)
            sighting = Sighting(
                relay=self._identity.number,
                week=Week.of(today),
                run=self._run,
                number=self._number,
                sent=now,
                # Without the mark of today it hears no button, whatever else it hears: the desk must call it deaf.
                frames=self._frames if self._keys.mark_days_left(today) else 0,
                refused=self._refused,
                ids=chosen.ids,
                is_flooded=chosen.is_flooded,
            )
            self._frames = self._refused = 0
            intake, identity = self._keys.intake_on(today), self._identity
        key = identity.secret.of_week(sighting.week)
        return RelayPost(seal_post(sighting, key=key, duty=identity.duty, intake=intake), chosen.ids)

    def confirm(self, post: RelayPost) -> None:
        """The server has answered for this post: its ids are forgotten."""
        with self._lock:
            now = self._tick()
            self._answered_at = now
            self._heard.confirm(post.ids, now=now)

    def renew(self, keys: RelayKeys, identity: RelayIdentity | None = None) -> None:
        """Take the marks, intake keys and duty keys of another relay file; without ``identity`` it stays."""
        with self._lock:
            self._keys = keys
            self._identity = identity or self._identity

    def alarms(self) -> list[RelayAlarm]:
        """The alarms that stand now, in the order of their enumeration."""
        with self._lock:
            now = self._tick()
            today = _day(now)
            standing = {
                RelayAlarm.MARKS_END: self._keys.mark_days_left(today) < FEWEST_DAYS,
                RelayAlarm.INTAKE_KEYS_END: self._keys.intake_days_left(today) < FEWEST_DAYS,
                RelayAlarm.DEAF: now - self._heard_at > QUIET_SECONDS,
                RelayAlarm.CANNOT_POST: now - self._answered_at > QUIET_SECONDS,
                RelayAlarm.FLOODED: self._is_flooded,
                RelayAlarm.CLOCK: self._clock_went_back,
            }
            return [alarm for alarm, stands in standing.items() if stands]

    def _tick(self) -> int:
        now = self._now()
        if now < self._last_now:
            self._clock_went_back = True
            self._heard_at = min(self._heard_at, now)
            self._answered_at = min(self._answered_at, now)
        self._last_now = now
        return now


def _day(seconds: int) -> dt.date:
    return dt.datetime.fromtimestamp(seconds, dt.UTC).date()
