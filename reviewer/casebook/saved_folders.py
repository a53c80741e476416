"""Folders outside of the casebook with readable files, remembered until they are destroyed."""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from reviewer.casebook.database import CasebookDatabase, Row
from reviewer.errors import CasebookError

AS_IT_CAME: Final = "as it came"
CLEAN_COPIES: Final = "clean copies"
EVIDENCE_PACKAGE: Final = "evidence package"
LOOKED_AT: Final = "pictures and sound of a look"
LOOK_SAVED: Final = "look saved"
"""The act in the log of writing the pictures and sound of a look."""

_COLUMNS: Final = "number, tip, path, kind, names, is_in_memory, day, destroyed_day"


@dataclass(frozen=True, slots=True)
class SavedFolder:
    """One folder; ``names`` are the files that this program wrote there, by their paths in it.

    ``tip`` is the id of the tip; a package of evidence can have several, with blanks between.

    Without names the program was killed while it wrote.
    """

    number: int
    tip: str
    path: Path
    kind: str
    names: tuple[str, ...] = field(repr=False)
    is_in_memory: bool
    day: dt.date
    destroyed_day: dt.date | None


class SavedFolders:
    """By number, in the order of saving."""

    def __init__(self, small: CasebookDatabase) -> None:
        self._small = small

    def add(self, tip: str, path: Path, kind: str, *, is_in_memory: bool, today: dt.date) -> int:
        """Remember one before anything is written there; its number."""
        self._small.run(
            "INSERT INTO saved_folders (tip, path, kind, names, is_in_memory, day) VALUES (?, ?, ?, '[]', ?, ?)",
            (tip, str(path), kind, int(is_in_memory), today.isoformat()),
        )
        row = self._small.row("SELECT last_insert_rowid()")
        return int(row[0]) if row else 0

    def name_files(self, number: int, names: Sequence[str]) -> None:
        """Note which files are in it, before they are under its path."""
        self._small.run("UPDATE saved_folders SET names = ? WHERE number = ?", (json.dumps(list(names)), number))

    def forget(self, number: int) -> None:
        """Nothing was written there."""
        self._small.run("DELETE FROM saved_folders WHERE number = ?", (number,))

    def all(self) -> list[SavedFolder]:
        """Those that were not destroyed, the oldest first."""
        rows = self._small.rows(
            f"SELECT {_COLUMNS} FROM saved_folders WHERE destroyed_day IS NULL ORDER BY number"  # noqa: S608
        )
        return [_from_row(row) for row in rows]

    def find(self, number: int) -> SavedFolder:
        """The folder with this number.

        Raises:
            CasebookError: there is none, or it was destroyed.
        """
        row = self._small.row(
            f"SELECT {_COLUMNS} FROM saved_folders WHERE number = ? AND destroyed_day IS NULL",  # noqa: S608
            (number,),
        )
        if row is None:
            raise CasebookError(
                "no saved folder has this number, or it was destroyed", hint="tipline-review saved HOME"
            )
        return _from_row(row)

    def mark_destroyed(self, number: int, *, today: dt.date) -> None:
        """List it no more; its path and the names in it are forgotten."""
        self._small.run(
            "UPDATE saved_folders SET destroyed_day = ?, path = '', names = '[]' WHERE number = ?",
            (today.isoformat(), number),
        )


def _from_row(row: Row) -> SavedFolder:
    number, tip, path, kind, names, is_in_memory, day, destroyed = row
    return SavedFolder(
        number,
        tip,
        Path(path),
        kind,
        tuple(json.loads(names)),
        bool(is_in_memory),
        dt.date.fromisoformat(day),
        dt.date.fromisoformat(destroyed) if destroyed else None,
    )
