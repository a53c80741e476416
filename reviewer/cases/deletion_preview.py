"""A preview of a deletion: everything that goes with a tip, and where it stays."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from reviewer.casebook.arrival import StoredFile
from reviewer.casebook.entities import SaidRole
from reviewer.casebook.replies import SentReply
from reviewer.casebook.submission import Submission
from reviewer.cases.preferences import is_preference
from reviewer.cases.shown_code import shown_code
from reviewer.home.home import Home
from reviewer.languages.staff_language import marked_number, said, said_number
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
    unmasked: Sequence[str]
    """Entities, such as P-12, that only this tip calls harmed, and that stand in other tips too."""
    identities: Sequence[str]
    """The envelope, files, notes and answers by digest or number, so that equal counts are not taken for equal."""

    @property
    def code(self) -> str:
        """The code of this preview; it is another one when anything that would go has changed."""
        return shown_code([*self.identities, *self.lines()])

    def lines(self) -> list[str]:
        """For a terminal and a page: what goes, then what stays elsewhere."""
        counted = [
            (
                self.texts,
                marked_number("%(num)s text or answer of the source", "%(num)s texts and answers of the source"),
            ),
            (self.files, marked_number("%(num)s file", "%(num)s files")),
            (
                self.inside_files,
                marked_number("%(num)s file that was sealed inside", "%(num)s files that were sealed inside"),
            ),
            (self.notes, marked_number("%(num)s note of ours", "%(num)s notes of ours")),
            (self.answers, marked_number("%(num)s answer of ours", "%(num)s answers of ours")),
        ]
        what = [said_number(*forms, count) for count, forms in counted if count]
        going = ", ".join(what) or said("the envelope")
        lines = [said("gone for good: %(going)s, and its words in the search index", going=going)]
        if self.waiting_answers:
            lines.append(
                said(
                    "never sent: %(count)s of these answers, which wait for the next outbox",
                    count=self.waiting_answers,
                )
            )
        if self.answers > self.waiting_answers:
            lines.append(
                said("answers that were sent stay on the servers until they end there; the source can read them")
            )
        if self.receipt_owed:
            lines.append(
                said(
                    "the next outbox tells its server, which deletes its copy when all reviewers have told it, or"
                    " after 30 days"
                )
            )
        lines += [
            said("a readable copy stays in %(folder)s", folder=plain_line(str(folder))) for folder in self.folders
        ]
        if self.unmasked:
            lines.append(
                said(
                    "no other tip says that %(names)s was harmed: the mask stays until a person removes it, with a"
                    " reason",
                    names=", ".join(self.unmasked),
                )
            )
        return [*lines, *backup_lines(self.backups)]


def backup_lines(backups: Sequence[tuple[int, dt.date]]) -> list[str]:
    """The backups that still hold something."""
    if not backups:
        return [said("no backup holds it")]
    listed = ", ".join(said("%(number)s of %(day)s", number=number, day=day.isoformat()) for number, day in backups)
    return [
        said_number(
            "it stays in %(num)s backup: %(listed)s",
            "it stays in %(num)s backups: %(listed)s",
            len(backups),
            listed=listed,
        )
    ]


def going_of(home: Home, submission: Submission) -> Going:
    """Everything that goes with this tip."""
    casebook = home.casebook
    sealed = casebook.sealed_files.of(submission).values()
    replies = casebook.replies.of(submission.number)
    fields = [*casebook.submissions.fields(submission), *(one for each in sealed for one in each.fields)]
    files = casebook.submissions.stored_files(submission)
    notes = casebook.notes.of(submission.number)
    return Going(
        texts=sum(not is_preference(one) for one in fields),
        files=len(files),
        inside_files=sum(len(each.files) for each in sealed),
        notes=len(notes),
        answers=len(replies),
        waiting_answers=sum(reply.out_day is None for reply in replies),
        backups=backups_of(home, submission),
        receipt_owed=submission.receipt_day is None and not submission.is_entered,
        folders=[
            folder.path
            for folder in casebook.saved_folders.all()
            if submission.short_id in folder.tip.split() and folder.destroyed_day is None
        ],
        unmasked=[f"P-{number}" for number in _unmasked(home, submission)],
        identities=[
            submission.envelope.sha256.hex(),
            *(file_identity(one) for one in files),
            *(f"inside {one.sha256.hex()}" for each in sealed for one in each.files),
            *(f"note {one.number}" for one in notes),
            *(answer_identity(one) for one in replies),
        ],
    )


def _unmasked(home: Home, submission: Submission) -> Iterator[int]:
    """Entities that only this tip calls harmed, and that stay because other tips name them."""
    casebook = home.casebook
    found = {one.entity for one in casebook.findings.of(submission.number)} - {None}
    for number in sorted(one for one in found if one is not None):
        claims = {one.submission for one in casebook.entities.roles(number) if one.role is SaidRole.HARMED}
        tips = {one.submission for one in casebook.findings.of_entity(number, with_hidden=True)}
        if claims == {submission.number} and tips - claims:
            yield number


def file_identity(file: StoredFile) -> str:
    """A file by its place in the envelope, which never changes, and its content."""
    return f"file {file.place} {file.sha256.hex()}"


def answer_identity(reply: SentReply) -> str:
    """An answer by its id, and whether it waits: one that was sent meanwhile stays on the servers."""
    return f"answer {reply.reply_id.hex()} {'waits' if reply.out_day is None else 'sent'}"


def part_code(identity: str, lines: Sequence[str]) -> str:
    """The code of the preview of a single file or answer."""
    return shown_code([identity, *lines])


def backups_of(home: Home, submission: Submission) -> list[tuple[int, dt.date]]:
    """The backups that hold this tip, or may hold a part of it."""
    # Where a sealed file was opened later, the number of the first backup was forgotten.
    has_opened = any(one.is_open for one in home.casebook.sealed_files.of(submission).values())
    return home.casebook.backups.since(
        submission.backup, or_day=submission.imported_day if has_opened or submission.unopenable else None
    )
