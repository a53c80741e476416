"""Positions that pictures of tips name, to a thousandth of a degree.

A reading of the tip makes findings of them. They are used for nothing until a person keeps the finding.
"""

from dataclasses import dataclass
from typing import Final

from reviewer.casebook.database import CasebookDatabase

_STEPS: Final = 1000


@dataclass(frozen=True, slots=True)
class StoredPosition:
    """Degrees north and east that one file of a tip names."""

    sealed_place: int
    place: int
    latitude: float
    longitude: float


class PicturePositions:
    """Each method is a part of the caller's transaction. A position goes with its tip and its file."""

    def __init__(self, small: CasebookDatabase) -> None:
        self._small = small

    def put(self, submission: int, one: StoredPosition) -> None:
        """Note the position of a file."""
        self._small.run(
            "INSERT OR REPLACE INTO picture_positions VALUES (?, ?, ?, ?, ?)",
            (
                *(submission, one.sealed_place, one.place),
                *(round(one.latitude * _STEPS), round(one.longitude * _STEPS)),
            ),
        )

    def of(self, submission: int) -> list[StoredPosition]:
        """The positions of a tip, by its files."""
        rows = self._small.rows(
            "SELECT sealed_place, place, latitude, longitude FROM picture_positions WHERE submission = ?"
            " ORDER BY sealed_place, place",
            (submission,),
        )
        return [StoredPosition(sealed, place, north / _STEPS, east / _STEPS) for sealed, place, north, east in rows]

    def remove(self, submission: int, *, sealed_place: int, place: int) -> None:
        """Let go of the position of a file; the file stays."""
        self._small.run(
            "DELETE FROM picture_positions WHERE submission = ? AND sealed_place = ? AND place = ?",
            (submission, sealed_place, place),
        )
