"""A preview of a deletion: everything that goes with a tip, and where it stays."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from reviewer.casebook.submission import Submission
from reviewer.home.home import Home
from reviewer.terminal.plain_text import plain_line


@dataclass(frozen=True, slots=True)
class Going:
    """Everything that goes with a tip, counted, and the backups that still hold it, by number and day."""

    texts: int
    files: int
    inside_files: int
    notes: int
    answers: int
    waiting_answers: int
    backups: Sequence[tuple[int, dt.date]]
    receipt_owed: bool
    folders: Sequence[Path]
    """Saved folders with readable copies, which this does not touch."""

    def lines(self) -> list[str]:
        """For a terminal and a page: what goes, then what stays elsewhere."""
        counted = [
            (self.texts, "text or answer of the source", "texts and answers of the source"),
            (self.files, "file", "files"),
            (self.inside_files, "file that was sealed inside", "files that were sealed inside"),
            (self.notes, "note of ours", "notes of ours"),
            (self.answers, "answer of ours", "answers of ours"),
        ]
        what = [f"{count} {one if count == 1 else many}" for count, one, many in counted if count]
        lines = [f"gone for good: {', '.join(what) or 'the envelope'}, and its words in the search index"]
        if self.waiting_answers:
            lines.append(f"never sent: {self.waiting_answers} of these answers, which wait for the next outbox")
        if self.answers > self.waiting_answers:
            lines.append(
                "answers that were sent stay on the servers until they end there; the source can read them"
            )
        if self.receipt_owed:
            lines.append(
                "the next outbox tells its server, which deletes its copy when all reviewers have told it, or after"
                " 30 days"
            )
        lines += [f"a readable copy stays in {plain_line(str(folder))}" for folder in self.folders]
        return [*lines, *backup_lines(self.backups)]


def backup_lines(backups: Sequence[tuple[int, dt.date]]) -> list[str]:
    """The backups that still hold something."""
    if not backups:
        return ["no backup holds it"]
    listed = ", ".join(f"{number} of {day.isoformat()}" for number, day in backups)
    return [f"it stays in {len(backups)} backup{'s' if len(backups) != 1 else ''}: {listed}"]


def going_of(home: Home, submission: Submission) -> Going:
    """Everything that goes with this tip."""
    casebook = home.casebook
    sealed = casebook.sealed_files.of(submission).values()
    replies = casebook.replies.of(submission.number)
    fields = [*casebook.submissions.fields(submission), *(one for each in sealed for one in each.fields)]
    return Going(
        texts=len(fields),
        files=len(casebook.submissions.stored_files(submission)),
        inside_files=sum(len(each.files) for each in sealed),
        notes=len(casebook.notes.of(submission.number)),
        answers=len(replies),
        waiting_answers=sum(reply.out_day is None for reply in replies),
        backups=backups_of(home, submission),
        receipt_owed=submission.receipt_day is None and not submission.is_telephone,
        folders=[
            folder.path
            for folder in casebook.saved_folders.all()
            if folder.tip == submission.short_id and folder.destroyed_day is None
        ],
    )


def backups_of(home: Home, submission: Submission) -> list[tuple[int, dt.date]]:
    """The backups that hold this tip, or may hold a part of it."""
    # Where a sealed file was opened later, the number of the first backup was forgotten.
    has_opened = any(one.is_open for one in home.casebook.sealed_files.of(submission).values())
    return home.casebook.backups.since(
        submission.backup, or_day=submission.imported_day if has_opened or submission.unopenable else None
    )
