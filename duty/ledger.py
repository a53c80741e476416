"""The ledger of a duty machine: presses and acknowledgements, so that a restart forgets neither.

One line of JSON for each change, written and synced before the page says that it was done. A last line that was cut
by a crash is passed over. So is a damaged one: a desk that does not start would ring for no press at all.
"""

import errno
import json
import os
from pathlib import Path
from typing import Any

from crypto.beacon.rotating_id import Meaning
from duty.judgement import Doubt
from duty.presses import Press, PressKey
from system.atomic_files import sync_folder


class Ledger:
    """Appends to one file; :meth:`presses` reads it again. One process writes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._whole_bytes = 0
        self.unreadable = 0
        """Lines that are none of ours. They stay in the file."""
        self._known = self._read()

    def presses(self) -> list[Press]:
        """The presses as the last lines about each say."""
        return [_from_json(told) for told in self._known.values()]

    def note(self, press: Press) -> None:
        """Keep the press as it stands now, durably. An unchanged press is not written again.

        Raises:
            OSError: the disk does not take it; nothing of it is kept.
        """
        told = _to_json(press)
        if self._known.get(press.key) == told:
            return
        line = json.dumps(told, sort_keys=True).encode() + b"\n"
        # Behind the last whole line: what a crash, or a full disk, left of a line is written over.
        append_durably(self._path, line, at=self._whole_bytes)
        self._whole_bytes += len(line)
        self._known[press.key] = told

    def _read(self) -> dict[PressKey, dict[str, Any]]:
        known: dict[PressKey, dict[str, Any]] = {}
        raw = self._path.read_bytes() if self._path.exists() else b""
        for line in raw.splitlines(keepends=True):
            if not line.endswith(b"\n"):
                break
            self._whole_bytes += len(line)
            try:
                told = json.loads(line)
                known[_from_json(told).key] = told
            except (ValueError, KeyError, TypeError):
                self.unreadable += 1
        return known


def append_durably(path: Path, content: bytes, *, at: int) -> None:
    """Write ``content`` behind the first ``at`` bytes of a file, durably; what stood behind them is gone.

    Raises:
        OSError: the disk does not take all of it. The first ``at`` bytes stay.
    """
    is_new = not path.exists()
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        os.ftruncate(descriptor, at)
        # A disk that becomes full meanwhile takes the beginning, and says no error.
        if os.pwrite(descriptor, content, at) != len(content):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    if is_new:
        sync_folder(path.parent)


def _to_json(press: Press) -> dict[str, Any]:
    return {
        "acknowledged": press.acknowledged,
        "acknowledged_by": press.acknowledged_by,
        "button": press.key.button,
        "came": press.came,
        "doubts": sorted(press.doubts),
        "first_heard": press.first_heard,
        "is_late_only": press.is_late_only,
        "is_yellow": press.is_yellow,
        "last_heard": press.last_heard,
        "meaning": press.key.meaning.value,
        "place": press.place,
        "relays": sorted(press.relays),
        "window": press.key.window,
        "windows": sorted(press.windows),
    }


def _from_json(told: dict[str, Any]) -> Press:
    key = PressKey(told["button"], Meaning(told["meaning"]), told["window"])
    numbers = (key.button, key.window, *(told[name] for name in ("place", "came", "first_heard", "last_heard")))
    if not all(type(number) is int for number in numbers):
        raise TypeError("numbers of a press are whole")
    return Press(
        key=key,
        place=told["place"],
        came=told["came"],
        is_yellow=told["is_yellow"],
        first_heard=told["first_heard"],
        last_heard=told["last_heard"],
        relays=set(told["relays"]),
        doubts={Doubt(doubt) for doubt in told["doubts"]},
        acknowledged=told["acknowledged"],
        acknowledged_by=told["acknowledged_by"],
        is_late_only=told["is_late_only"],
        windows={int(window) for window in told["windows"]},
    )
