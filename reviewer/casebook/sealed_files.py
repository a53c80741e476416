"""Contents of files that the source had sealed: stored like a submission's own text and files.

The sealed bytes stay unchanged among the files of the submission. The contents here are not needed to rebuild its
envelope, and no sealed key is needed to read them.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from crypto.keys.at_rest import PieceKey
from crypto.primitives.week import Quarter
from reviewer.casebook.arrival import ENTRY_BYTES, ArrivingSubmission, Field, StoredFile
from reviewer.casebook.contents import ContentReader
from reviewer.casebook.database import CasebookFiles
from reviewer.casebook.marks import ArchivedSubmissions
from reviewer.casebook.submission import COLUMNS, Submission, from_row

OPENED = "opened"
MOST_TEXT_BYTES = 1 << 20
"""Bytes of fields and names that all sealed files of a submission may hold together, as these are read into memory;
with :data:`ENTRY_BYTES` for each field and file there are at most 65,536 of them. The format allows 256 MiB for
each, and no server can look inside; the sealer writes at most a quarter of a MiB."""


@dataclass(frozen=True, slots=True)
class SealedFile:
    """A file that came sealed; ``outcome`` is :data:`OPENED`, or the kind of the refusal.

    ``quarter`` is the one whose key opened it. ``day`` is the one on which the source sealed it, as far as it says:
    only a container does. ``missing`` are quarters whose keys were not here when nothing opened it.
    """

    place: int
    outcome: str
    quarter: Quarter | None = None
    day: dt.date | None = None
    missing: tuple[Quarter, ...] = ()
    fields: tuple[Field, ...] = ()
    files: tuple[StoredFile, ...] = ()
    content: int | None = None
    content_key: PieceKey | None = field(default=None, repr=False)

    @property
    def is_open(self) -> bool:
        return self.outcome == OPENED


class SealedFiles:
    """By submission, and by the place of the sealed file in it."""

    def __init__(self, files: CasebookFiles) -> None:
        self._files = files
        self._small = files.small
        self._contents = ContentReader(files.contents)

    def arrival(self, *, text_bytes: int) -> ArrivingSubmission:
        """A place for the content of the next sealed file, with a limit for its text."""
        return ArrivingSubmission(self._files.contents, text_bytes=text_bytes)

    def text_left(self, submission: Submission) -> int:
        """The bytes of text that the sealed files of this submission may still hold."""
        rows = self._small.rows(
            f"SELECT sum(length(CAST(name || value AS BLOB)) + {ENTRY_BYTES}) FROM inside_fields"  # noqa: S608
            " WHERE submission = ?1 UNION ALL"
            f" SELECT sum(length(CAST(name || media_type AS BLOB)) + {ENTRY_BYTES}) FROM inside_files"
            " WHERE submission = ?1",
            (submission.number,),
        )
        return MOST_TEXT_BYTES - sum(count or 0 for (count,) in rows)

    def keep_opened(
        self,
        submission: Submission,
        place: int,
        arrival: ArrivingSubmission,
        *,
        quarter: Quarter,
        day: dt.date | None,
    ) -> None:
        """Keep the verified content; it is in no backup yet, and its submission leaves the archive.

        The caller adds it to the search index, once for all files of a submission.
        """
        arrival.content.finish()
        has_bytes = arrival.content.length_bytes > 0
        with self._files.changing():
            self._small.run(
                "INSERT INTO sealed_files VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    submission.number,
                    place,
                    OPENED,
                    str(quarter),
                    day.isoformat() if day else None,
                    "",
                    arrival.content.number if has_bytes else None,
                    arrival.content.key.seed() if has_bytes else None,
                ),
            )
            for one in arrival.fields:
                self._small.run(
                    "INSERT INTO inside_fields VALUES (?, ?, ?, ?, ?)",
                    (submission.number, place, one.place, one.name, one.value),
                )
            for file in arrival.files:
                self._small.run(
                    "INSERT INTO inside_files VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    (
                        *(submission.number, place, file.place, file.name, file.media_type),
                        *(file.first_byte, file.length_bytes, file.sha256),
                    ),
                )
            self._small.run("UPDATE submissions SET backup = NULL WHERE number = ?", (submission.number,))
            ArchivedSubmissions(self._small).unmark(submission.number)

    def keep_unopened(
        self, submission: Submission, place: int, outcome: str, *, missing: Sequence[Quarter]
    ) -> None:
        """Note why one did not open."""
        with self._files.changing():
            self._small.run(
                "INSERT INTO sealed_files VALUES (?, ?, ?, NULL, NULL, ?, NULL, NULL)",
                (submission.number, place, outcome, " ".join(map(str, missing))),
            )

    def forget(self, submission: Submission, place: int) -> None:
        """Before one that did not open is tried again."""
        self._small.run("DELETE FROM sealed_files WHERE submission = ? AND place = ?", (submission.number, place))

    def not_opened(self, kind: str) -> list[Submission]:
        """Submissions with a file that did not open for the reason of this kind."""
        rows = self._small.rows(
            f"SELECT {COLUMNS} FROM submissions WHERE number IN"  # noqa: S608
            " (SELECT submission FROM sealed_files WHERE outcome = ?) ORDER BY number",
            (kind,),
        )
        return [from_row(row) for row in rows]

    def of(self, submission: Submission) -> dict[int, SealedFile]:
        """The sealed files of a submission, in the order of its files."""
        rows = self._small.rows(
            "SELECT place, outcome, quarter, day, missing, content, content_key FROM sealed_files"
            " WHERE submission = ? ORDER BY place",
            (submission.number,),
        )
        return {
            place: SealedFile(
                place,
                outcome,
                Quarter.parse(quarter) if quarter else None,
                dt.date.fromisoformat(day) if day else None,
                tuple(map(Quarter.parse, missing.split())),
                self._fields(submission, place),
                self._stored_files(submission, place),
                content,
                PieceKey(content_key) if content_key else None,
            )
            for place, outcome, quarter, day, missing, content, content_key in rows
        }

    def read(self, sealed: SealedFile, file: StoredFile) -> Iterator[bytes]:
        """The bytes of one file inside, in pieces.

        Raises:
            CasebookError: they were changed on the disk.
        """
        if sealed.content is None or sealed.content_key is None:
            return iter(())
        return self._contents.read(
            sealed.content, key=sealed.content_key, first_byte=file.first_byte, length_bytes=file.length_bytes
        )

    def _fields(self, submission: Submission, place: int) -> tuple[Field, ...]:
        rows = self._small.rows(
            "SELECT place, name, value FROM inside_fields WHERE submission = ? AND sealed_place = ? ORDER BY place",
            (submission.number, place),
        )
        return tuple(Field(*row) for row in rows)

    def _stored_files(self, submission: Submission, place: int) -> tuple[StoredFile, ...]:
        rows = self._small.rows(
            "SELECT place, name, media_type, first_byte, length_bytes, sha256 FROM inside_files"
            " WHERE submission = ? AND sealed_place = ? ORDER BY place",
            (submission.number, place),
        )
        return tuple(StoredFile(*row) for row in rows)
