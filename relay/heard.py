"""Ids that a relay has heard and the server has not answered for yet; in memory only.

New ids go first, so that a press is not behind what is posted again. Of those that do not fit, the ones that were
heard most go first: a device that invents ids has less air for each of them than a button has for its one.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from crypto.beacon.rotating_id import WINDOW_SECONDS
from crypto.beacon.sighting import MOST_IDS, HeardId

MOST_WAITING = 64 * MOST_IDS
"""More ids than that are junk; the ones heard least are forgotten."""
LONGEST_WAIT_SECONDS = 86_400
_LARGEST_COUNT = 2**16 - 1
_LARGEST_TIME = 2**32 - 1


@dataclass(frozen=True, slots=True)
class Chosen:
    """The ids of one post, and whether more are waiting than it has room for."""

    ids: tuple[HeardId, ...]
    is_flooded: bool


class HeardIds:
    """Collects ids, chooses those of a post, and forgets what the server answered for."""

    def __init__(self) -> None:
        self._waiting: dict[bytes, HeardId] = {}
        self._posted: dict[bytes, int] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    def hear(self, button_id: bytes, *, at: int, rssi: int) -> None:
        """Note an id, heard at ``at`` in Unix seconds with ``rssi`` dBm."""
        at = min(max(at, 0), _LARGEST_TIME)
        rssi = min(max(rssi, -128), 127)
        before = self._waiting.get(button_id)
        if before is None:
            self._waiting[button_id] = HeardId(button_id, at, at, 1, rssi)
            if len(self._waiting) > MOST_WAITING:
                del self._waiting[min(self._waiting, key=self._rank)]
            return
        self._waiting[button_id] = HeardId(
            button_id,
            min(before.first, at),
            max(before.last, at),
            min(before.count + 1, _LARGEST_COUNT),
            max(before.rssi, rssi),
        )

    def choose(self, *, now: int) -> Chosen:
        """The ids of the post that is made at ``now``. They wait until :meth:`confirm`."""
        self._forget_old(now)
        ranked = sorted(self._waiting, key=self._rank, reverse=True)
        ids = tuple(self._waiting[one] for one in ranked[:MOST_IDS])
        return Chosen(ids, is_flooded=len(ranked) > MOST_IDS)

    def confirm(self, posted: Iterable[HeardId], *, now: int) -> None:
        """The server has answered for these: what was heard of them since then stays."""
        for one in posted:
            self._posted[one.button_id] = now
            waiting = self._waiting.get(one.button_id)
            if waiting is None:
                continue
            more = waiting.count - one.count
            if waiting.last == one.last or more < 1:
                del self._waiting[one.button_id]
            else:
                self._waiting[one.button_id] = HeardId(
                    one.button_id, min(one.last + 1, waiting.last), waiting.last, more, waiting.rssi
                )

    def _rank(self, button_id: bytes) -> tuple[bool, int, int]:
        heard = self._waiting[button_id]
        return button_id not in self._posted, heard.count, heard.last

    def _forget_old(self, now: int) -> None:
        for one, at in list(self._posted.items()):
            if abs(now - at) > WINDOW_SECONDS:
                del self._posted[one]
        for one, heard in list(self._waiting.items()):
            if now - heard.last > LONGEST_WAIT_SECONDS:
                del self._waiting[one]
