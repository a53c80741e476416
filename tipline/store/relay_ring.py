"""The ring of relays' posts, of which the oldest make room for new ones.

They are sealed, and lie in a file of their own, which is made when relays are served for the first time. No backup
holds it.
"""

import datetime as dt
import json
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from system.atomic_files import write_whole
from tipline.store.database import Database
from tipline.store.errors import StoreFull

RELAYS: Final = "relays.db"
RELAYS_VERSION: Final = 1
POST_BYTES: Final = 12_288
NAME_BYTES: Final = 8
POSTS_A_DAY: Final = 4320
"""Of one relay, with a post in each slot of 20 seconds."""
MOST_RELAYS: Final = 500
_COUNT_FILE: Final = "relays.json"
_TEN_MINUTES_A_DAY: Final = 144
"""A day has 144 times ten minutes."""
_MOST_DELETED: Final = 64
"""At once, so that a relay that is removed needs no room for a long transaction."""
_LAST_NUMBER: Final = 2**63 - 1


@dataclass(frozen=True, slots=True)
class RingState:
    """``newest`` and ``fetched`` are numbers of posts, 0 for none; ``fetched_on`` is a UTC day."""

    name: bytes
    newest: int
    waiting: int
    fetched: int
    fetched_on: dt.date | None


def keep_count(folder: Path, count: int) -> None:
    """Write the number of relays beside the ring; the web process reads it there."""
    write_whole(folder / _COUNT_FILE, json.dumps({"relays": count}).encode() + b"\n")


def counted_relays(folder: Path) -> int:
    """The number of relays as :func:`keep_count` wrote it, from 0 to 500; 0 where it was not."""
    try:
        return max(0, min(MOST_RELAYS, int(json.loads((folder / _COUNT_FILE).read_bytes())["relays"])))
    except (OSError, ValueError, KeyError, TypeError):
        return 0


class RelayRing:
    """Usable by all threads of a process, and by a command beside it. Use it in a ``with``."""

    def __init__(self, folder: Path, key: bytes) -> None:
        """Open the file, or make it.

        Raises:
            StoreError: it cannot be opened, also with another key.
        """
        self._path = folder / RELAYS
        is_new = not self._path.exists()
        self._database = Database(
            self._path,
            key,
            schema="relays.sql",
            version=RELAYS_VERSION,
            journal_mode="WAL",
            page_bytes=16384,
            create=is_new,
        )
        with self._database.transaction() as ring:
            ring.execute(
                "INSERT OR IGNORE INTO ring (only, name, fetched) VALUES (1, ?, 0)",
                (secrets.token_bytes(NAME_BYTES),),
            )

    def size_bytes(self) -> int:
        """The length of the file."""
        return self._path.stat().st_size

    def put(self, post: bytes, *, room: int, is_tight: bool = False, may_grow: bool = True) -> bool:
        """Keep a post durably, and the ``room`` newest at most.

        Where the disk is tight, posts that were fetched make way, and the ring becomes shorter until those of ten
        minutes are left. Where none was fetched, it grows if it may. Returns True if a post had to make room that
        the duty desk had not fetched.

        Raises:
            StoreFull: the disk is tight, no post was fetched, and the ring may not grow.
            StoreError: it is not kept; ValueError: it has another length.
        """
        if len(post) != POST_BYTES or room < 1:
            raise ValueError(f"a post has {POST_BYTES} bytes, and the ring has room for one at least")
        with self._database.transaction() as ring:
            oldest, count, fetched = ring.execute(
                "SELECT low, coalesce(high - low + 1, 0), fetched FROM ring,"
                " (SELECT (SELECT min(number) FROM posts) AS low, (SELECT max(number) FROM posts) AS high)"
            ).fetchone()
            leaving = min(count + 1 - room, _MOST_DELETED)
            if is_tight:
                had = fetched - oldest + 1 if count else 0
                leaving = max(leaving, min(had, 2 if count > room // _TEN_MINUTES_A_DAY else 1))
                if leaving < 1 and not may_grow:
                    raise StoreFull("the disk has no room for more posts", hint="the relay posts again")
            # Before the new one, which takes their place in the file.
            last = oldest + leaving - 1 if leaving > 0 else 0
            ring.execute("DELETE FROM posts WHERE number <= ?", (last,))
            ring.execute("INSERT INTO posts (sealed) VALUES (?)", (post,))
        if leaving > 1:
            self._database.give_back()
        return bool(last > fetched)

    def after(self, number: int, *, most: int, low: int = 0, high: int = 0) -> list[tuple[int, bytes]]:
        """The ``most`` newest posts behind ``number``, the oldest of them first.

        Those from ``low`` to ``high`` are passed over.
        """
        query = "SELECT number, sealed FROM posts WHERE number > ? AND number < ? ORDER BY number DESC LIMIT ?"
        rows = list(self._database.rows(query, (max(number, high), _LAST_NUMBER, most)))
        rows += self._database.rows(query, (number, low, most - len(rows)))
        return [(each, bytes(sealed)) for each, sealed in reversed(rows)]

    def note_fetched(self, number: int, *, on: dt.date) -> None:
        """The duty desk has all posts up to ``number``. A lower number than before changes the day only."""
        state = self.state()
        fetched = max(state.fetched, min(number, state.newest))
        if (fetched, on) == (state.fetched, state.fetched_on):
            return
        with self._database.transaction() as ring:
            ring.execute("UPDATE ring SET fetched = ?, fetched_on = ?", (fetched, on.isoformat()))

    def state(self) -> RingState:
        """The ring as it is now."""
        row = self._database.row(
            "SELECT name, fetched, fetched_on, (SELECT coalesce(max(number), 0) FROM posts),"
            " (SELECT count(*) FROM posts WHERE number > fetched) FROM ring"
        )
        if row is None:
            raise LookupError("the ring has no name")
        name, fetched, on, newest, waiting = row
        return RingState(bytes(name), newest, waiting, fetched, dt.date.fromisoformat(on) if on else None)

    def close(self) -> None:
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()
