"""Deletes tips and single files, so that no page holds them and no import brings them back.

The casebook alone says what counts. So a deletion is one transaction of ``casebook.db``, in which the rows, the
index and the keys of the contents go. What the other two files still hold of it is dead then: pieces without a key,
and the beginning of an envelope. :meth:`Deletions.finish` overwrites these, and builds the pages of the casebook
again. It is repeated after an interruption.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from crypto.primitives.week import Week
from reviewer.casebook.arrival import StoredFile
from reviewer.casebook.binned_voices import end_binned_voices
from reviewer.casebook.contents import ContentReader, ContentWriter
from reviewer.casebook.database import CasebookFiles
from reviewer.casebook.dependent_rows import DependentRows
from reviewer.casebook.held_sentences import HeldSentences
from reviewer.casebook.inbox_rows import InboxRows
from reviewer.casebook.quarantine import Quarantine
from reviewer.casebook.search_index import SearchIndex
from reviewer.casebook.settings import CasebookSettings
from reviewer.casebook.shared_marks import SharedMarks
from reviewer.casebook.shared_operations import SharedOperations
from reviewer.casebook.submission import Submission
from reviewer.casebook.text_sketches import TextSketches
from reviewer.casebook.thread_marks import ThreadMarks

_UNFINISHED_SETTING = "deletion_unfinished"


@dataclass(frozen=True, slots=True)
class DeletedEnvelope:
    """The rest of a deleted tip; ``receipt_day`` is None while a receipt is owed."""

    envelope_sha256: bytes
    server: str
    week: Week | None
    reason: str
    deleted_day: dt.date
    receipt_day: dt.date | None


@dataclass(frozen=True, slots=True)
class DeletedFile:
    """The rest of a single deleted file."""

    place: int
    sha256: bytes
    reason: str
    deleted_day: dt.date


class Deletions:
    """Call :meth:`finish` after the transaction of each deletion."""

    def __init__(self, files: CasebookFiles) -> None:
        self._files = files
        self._small = files.small
        self._settings = CasebookSettings(files.small)

    def delete(self, submissions: Sequence[Submission], *, reason: str, today: dt.date) -> None:
        """Delete these submissions in one transaction, or in the caller's; their digests stay."""
        rows = DependentRows(self._small)
        index = SearchIndex(self._small)
        inbox = InboxRows(self._small)
        operations = SharedOperations(self._small)
        quarantine = Quarantine(self._small)
        threads: set[int] = set()
        with self._files.changing():
            end_binned_voices(self._files, [one.number for one in submissions])
            HeldSentences(self._small).keep([one.number for one in submissions])
            for one in submissions:
                self._small.run(
                    "INSERT INTO deleted_envelopes SELECT envelope_sha256, number, server, week, day,"
                    " manifest_version, ?, ?, receipt_day FROM submissions WHERE number = ?",
                    (reason, today.isoformat(), one.number),
                )
                threads.add(inbox.thread_of(one.number))
                operations.erase_of_tip(one.envelope.sha256)
                quarantine.mark_deleted(one.short_id, today=today)
                rows.delete(one.number)
                index.forget(one.number)
            for thread in threads:
                self.tidy_thread(thread)
            if submissions:
                index.wipe_leavings()
                self._settings.set(_UNFINISHED_SETTING, "1")

    def tidy_thread(self, thread: int) -> None:
        """Compute a thread again after a tip of it went; forget the marks of one that is empty for good."""
        marks = ThreadMarks(self._small)
        if marks.submissions(thread):
            InboxRows(self._small).put_waiting(thread)
            SharedMarks(self._small).put(thread)
        elif self._small.row("SELECT 1 FROM binned_envelopes WHERE thread = ?", (thread,)) is None:
            marks.forget(thread)

    def delete_file(self, submission: Submission, place: int, *, reason: str, today: dt.date) -> None:
        """Delete one file, with what was inside if it came sealed.

        The others are sealed again under a new key.
        """
        with self._files.changing():
            HeldSentences(self._small).keep_before_change(submission.number)
            kept = self._stored_files(submission)
            doomed = next(file for file in kept if file.place == place)
            self._small.run(
                "INSERT INTO deleted_files VALUES (?, ?, ?, ?, ?)",
                (submission.envelope.sha256, place, doomed.sha256, reason, today.isoformat()),
            )
            for table in ("inside_files", "inside_fields"):
                self._small.run(
                    f"DELETE FROM {table} WHERE submission = ? AND sealed_place = ?",  # noqa: S608
                    (submission.number, place),
                )
            for table in ("sealed_files", "files"):
                self._small.run(
                    f"DELETE FROM {table} WHERE submission = ? AND place = ?",  # noqa: S608
                    (submission.number, place),
                )
            # Texts inside of a sealed file are named PLACE.NUMBER there (reviewer/cases/text_parts.py).
            for table in ("translations", "translator_orders"):
                self._small.run(
                    f"DELETE FROM {table} WHERE submission = ? AND part GLOB ?",  # noqa: S608
                    (submission.number, f"{place}.*"),
                )
            Quarantine(self._small).mark_deleted(submission.short_id, place=place, today=today)
            self._seal_again(submission, [file for file in kept if file.place != place])
            InboxRows(self._small).put(submission.number)
            TextSketches(self._small).put(submission.number)
            index = SearchIndex(self._small)
            index.put(submission.number)
            index.wipe_leavings()
            self._settings.set(_UNFINISHED_SETTING, "1")

    def finish(self) -> None:
        """Overwrite what a deletion has left in the files.

        In a transaction it does nothing, so that a later call does it.

        Raises:
            CasebookError: there is no room; what is left is dead or between the rows, and a later call does it.
        """
        if self._small.in_transaction or self._settings.get(_UNFINISHED_SETTING) is None:
            return
        self._files.sweep(overwrite=True)
        # SQLite overwrites what it deletes, but not the copies that stay in the gaps of a page when rows move.
        self._small.run("VACUUM")
        self._files.envelopes.run("VACUUM")
        self._settings.forget(_UNFINISHED_SETTING)

    def note_unfinished(self) -> None:
        """Part of a change after which :meth:`finish` has something to do."""
        self._settings.set(_UNFINISHED_SETTING, "1")

    def all(self) -> list[DeletedEnvelope]:
        """All deleted tips, the newest deletion first."""
        rows = self._small.rows(
            "SELECT envelope_sha256, server, week, reason, deleted_day, receipt_day FROM deleted_envelopes"
            " ORDER BY deleted_day DESC, number DESC"
        )
        return [
            DeletedEnvelope(
                sha256,
                server,
                Week.parse(week) if week else None,
                reason,
                dt.date.fromisoformat(day),
                dt.date.fromisoformat(receipt_day) if receipt_day else None,
            )
            for sha256, server, week, reason, day, receipt_day in rows
        ]

    def is_deleted(self, envelope_sha256: bytes) -> bool:
        """True if the tip of this envelope was deleted."""
        found = self._small.row("SELECT 1 FROM deleted_envelopes WHERE envelope_sha256 = ?", (envelope_sha256,))
        return found is not None

    def files_of(self, submission: Submission) -> list[DeletedFile]:
        """The files of a submission that were deleted alone."""
        rows = self._small.rows(
            "SELECT place, sha256, reason, deleted_day FROM deleted_files WHERE envelope_sha256 = ? ORDER BY place",
            (submission.envelope.sha256,),
        )
        return [DeletedFile(place, sha, reason, dt.date.fromisoformat(day)) for place, sha, reason, day in rows]

    def _stored_files(self, submission: Submission) -> list[StoredFile]:
        rows = self._small.rows(
            "SELECT place, name, media_type, first_byte, length_bytes, sha256 FROM files"
            " WHERE submission = ? ORDER BY place",
            (submission.number,),
        )
        return [StoredFile(*row) for row in rows]

    def _seal_again(self, submission: Submission, kept: Sequence[StoredFile]) -> None:
        """One key seals all files of a submission; so the others need another one before it goes."""
        if submission.content is None or submission.content_key is None:
            return
        reader = ContentReader(self._files.contents)
        writer = ContentWriter(self._files.contents)
        try:
            for file in kept:
                self._small.run(
                    "UPDATE files SET first_byte = ? WHERE submission = ? AND place = ?",
                    (writer.length_bytes, submission.number, file.place),
                )
                for piece in reader.read(
                    submission.content,
                    key=submission.content_key,
                    first_byte=file.first_byte,
                    length_bytes=file.length_bytes,
                ):
                    writer.write(piece)
            writer.finish()
        finally:
            writer.stop()
        has_bytes = writer.length_bytes > 0
        self._small.run(
            "UPDATE submissions SET content = ?, content_key = ? WHERE number = ?",
            (
                writer.number if has_bytes else None,
                writer.key.seed() if has_bytes else None,
                submission.number,
            ),
        )
