"""Plays a disk that is full at each write of a store in turn: a tmpfs with this number of pages free, and no more.

`python -m tests.tipline.store.full_at_each_write FOLDER`, started by `unshare`. The store is told of a reserve
below zero, so that it believes in room and writes, as it does when another program takes the last of it meanwhile.
"""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tipline.store import Store
from tipline.store.errors import StoreError, StoreFull

NO_RESERVE_BYTES: Final = -(1 << 40)
_KEY: Final = bytes(range(32))
_PAGE_BYTES: Final = 4096
_DISK_MIB: Final = 32
_ENOUGH: Final = 4
"""So often in a row everything must have had room."""


class Others:
    """Another program on the disk, which leaves this number of pages free."""

    def __init__(self, place: Path) -> None:
        self._file = (place / "others").open("wb", buffering=0)

    def leave(self, pages: int) -> None:
        try:
            while self._file.write(bytes(1 << 20)) == 1 << 20:
                pass
            while self._file.write(bytes(_PAGE_BYTES)):
                pass
        except OSError:
            pass
        self._file.truncate(max(0, self._file.tell() // _PAGE_BYTES - pages) * _PAGE_BYTES)

    def make_room(self) -> None:
        self._file.truncate(0)
        self._file.seek(0)

    def close(self) -> None:
        self._file.close()


@dataclass
class Played:
    """Digests of what was acknowledged and not deleted since, and how often the disk was full."""

    kept: dict[bytes, bytes] = field(default_factory=dict)
    refused: int = 0
    unforeseen: list[str] = field(default_factory=list)


def receive(store: Store, content: bytes) -> None:
    with store.submissions.receive("2026-W48", b"m" * 32) as arrival:
        arrival.write(content)
        arrival.complete()


def through_all(
    others: Others, played: Played, act: Callable[[], None], after: Callable[[], None], *, step: int = 1
) -> None:
    """``act`` with no page free, with ``step`` more, and so on until it has had room some times; after each time
    there is room, and ``after`` must do."""
    pages = done = 0
    while done < _ENOUGH:
        others.leave(pages)
        try:
            act()
            done += 1
        except StoreFull:
            played.refused += 1
            done = 0
        except StoreError as error:
            played.unforeseen.append(f"{pages} pages free: {error}")
            done = 0
        finally:
            others.make_room()
        after()
        pages += step


def play(place: Path) -> Played:
    played, others = Played(), Others(place)
    with Store(place, _KEY, create=True, reserve_bytes=NO_RESERVE_BYTES) as store:

        def send(size: int) -> None:
            content = os.urandom(8) * (size // 8)
            receive(store, content)
            (new,) = {one.sha256: one.submission for one in store.submissions.waiting()}.keys() - played.kept.keys()
            played.kept[new] = content

        def delete() -> None:
            oldest = next(iter(played.kept))
            found = store.submissions.by_sha256(oldest)
            if found is not None:  # not yet begun
                store.submissions.delete(found.submission)
            else:
                store.submissions.resume_deletions()
            store.wipe_traces()
            del played.kept[oldest]

        through_all(others, played, lambda: send(71_864), lambda: send(8))
        check(store, played)
        through_all(others, played, lambda: send(300_000), lambda: send(8), step=4)
        check(store, played)
        through_all(others, played, delete, lambda: send(8), step=2)
        check(store, played)
        through_all(others, played, store.beat, lambda: send(8), step=2)
    others.close()
    with Store(place, _KEY) as store:
        store.submissions.sweep_unfinished()
        check(store, played)
        assert store.damage() == []
    return played


def check(store: Store, played: Played) -> None:
    """All that was acknowledged is there, byte for byte, and nothing else is listed."""
    listed = {one.sha256: one.submission for one in store.submissions.waiting()}
    assert listed.keys() == played.kept.keys()
    for sha256, submission in listed.items():
        assert b"".join(store.submissions.pieces(submission)) == played.kept[sha256]


def on_a_small_disk(play: Callable[[Path], Played]) -> None:
    """In the folder that is named on the command line; says how often the disk was full."""
    folder = Path(sys.argv[1]) / "disk"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={_DISK_MIB}m", "tmpfs", folder], check=True)
    outcome = play(folder)
    assert outcome.unforeseen == [], "a full disk is told as one"
    print(f"full {outcome.refused} times")


if __name__ == "__main__":
    on_a_small_disk(play)
