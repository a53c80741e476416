"""Files as pictures: their content, their fingerprint, and the entity for which each was kept."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from reviewer.casebook.database import CasebookDatabase, Row
from reviewer.casebook.findings import TextPlace
from reviewer.casebook.numbered_files import BY_ITSELF

PICTURE: Final = "picture"
PICTURE_PART: Final = "picture"
INSIDE_PICTURE: Final = "inside picture"
PICTURE_PARTS: Final = frozenset({PICTURE_PART, INSIDE_PICTURE})
"""A picture has no letters: of these parts a finding is the whole file."""

_PARTS: Final = ", ".join(f"'{one}'" for one in sorted(PICTURE_PARTS))
_FILES: Final = (("files", str(BY_ITSELF)), ("inside_files", "x.sealed_place"))
"""Tables of files, and the sealed place of a file in them."""


@dataclass(frozen=True, slots=True)
class FilePicture:
    """A file of a tip, by its places.

    ``bits`` is its fingerprint; None without one, or with too little to see.
    """

    submission: int
    sealed_place: int
    place: int
    sha256: bytes = field(repr=False)
    bits: int | None = field(repr=False)

    @property
    def text(self) -> TextPlace:
        """The place of a finding that is this picture."""
        return picture_place(self.sealed_place, self.place)


@dataclass(frozen=True, slots=True)
class OwnedPicture:
    """A picture that is kept for an entity, or that stays masked under its number.

    ``is_said`` is True for a place or a date that is kept of the picture, and not the picture itself.
    """

    picture: FilePicture
    entity: int
    is_said: bool = False


def picture_place(sealed_place: int, place: int) -> TextPlace:
    """The place of a finding that is the picture in a file."""
    return TextPlace(PICTURE_PART if sealed_place == BY_ITSELF else INSIDE_PICTURE, sealed_place, place)


class FilePictures:
    """Each method is a part of the caller's transaction. Files of tips that are hidden are among them."""

    def __init__(self, small: CasebookDatabase) -> None:
        self._small = small

    def kept(self, *, least_quality: int) -> list[OwnedPicture]:
        """The pictures that people kept for entities."""
        return self._owned(f"findings WHERE entity IS NOT NULL AND part IN ({_PARTS})", least_quality)

    def masked(self, *, least_quality: int) -> list[OwnedPicture]:
        """The pictures that stay masked although their entity is gone."""
        return self._owned(f"masked_passages WHERE part IN ({_PARTS})", least_quality)

    def of_tip(self, submission: int, *, least_quality: int) -> list[FilePicture]:
        """The files of a tip, and those inside of its sealed files."""
        return [
            _picture(row) for row in self._rows("{table} AS x WHERE x.submission = ?2", least_quality, submission)
        ]

    def all(self, *, least_quality: int) -> Iterator[FilePicture]:
        """Every file of every tip."""
        return map(_picture, self._rows("{table} AS x", least_quality))

    def _owned(self, places: str, least_quality: int) -> list[OwnedPicture]:
        joined = (
            f"(SELECT * FROM {places}) AS f CROSS JOIN {{table}} AS x"  # noqa: S608
            " ON x.submission = f.submission AND x.place = f.place AND f.sealed_place = {sealed_place}"
        )
        rows = self._rows(joined, least_quality, columns=", f.entity, f.kind")
        return [OwnedPicture(_picture(row[:5]), row[5], row[6] != PICTURE) for row in rows]

    def _rows(self, source: str, least_quality: int, *values: int, columns: str = "") -> Iterator[Row]:
        for table, sealed_place in _FILES:
            bits = (
                "(SELECT bits FROM pictures AS p WHERE p.quality >= ?1"  # noqa: S608
                f" AND (p.submission, p.sealed_place, p.place) = (x.submission, {sealed_place}, x.place))"
            )
            yield from self._small.rows(
                f"SELECT x.submission, {sealed_place}, x.place, x.sha256, {bits}{columns}"  # noqa: S608
                f" FROM {source.format(table=table, sealed_place=sealed_place)}",
                (least_quality, *values),
            )


def _picture(row: Row) -> FilePicture:
    submission, sealed_place, place, sha256, bits = row
    return FilePicture(submission, sealed_place, place, sha256, int.from_bytes(bits, "big") if bits else None)
