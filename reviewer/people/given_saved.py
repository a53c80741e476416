"""Folders with readable files that a member saved, listed until they are destroyed.

A member has no casebook. The list is in the members' store, sealed in a channel of the member's own, so that it
outlives a locked desk.
"""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from crypto.keys.at_rest import RestKey
from reviewer.casebook.member_store import MemberStore
from reviewer.casebook.saved_folders import SavedFolder
from reviewer.errors import HomeError

_NAME_BYTES: Final = 16


class FoldersOfMember:
    """By number, in the order of saving, as :class:`reviewer.casebook.saved_folders.SavedFolders`."""

    def __init__(self, store: MemberStore, channel: RestKey) -> None:
        self._store, self._channel = store, channel

    def add(self, tip: str, path: Path, kind: str, *, is_in_memory: bool, today: dt.date) -> int:
        """Remember one before anything is written there; its number."""
        number = max((one.number for one in self.all()), default=0) + 1
        self._put(SavedFolder(number, tip, path, kind, (), is_in_memory, today, None))
        return number

    def name_files(self, number: int, names: Sequence[str]) -> None:
        """Note which files are in it, before they are under its path."""
        self._put(replace(self.find(number), names=tuple(names)))

    def forget(self, number: int) -> None:
        """List it no more."""
        self._store.replace(self._channel, gone=[_name(number)])

    def all(self) -> list[SavedFolder]:
        """Those that were not destroyed, the oldest first."""
        items = self._store.items(self._channel).items()
        return sorted(
            (_read(name, self._store.read(self._channel, pieces)) for name, pieces in items),
            key=lambda one: one.number,
        )

    def find(self, number: int) -> SavedFolder:
        """The folder with this number.

        Raises:
            HomeError: there is none, or it was destroyed.
        """
        for one in self.all():
            if one.number == number:
                return one
        raise HomeError(
            "no saved folder has this number, or it was destroyed", hint="tipline-review given saved HOME"
        )

    def _put(self, one: SavedFolder) -> None:
        told = [one.tip, str(one.path), one.kind, one.names, one.is_in_memory, one.day.isoformat()]
        name = _name(one.number)
        self._store.replace(self._channel, gone=[name], items=[(name, json.dumps(told).encode("ascii"))])


def _name(number: int) -> bytes:
    return number.to_bytes(_NAME_BYTES, "big")


def _read(name: bytes, raw: bytes) -> SavedFolder:
    tip, path, kind, names, is_in_memory, day = json.loads(raw)
    return SavedFolder(
        int.from_bytes(name, "big"),
        tip,
        Path(path),
        kind,
        tuple(names),
        is_in_memory,
        dt.date.fromisoformat(day),
        None,
    )
