"""The duty machine's line to the server: it fetches what is new, every few seconds, through Tor.

The place up to which posts were judged is kept on the disk after they were judged, so that a machine that is killed
fetches them again. After an outage the newest posts come first, and then those before them: a press of now does not
wait behind them.
"""

import json
import struct
from dataclasses import asdict, dataclass
from pathlib import Path

from crypto.beacon.duty_note import NOTE_BYTES
from crypto.beacon.relay_post import POST_BYTES
from onion.socks_connection import ask
from system.atomic_files import write_whole

FETCH_SECONDS = 5.0
"""How long a duty machine waits between two fetches."""
_SECONDS = 60.0
_OK = 200
_PLACE = struct.Struct(">8sQQQ")
_HEAD_BYTES = _PLACE.size + NOTE_BYTES
_MOST_POSTS = 64


@dataclass(frozen=True, slots=True)
class FetchPlace:
    """The name of the server's ring in hex digits, and the numbers of posts that were judged.

    These are all up to ``after``, and those from ``low`` to ``high``, 0 for none. The server counts them.
    """

    ring: str = ""
    after: int = 0
    low: int = 0
    high: int = 0

    @property
    def is_whole(self) -> bool:
        """True if no others wait at the server: those between ``after`` and ``low``."""
        return not self.high

    @classmethod
    def load(cls, path: Path) -> "FetchPlace":
        """The place that was kept; the beginning where none was, or it cannot be read."""
        try:
            told = json.loads(path.read_bytes())
            numbers = (max(0, int(told[name])) for name in ("after", "low", "high"))
            return cls(bytes.fromhex(told["ring"]).hex(), *numbers)
        except (OSError, ValueError, KeyError, TypeError):
            return cls()

    def keep(self, path: Path) -> None:
        """Keep it durably."""
        write_whole(path, json.dumps(asdict(self)).encode() + b"\n")


@dataclass(frozen=True, slots=True)
class Fetched:
    """The posts of one answer, the place with them, and the note of the other machine if there is one."""

    posts: tuple[bytes, ...]
    place: FetchPlace
    note: bytes | None = None


@dataclass(frozen=True, slots=True)
class DutyLine:
    """Fetches through the duty machine's own tor.

    ``address`` is that of the server's service for relays, ``socks_port`` that of tor on loopback; ``machine`` is 1
    or 2.
    """

    address: str
    socks_port: int
    machine: int

    def fetch(self, place: FetchPlace, *, note: bytes) -> Fetched | None:
        """The newest posts that a place has not; None if the server did not answer as it should.

        ``note`` is this machine's sealed note for the other one, of one length.
        """
        answer = ask(
            self.address,
            "POST",
            f"/fetch?machine={self.machine}&ring={place.ring}"
            f"&after={place.after}&low={place.low}&high={place.high}",
            socks_port=self.socks_port,
            longest_answer=_HEAD_BYTES + _MOST_POSTS * POST_BYTES,
            body=note,
            headers={"Content-Type": "application/octet-stream", "User-Agent": "tipline-duty"},
            seconds=_SECONDS,
        )
        return None if answer is None or answer.status != _OK else parse_answer(answer.body)


def parse_answer(untrusted_bytes: bytes) -> Fetched | None:
    """The posts of an answer of the server; None if it has another form."""
    length = len(untrusted_bytes) - _HEAD_BYTES
    if length < 0 or length % POST_BYTES or length > _MOST_POSTS * POST_BYTES:
        return None
    ring, *numbers = _PLACE.unpack_from(untrusted_bytes)
    note = untrusted_bytes[_PLACE.size : _HEAD_BYTES]
    posts = tuple(
        untrusted_bytes[at : at + POST_BYTES] for at in range(_HEAD_BYTES, len(untrusted_bytes), POST_BYTES)
    )
    return Fetched(posts, FetchPlace(ring.hex(), *numbers), note if any(note) else None)
