"""Archiving submissions, and notes about them; each step is logged."""

import datetime as dt

from reviewer.casebook.shared_marks import ARCHIVED
from reviewer.casebook.submission import Submission
from reviewer.casebook.thread_marks import Status
from reviewer.cases.deleting import finish
from reviewer.cases.marking import set_status
from reviewer.home.home import Home
from reviewer.sharing.appliers import NOTE, NOTE_DESTROYED
from reviewer.sharing.party import own_key
from reviewer.sharing.record import record
from system.errors import ProgramError

NOTE_BYTES = 16_384


def archive(home: Home, submission: Submission, *, today: dt.date) -> None:
    """List the submission after all others from now on."""
    with home.casebook.changing():
        record(home, ARCHIVED, submission, {"archived": True}, today=today)
        home.casebook.log.add("set aside", submission.short_id, today=today)


def unarchive(home: Home, submission: Submission, *, today: dt.date) -> None:
    """Undo :func:`archive`. A thread that was closed is open then."""
    thread = home.casebook.inbox_rows.thread_of(submission.number)
    with home.casebook.changing():
        if home.casebook.shared_marks.is_closed_for_some(thread):
            set_status(home, thread, Status.OPEN, "", today=today)
        record(home, ARCHIVED, submission, {"archived": False}, today=today)
        home.casebook.log.add("brought back", submission.short_id, today=today)


def require_note(text: str) -> None:
    """Return if this text can be a note.

    Raises:
        ProgramError: empty, or longer than 16 KiB.
    """
    if not text.strip():
        raise ProgramError("a note must not be empty")
    if len(text.encode()) > NOTE_BYTES:
        raise ProgramError(f"a note must have at most {NOTE_BYTES:,} bytes", hint="write it as several notes")


def add_note(home: Home, submission: Submission, text: str, *, is_private: bool = False, today: dt.date) -> None:
    """Add a note of staff. A private one stays in this casebook and its backups.

    Raises:
        ProgramError: empty, or longer than 16 KiB.
    """
    require_note(text)
    with home.casebook.changing():
        if is_private:
            home.casebook.notes.add(submission.number, text, today=today)
        else:
            record(home, NOTE, submission, {"text": text}, today=today)
        home.casebook.log.add("private note" if is_private else "note", submission.short_id, today=today)


def destroy_note(home: Home, submission: Submission, number: int, *, today: dt.date) -> None:
    """Destroy a note for good; earlier backups of the casebook still hold it.

    Our own note is destroyed at every colleague; a colleague's note only here.

    Raises:
        ProgramError: the submission has no such note.
    """
    note = next((one for one in home.casebook.notes.of(submission.number) if one.number == number), None)
    if note is None:
        raise ProgramError("this submission has no such note")
    with home.casebook.changing():
        if note.operation is not None and note.author == own_key(home).to_bytes():
            record(home, NOTE_DESTROYED, submission, {"note": note.operation.hex()}, today=today)
        else:
            home.casebook.notes.destroy(submission.number, number)
            if note.operation is not None:
                home.casebook.operations.erase(note.operation)
        home.casebook.deletions.note_unfinished()
        home.casebook.log.add("note destroyed", submission.short_id, today=today)
    finish(home)
