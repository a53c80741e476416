"""Submissions in the casebook: kept whole, found by the digest of their envelope, read file by file."""

import datetime as dt
import json
from collections.abc import Collection, Iterator

from crypto.primitives.week import Week
from crypto.submissions.submission import Opened
from reviewer.casebook.arrival import ArrivingSubmission, Field, StoredFile
from reviewer.casebook.contents import ContentReader
from reviewer.casebook.database import CasebookFiles
from reviewer.casebook.inbox_rows import InboxRows
from reviewer.casebook.marks import ArchivedSubmissions
from reviewer.casebook.proposals import DeletionProposals
from reviewer.casebook.search_index import SearchIndex
from reviewer.casebook.submission import COLUMNS, SHOWN_DIGITS, Envelope, Submission, from_row, next_number
from reviewer.casebook.text_languages import TextLanguages
from reviewer.casebook.text_sketches import TextSketches
from reviewer.errors import NoSuchSubmission

_FEWEST_DIGITS = 4


class CasebookSubmissions:
    """The submissions. Each changing method is a transaction, or part of the caller's."""

    def __init__(self, files: CasebookFiles) -> None:
        self._files = files
        self._small = files.small
        self._contents = ContentReader(files.contents)

    def is_known(self, envelope_sha256: bytes) -> bool:
        """True if this envelope was ever imported, even if it was deleted, or its week was retired, since."""
        found = self._small.row("SELECT 1 FROM known_envelopes WHERE envelope_sha256 = ?", (envelope_sha256,))
        return found is not None

    def arrival(self) -> ArrivingSubmission:
        """A place for the next submission to be opened into; inside a ``changing`` block only."""
        if not self._small.in_transaction:
            raise RuntimeError("a submission arrives inside a changing block")
        return ArrivingSubmission(self._files.contents)

    def keep(
        self, arrival: ArrivingSubmission, opened: Opened, *, envelope: Envelope, today: dt.date
    ) -> Submission:
        """Keep a verified submission. It replaces the same envelope unopened, and is in no backup yet.

        It is not archived, even if it was as an unopened envelope: its content is new to staff.
        """
        arrival.content.finish()
        has_files = arrival.content.length_bytes > 0
        with self._files.changing():
            number = self._put_row(
                envelope,
                today,
                {
                    "week": str(opened.head.week),
                    "kind": int(opened.head.kind),
                    "submission_id": opened.head.submission_id,
                    "day": opened.head.day.isoformat(),
                    "manifest_sha256": opened.head.manifest_sha256,
                    "manifest_version": opened.head.manifest_version,
                    "mailbox": opened.mailbox.to_bytes() if opened.mailbox else None,
                    "content": arrival.content.number if has_files else None,
                    "content_key": arrival.content.key.seed() if has_files else None,
                    "content_bytes": opened.content_bytes,
                },
            )
            ArchivedSubmissions(self._small).unmark(number)
            for one in arrival.fields:
                self._small.run("INSERT INTO fields VALUES (?, ?, ?, ?)", (number, one.place, one.name, one.value))
            for file in arrival.files:
                self._small.run(
                    "INSERT INTO files VALUES (?, ?, ?, ?, ?, ?, ?)",
                    (
                        number,
                        file.place,
                        file.name,
                        file.media_type,
                        file.first_byte,
                        file.length_bytes,
                        file.sha256,
                    ),
                )
            self._files.envelopes.run(
                "INSERT OR REPLACE INTO beginnings VALUES (?, ?)", (envelope.sha256, opened.frame.beginning())
            )
            SearchIndex(self._small).put(number)
            TextLanguages(self._small).put(number)
            TextSketches(self._small).put(number)
            inbox = InboxRows(self._small)
            inbox.put_new(number)
            inbox.set_read(number, is_read=False)
        return self.by_number(number)

    def keep_unopenable(
        self, reason: str, *, week: Week | None, file_name: str, envelope: Envelope, today: dt.date
    ) -> Submission:
        """Keep an envelope that does not open, so that staff can see it."""
        week_text = str(week) if week is not None else None
        with self._files.changing():
            number = self._put_row(
                envelope, today, {"unopenable": reason, "unopened_file": file_name, "week": week_text}
            )
            InboxRows(self._small).put(number)
        return self.by_number(number)

    def all(self) -> list[Submission]:
        """Newest day first; of one day, in the order in which they were imported."""
        rows = self._small.rows(
            f"SELECT {COLUMNS} FROM submissions ORDER BY coalesce(day, imported_day) DESC, number"  # noqa: S608
        )
        return [from_row(row) for row in rows]

    def find(self, untrusted_id: str) -> Submission:
        """By the first digits, at least four, of the envelope's SHA-256.

        Raises:
            NoSuchSubmission: none, or several, begin so; or a colleague's quarantine hides it.
        """
        digits = untrusted_id.strip().lower()
        if not _FEWEST_DIGITS <= len(digits) <= 64 or set(digits) - set("0123456789abcdef"):
            raise NoSuchSubmission(
                "id of a submission must be 4 to 64 hex digits", hint="tipline-review list HOME shows them"
            )
        rows = self._small.rows(
            f"SELECT {COLUMNS} FROM submissions WHERE envelope_sha256 BETWEEN ? AND ? LIMIT 2",  # noqa: S608
            (bytes.fromhex(digits.ljust(64, "0")), bytes.fromhex(digits.ljust(64, "f"))),
        )
        if not rows:
            raise NoSuchSubmission(
                "no submission begins with these digits",
                hint="it may be in the bin, or deleted; tipline-review list HOME shows the ids of the others",
            )
        if len(rows) > 1:
            raise NoSuchSubmission(
                "several submissions begin with these digits",
                hint="tipline-review list HOME shows the ids; more digits tell them apart",
            )
        if rows[0][1] in DeletionProposals(self._small).hidden():
            raise NoSuchSubmission(
                "a colleague asks that no one looks at this tip",
                hint="tipline-review proposals HOME shows the reason; --hold there shows the tip again",
            )
        return from_row(rows[0])

    def of_envelope(self, envelope_sha256: bytes) -> Submission | None:
        """The submission of this envelope, if it is here and not in the bin."""
        row = self._small.row(
            f"SELECT {COLUMNS} FROM submissions WHERE envelope_sha256 = ?",  # noqa: S608
            (envelope_sha256,),
        )
        return from_row(row) if row else None

    def by_short_id(self, short_id: str) -> Submission | None:
        """The submission with these twelve digits, also one that a colleague's quarantine hides; None if gone."""
        row = self._small.row(
            f"SELECT {COLUMNS} FROM submissions WHERE envelope_sha256 BETWEEN ? AND ?",  # noqa: S608
            (bytes.fromhex(short_id.ljust(64, "0")), bytes.fromhex(short_id.ljust(64, "f"))),
        )
        return from_row(row) if row else None

    def of_week(self, week: Week) -> list[Submission]:
        rows = self._small.rows(
            f"SELECT {COLUMNS} FROM submissions WHERE week = ? ORDER BY number",  # noqa: S608
            (str(week),),
        )
        return [from_row(row) for row in rows]

    def fields(self, submission: Submission) -> list[Field]:
        rows = self._small.rows(
            "SELECT place, name, value FROM fields WHERE submission = ? ORDER BY place", (submission.number,)
        )
        return [Field(*row) for row in rows]

    def stored_files(self, submission: Submission) -> list[StoredFile]:
        rows = self._small.rows(
            "SELECT place, name, media_type, first_byte, length_bytes, sha256 FROM files"
            " WHERE submission = ? ORDER BY place",
            (submission.number,),
        )
        return [StoredFile(*row) for row in rows]

    def read(self, submission: Submission, file: StoredFile) -> Iterator[bytes]:
        """The bytes of one file, in pieces.

        Raises:
            CasebookError: they were changed on the disk.
        """
        if submission.content is None or submission.content_key is None:
            return iter(())
        return self._contents.read(
            submission.content,
            key=submission.content_key,
            first_byte=file.first_byte,
            length_bytes=file.length_bytes,
        )

    def short_ids(self, numbers: Collection[int]) -> dict[int, str]:
        """The shown digits of each of these submissions, by number."""
        rows = self._small.rows(
            "SELECT number, envelope_sha256 FROM submissions WHERE number IN (SELECT value FROM json_each(?))",
            (json.dumps(list(numbers)),),
        )
        return {number: bytes(sha256).hex()[:SHOWN_DIGITS] for number, sha256 in rows}

    def highest_version(self, server: str, *, before: dt.date) -> int:
        """The highest manifest version in envelopes of ``server`` before this day; 0 for none."""
        row = self._small.row(
            "SELECT coalesce(max(manifest_version), 0) FROM known_envelopes WHERE server = ? AND day < ?",
            (server, before.isoformat()),
        )
        return int(row[0]) if row else 0

    def newest_version(self, server: str) -> int:
        """The highest manifest version of the newest day on which ``server`` sealed anything; 0 for none."""
        row = self._small.row(
            "SELECT manifest_version FROM known_envelopes WHERE server = ? AND day IS NOT NULL"
            " ORDER BY day DESC, manifest_version DESC LIMIT 1",
            (server,),
        )
        return int(row[0]) if row else 0

    def beginning(self, submission: Submission) -> bytes | None:
        """The first bytes of the envelope; None after its week was retired, and in a home that was restored."""
        row = self._files.envelopes.row(
            "SELECT beginning FROM beginnings WHERE envelope_sha256 = ?", (submission.envelope.sha256,)
        )
        return bytes(row[0]) if row else None

    def forget_envelope(self, submission: Submission) -> None:
        """Forget the envelope: nothing here can rebuild it; its digest stays."""
        with self._files.changing():
            digest = submission.envelope.sha256
            self._files.envelopes.run("DELETE FROM beginnings WHERE envelope_sha256 = ?", (digest,))
            self._small.run("UPDATE submissions SET unopened_file = NULL WHERE number = ?", (submission.number,))

    def receipts_due(self, server: str) -> tuple[list[bytes], int]:
        """Digests of opened and backed-up envelopes of ``server`` without a delivery receipt.

        Also those of deleted tips, so that their server deletes its copy, and the number of those that still wait
        for a backup.
        """
        rows = self._small.rows(
            "SELECT envelope_sha256, backup, number FROM submissions"
            " WHERE server = ?1 AND unopenable IS NULL AND receipt_day IS NULL"
            " UNION ALL SELECT envelope_sha256, 0, number FROM deleted_envelopes"
            " WHERE server = ?1 AND receipt_day IS NULL ORDER BY number",
            (server,),
        )
        due = [row[0] for row in rows if row[1] is not None]
        return due, len(rows) - len(due)

    def mark_receipted(self, digests: list[bytes], *, today: dt.date) -> None:
        with self._files.changing():
            for digest in digests:
                for table in ("submissions", "deleted_envelopes"):
                    self._small.run(
                        f"UPDATE {table} SET receipt_day = ? WHERE envelope_sha256 = ?",  # noqa: S608
                        (today.isoformat(), digest),
                    )

    def _put_row(self, envelope: Envelope, today: dt.date, more: dict[str, object]) -> int:
        """A new row, or the one of the same envelope when it had not been opened; its number."""
        known = self._small.row(
            "SELECT number FROM submissions WHERE envelope_sha256 = ? AND unopenable IS NOT NULL",
            (envelope.sha256,),
        )
        if known is not None:
            values: dict[str, object] = {"unopenable": None, "unopened_file": None, "backup": None} | more
            places = ", ".join(f"{name} = ?" for name in values)
            self._small.run(f"UPDATE submissions SET {places} WHERE number = ?", [*values.values(), known[0]])  # noqa: S608
            return int(known[0])
        values = {
            "number": next_number(self._small),
            "envelope_sha256": envelope.sha256,
            "envelope_bytes": envelope.length_bytes,
            "server": envelope.server,
            "imported_day": today.isoformat(),
        } | more
        names, places = ", ".join(values), ", ".join("?" * len(values))
        self._small.run(f"INSERT INTO submissions ({names}) VALUES ({places})", list(values.values()))  # noqa: S608
        found = self._small.row("SELECT last_insert_rowid()")
        return int(found[0]) if found else 0

    def by_number(self, number: int) -> Submission:
        """The submission with this number in the casebook.

        Raises:
            NoSuchSubmission: there is none.
        """
        row = self._small.row(f"SELECT {COLUMNS} FROM submissions WHERE number = ?", (number,))  # noqa: S608
        if row is None:
            raise NoSuchSubmission("no submission has this number")
        return from_row(row)
