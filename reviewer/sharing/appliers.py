"""The effect of an operation on the casebook, by kind: each kind is registered here.

An applier runs once for each operation, ours or a colleague's, as soon as its tip is here, in any order. So it must
come to the same state in any order: it reads the operations that are in force, or adds what nothing else changes.

To share a further kind of act: a row in ``docs/formats/shared.md``, an applier in :data:`APPLIERS`, and a call of
:func:`reviewer.sharing.record.record` where staff act, in place of the change itself. A state of which one value
counts stands in :data:`ONE_IN_FORCE` too; then a conflict is shown. A deleted tip takes its operations along with
``casebook.operations.erase_of_tip``.
"""

import datetime as dt
from collections.abc import Callable
from typing import Final

from crypto.sharing.operation import Operation
from reviewer.casebook.casebook import Casebook
from reviewer.casebook.submission import Submission

Applier = Callable[[Casebook, Operation, Submission | None, dt.date], None]
"""Casebook, operation, its tip (None where it names none, or the tip is gone), and today."""

ANSWER: Final = "answer"
ANSWER_TAKEN_BACK: Final = "answer-taken-back"
NOTE: Final = "note"
NOTE_DESTROYED: Final = "note-destroyed"
OWNER: Final = "owner"
ARCHIVED: Final = "archived"


def _index(casebook: Casebook, _operation: Operation, submission: Submission | None, _today: dt.date) -> None:
    """Answers are read from the operations; only the search index must know of them."""
    if submission is not None:
        casebook.search.put(submission.number)


def _keep_note(casebook: Casebook, operation: Operation, submission: Submission | None, _today: dt.date) -> None:
    if submission is None or operation.tip is None:
        return
    destroyed = casebook.operations.about([operation.tip], NOTE_DESTROYED)
    if any(_destroys(one, operation) for one in destroyed):
        casebook.operations.erase(operation.sha256)
        return
    casebook.notes.add_shared(
        submission.number, operation.text("text"), operation=operation.sha256, day=operation.day
    )


def _destroy_note(casebook: Casebook, operation: Operation, submission: Submission | None, _today: dt.date) -> None:
    """Only its author destroys a note for all."""
    try:
        note = casebook.operations.find(bytes.fromhex(operation.text("note")))
    except ValueError:
        return
    if submission is None or note is None or not _destroys(operation, note):
        return
    number = casebook.notes.of_operation(note.sha256)
    if number is not None:
        casebook.notes.destroy(submission.number, number)
    casebook.operations.erase(note.sha256)


def _destroys(destruction: Operation, note: Operation) -> bool:
    return (
        note.kind == NOTE
        and note.author == destruction.author
        and note.tip == destruction.tip
        and destruction.text("note") == note.sha256.hex()
    )


def _archive(casebook: Casebook, operation: Operation, submission: Submission | None, today: dt.date) -> None:
    if submission is None or operation.tip is None:
        return
    in_force = casebook.operations.in_force([operation.tip], ARCHIVED)
    if in_force and in_force[-1].content.get("archived") is True:
        casebook.archived.mark(submission.number, today=today)
    else:
        casebook.archived.unmark(submission.number)


def _read_when_shown(
    _casebook: Casebook, _operation: Operation, _submission: Submission | None, _today: dt.date
) -> None:
    """Nothing is derived: the operations in force are read where they are shown."""


APPLIERS: Final[dict[str, Applier]] = {
    ANSWER: _index,
    ANSWER_TAKEN_BACK: _index,
    NOTE: _keep_note,
    NOTE_DESTROYED: _destroy_note,
    OWNER: _read_when_shown,
    ARCHIVED: _archive,
}

ONE_IN_FORCE: Final = frozenset({OWNER, ARCHIVED})
"""Kinds of which the newest one counts: a new one replaces what is in force."""

ABOUT_THE_THREAD: Final = frozenset({OWNER})
"""Kinds that are about all tips of a mailbox; others are about one tip."""
