"""The bin: junk for fourteen days on which the casebook is opened, in no backup.

The rows of a tip in the bin lie packed in ``envelopes.db``, which no backup includes, and with them the keys of its
contents. ``casebook.db`` says which of them count. So what is written first and does not count yet, or counts no
more, is swept, and an interrupted step is done or not done.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from crypto.primitives.week import Week
from reviewer.casebook.binned_voices import end_binned_voices
from reviewer.casebook.database import CasebookFiles, Row
from reviewer.casebook.deletions import Deletions
from reviewer.casebook.dependent_rows import DependentRows
from reviewer.casebook.held_sentences import HeldSentences
from reviewer.casebook.inbox_rows import InboxRows
from reviewer.casebook.registers import OpenedDays
from reviewer.casebook.search_index import SearchIndex
from reviewer.casebook.shared_operations import SharedOperations
from reviewer.casebook.submission import SHOWN_DIGITS, Submission
from reviewer.errors import CasebookError, NoSuchSubmission

BIN_DAYS: Final = 14
_COLUMNS: Final = "envelope_sha256, server, week, day, backup, receipt_day, binned_day, opened_days"


@dataclass(frozen=True, slots=True)
class BinnedTip:
    """A tip in the bin; ``days_left`` are days on which the casebook is opened."""

    envelope_sha256: bytes
    server: str
    week: Week | None
    day: dt.date | None
    backup: int | None
    receipt_day: dt.date | None
    binned_day: dt.date
    days_left: int

    @property
    def short_id(self) -> str:
        return self.envelope_sha256.hex()[:SHOWN_DIGITS]


class Bin:
    """The tips in the bin. The caller finishes a deletion with :meth:`Deletions.finish`."""

    def __init__(self, files: CasebookFiles) -> None:
        self._files = files
        self._small = files.small
        self._opened_days = OpenedDays(files.small)

    def put(self, submission: Submission, *, masks: bytes = b"", today: dt.date) -> None:
        """Move a tip into the bin: from now on no page of the casebook holds it.

        ``masks`` is what is masked in it, packed.
        """
        rows = DependentRows(self._small)
        sha256 = submission.envelope.sha256
        thread = InboxRows(self._small).thread_of(submission.number)
        with self._files.changing():
            end_binned_voices(self._files, [submission.number])
            HeldSentences(self._small).keep_before_change(submission.number)
            self._files.envelopes.run(
                "INSERT OR REPLACE INTO bin (envelope_sha256, packed, masks) VALUES (?, ?, ?)",
                (sha256, rows.pack(submission.number), masks),
            )
            self._small.run(
                "INSERT INTO binned_envelopes SELECT envelope_sha256, number, server, week, day, manifest_version,"
                " backup, receipt_day, ?, ?, ? FROM submissions WHERE number = ?",
                (thread, today.isoformat(), self._opened_days.count(), submission.number),
            )
            for table, column in (("submissions", "number"), ("sealed_files", "submission")):
                self._small.run(
                    f"INSERT INTO binned_contents SELECT content, ? FROM {table}"  # noqa: S608
                    f" WHERE {column} = ? AND content IS NOT NULL",
                    (sha256, submission.number),
                )
            HeldSentences(self._small).keep([submission.number], in_bin=sha256)
            rows.delete(submission.number)
            index = SearchIndex(self._small)
            index.forget(submission.number)
            index.wipe_leavings()
            deletions = Deletions(self._files)
            deletions.tidy_thread(thread)
            deletions.note_unfinished()

    def put_back(self, tip: BinnedTip) -> None:
        """Bring a tip back as it was.

        Its packed rows are swept later: until this is kept they are the only ones.

        Raises:
            CasebookError: its rows are not here, or another version of this program wrote them.
        """
        packed = self._files.envelopes.row(
            "SELECT packed FROM bin WHERE envelope_sha256 = ?", (tip.envelope_sha256,)
        )
        if packed is None:
            raise CasebookError("this tip is in the bin, and its words are not here", hint="delete it from the bin")
        with self._files.changing():
            DependentRows(self._small).unpack(packed[0])
            self._small.run(
                "UPDATE submissions SET receipt_day = ? WHERE envelope_sha256 = ?",
                (tip.receipt_day.isoformat() if tip.receipt_day else None, tip.envelope_sha256),
            )
            number = self._small.row(
                "SELECT number FROM submissions WHERE envelope_sha256 = ?", (tip.envelope_sha256,)
            )
            SearchIndex(self._small).put(int(number[0]) if number else 0)
            InboxRows(self._small).put_back(int(number[0]) if number else 0)
            self._let_go_of(tip)

    def delete(self, tip: BinnedTip, *, reason: str, today: dt.date) -> None:
        """Delete a tip from the bin, in the caller's transaction or its own; its digest stays."""
        with self._files.changing():
            self._small.run(
                "INSERT INTO deleted_envelopes SELECT envelope_sha256, number, server, week, day, manifest_version,"
                " ?, ?, receipt_day FROM binned_envelopes WHERE envelope_sha256 = ?",
                (reason, today.isoformat(), tip.envelope_sha256),
            )
            SharedOperations(self._small).erase_of_tip(tip.envelope_sha256)
            self._let_go_of(tip)

    def masks(self) -> dict[bytes, bytes]:
        """The packed masks of tips here, by the SHA-256 of the envelope; none of a tip without masks."""
        here = {row[0] for row in self._small.rows("SELECT envelope_sha256 FROM binned_envelopes")}
        query = "SELECT envelope_sha256, masks FROM bin WHERE masks <> x''"
        return (
            {sha256: masks for sha256, masks in self._files.envelopes.rows(query) if sha256 in here} if here else {}
        )

    def set_masks(self, envelope_sha256: bytes, masks: bytes) -> None:
        """Change what is masked in a tip here."""
        self._files.envelopes.run("UPDATE bin SET masks = ? WHERE envelope_sha256 = ?", (masks, envelope_sha256))

    def forget_all(self) -> int:
        """In a restored home: no backup includes what was in the bin. What its server still has comes again."""
        lost = len(self.all())
        self._small.run("DELETE FROM binned_contents")
        self._small.run("DELETE FROM binned_envelopes")
        return lost

    def all(self) -> list[BinnedTip]:
        """The tips in the bin, the next to go first."""
        opened = self._opened_days.count()
        rows = self._small.rows(f"SELECT {_COLUMNS} FROM binned_envelopes ORDER BY opened_days, number")  # noqa: S608
        return [_binned_tip(row, opened) for row in rows]

    def due(self) -> list[BinnedTip]:
        """The tips whose days are over."""
        return [tip for tip in self.all() if tip.days_left == 0]

    def find(self, untrusted_id: str) -> BinnedTip:
        """By the first digits, at least four, of the envelope's SHA-256.

        Raises:
            NoSuchSubmission: none, or several, begin so.
        """
        digits = untrusted_id.strip().lower()
        found = [tip for tip in self.all() if tip.envelope_sha256.hex().startswith(digits)]
        if len(digits) < 4 or len(found) != 1:
            raise NoSuchSubmission(
                "id of a tip in the bin must be the first 4 to 64 hex digits of one",
                hint="tipline-review bin HOME shows them",
            )
        return found[0]

    def of_week(self, week: Week) -> list[BinnedTip]:
        """The tips of one week: its keys stay as long as they may be put back."""
        return [tip for tip in self.all() if tip.week == week]

    def _let_go_of(self, tip: BinnedTip) -> None:
        deletions = Deletions(self._files)
        deletions.note_unfinished()
        thread = self._small.row(
            "SELECT thread FROM binned_envelopes WHERE envelope_sha256 = ?", (tip.envelope_sha256,)
        )
        self._small.run("DELETE FROM binned_contents WHERE envelope_sha256 = ?", (tip.envelope_sha256,))
        self._small.run("DELETE FROM binned_envelopes WHERE envelope_sha256 = ?", (tip.envelope_sha256,))
        if thread is not None and thread[0] is not None:
            deletions.tidy_thread(thread[0])


def _binned_tip(row: Row, opened: int) -> BinnedTip:
    sha256, server, week, day, backup, receipt_day, binned_day, opened_before = row
    return BinnedTip(
        envelope_sha256=sha256,
        server=server,
        week=Week.parse(week) if week else None,
        day=dt.date.fromisoformat(day) if day else None,
        backup=backup,
        receipt_day=dt.date.fromisoformat(receipt_day) if receipt_day else None,
        binned_day=dt.date.fromisoformat(binned_day),
        days_left=max(0, BIN_DAYS - (opened - opened_before)),
    )
