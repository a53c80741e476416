"""Fingerprints of the pictures in tips: 256 bits of what each looks like, and the quality of these."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from reviewer.casebook.database import CasebookDatabase, Row
from reviewer.casebook.findings import not_hidden

_BITS_BYTES: Final = 32
_COLUMNS: Final = "number, submission, sealed_place, place, bits, quality"


@dataclass(frozen=True, slots=True)
class StoredPicture:
    """A picture of a tip, by its places; ``bits`` is its fingerprint."""

    number: int
    submission: int
    sealed_place: int
    place: int
    bits: int
    quality: int


class Pictures:
    """Each method is a part of the caller's transaction. A fingerprint goes with its tip and its file."""

    def __init__(self, small: CasebookDatabase) -> None:
        self._small = small

    def unread(self, *, with_begun: bool = True) -> list[int]:
        """Tips with files that were not looked at yet, the newest first; those that were begun stand behind.

        Of these, the one whose fewest files were looked at is the first.
        """
        rows = self._small.rows(
            "SELECT s.number, (SELECT count(*) FROM pictures WHERE submission = s.number) AS done"
            " FROM submissions AS s WHERE s.unopenable IS NULL"
            " AND NOT EXISTS (SELECT 1 FROM picture_readings WHERE submission = s.number)"
            " AND EXISTS (SELECT 1 FROM files WHERE submission = s.number) ORDER BY done, s.number DESC"
        )
        return [number for number, done in rows if with_begun or not done]

    def note_read(self, submission: int) -> None:
        """The files of this tip were looked at."""
        self._small.run("INSERT OR IGNORE INTO picture_readings VALUES (?)", (submission,))

    def read_all_again(self) -> None:
        """All files count as not looked at from now on; fingerprints that are there stay."""
        self._small.run("DELETE FROM picture_readings")
        self._small.run("DELETE FROM pictures WHERE bits IS NULL AND NOT is_forgotten")

    def has(self, submission: int, *, sealed_place: int, place: int) -> bool:
        """True if this file was looked at."""
        return (
            self._small.row(
                "SELECT 1 FROM pictures WHERE submission = ? AND sealed_place = ? AND place = ?",
                (submission, sealed_place, place),
            )
            is not None
        )

    def add(self, submission: int, *, sealed_place: int, place: int, bits: int | None, quality: int) -> int:
        """Note what a file looks like, or with ``bits`` None that it has no fingerprint; its number."""
        packed = bits.to_bytes(_BITS_BYTES, "big") if bits is not None else None
        self._small.run(
            "INSERT INTO pictures (submission, sealed_place, place, bits, quality) VALUES (?, ?, ?, ?, ?)",
            (submission, sealed_place, place, packed, quality),
        )
        row = self._small.row("SELECT last_insert_rowid()")
        return int(row[0]) if row else 0

    def all(self, *, least_quality: int) -> Iterator[StoredPicture]:
        """Every picture with enough to see."""
        rows = self._small.rows(
            f"SELECT {_COLUMNS} FROM pictures WHERE bits IS NOT NULL AND quality >= ?",  # noqa: S608
            (least_quality,),
        )
        return map(_picture, rows)

    def find(self, number: int) -> StoredPicture | None:
        """The picture with this number; None if there is none, or its tip is hidden."""
        row = self._small.row(
            f"SELECT {_COLUMNS} FROM pictures WHERE number = ? AND bits IS NOT NULL"  # noqa: S608
            f" AND {not_hidden(self._small, 'submission')}",
            (number,),
        )
        return _picture(row) if row else None

    def at(self, submission: int, *, sealed_place: int, place: int) -> StoredPicture | None:
        """The picture at these places of a tip."""
        row = self._small.row(
            f"SELECT {_COLUMNS} FROM pictures WHERE bits IS NOT NULL"  # noqa: S608
            " AND (submission, sealed_place, place) = (?, ?, ?)",
            (submission, sealed_place, place),
        )
        return _picture(row) if row else None

    def count(self) -> int:
        """The pictures with a fingerprint."""
        row = self._small.row("SELECT count(*) FROM pictures WHERE bits IS NOT NULL")
        return int(row[0]) if row else 0

    def forget_unread(self, submission: int, *, sealed_place: int, place: int) -> None:
        """Let no reading make a fingerprint of a file that has none yet."""
        self._small.run(
            "INSERT OR REPLACE INTO pictures (submission, sealed_place, place, quality, is_forgotten)"
            " VALUES (?, ?, ?, 0, 1)",
            (submission, sealed_place, place),
        )

    def forget_equal(self, bits: int) -> None:
        """Remove a fingerprint wherever it stands; the files stay, and are not looked at again."""
        packed = bits.to_bytes(_BITS_BYTES, "big")
        equal = "(SELECT number FROM pictures WHERE bits = ?1)"
        self._small.run(
            f"DELETE FROM link_questions WHERE one_picture IN {equal} OR other_picture IN {equal}",  # noqa: S608
            (packed,),
        )
        self._small.run("UPDATE pictures SET bits = NULL, quality = 0, is_forgotten = 1 WHERE bits = ?", (packed,))


def _picture(row: Row) -> StoredPicture:
    number, submission, sealed_place, place, bits, quality = row
    return StoredPicture(number, submission, sealed_place, place, int.from_bytes(bits, "big"), quality)
