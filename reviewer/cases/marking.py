"""Marks of staff: each function records an operation for all reviewers, and logs it.

A thread is all submissions of one mailbox: its owner, labels, status, star and due day are the same for each of
them. Read and archived belong to one submission, because a later one is news. Read is of this home only. The log
gets ids and status words, and neither labels nor reasons.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Final

from reviewer.casebook.shared_marks import DUE, LABEL, LATEST_DAY, NAME_LETTERS, REASON_LETTERS, STAR, STATUS
from reviewer.casebook.submission import Submission
from reviewer.casebook.thread_marks import Status
from reviewer.home.home import Home
from reviewer.sharing.ownership import assign
from reviewer.sharing.record import record
from reviewer.terminal.plain_text import plain_line
from system.errors import ProgramError

MOST_LABELS: Final = 20


def own_name(home: Home) -> str:
    """The name of this home's reviewer."""
    return home.casebook.settings.require("name")


def set_owner(home: Home, thread: int, owner: str, *, today: dt.date) -> None:
    """Give the thread to a reviewer; it has an owner from the start.

    Raises:
        ProgramError: no reviewer has this name.
    """
    assign(home, first_of(home, thread), plain_name(owner, "the name of an owner", NAME_LETTERS), today=today)


def set_status(home: Home, thread: int, status: Status, reason: str, *, today: dt.date) -> None:
    """Set the status. A closed thread goes into the archive, and comes out with any other status.

    Raises:
        ProgramError: a closed thread needs a reason, or the reason is too long.
    """
    words = plain_name(reason, "a reason", REASON_LETTERS)
    if status is Status.CLOSED and not words:
        raise ProgramError("a closed tip needs a reason", hint="for example: answered, passed on, not our field")
    seen = home.casebook.shared_marks.seen(thread) if status is Status.CLOSED else {}
    with home.casebook.changing():
        record(home, STATUS, first_of(home, thread), {"status": str(status), "reason": words, **seen}, today=today)
        _log(home, "status", thread, str(status), today=today)


def set_star(home: Home, thread: int, *, is_starred: bool, today: dt.date) -> None:
    """Mark the thread with a star, or take it away."""
    with home.casebook.changing():
        record(home, STAR, first_of(home, thread), {"starred": is_starred}, today=today)
        _log(home, "star" if is_starred else "star removed", thread, today=today)


def set_due(home: Home, thread: int, day: dt.date | None, *, today: dt.date) -> None:
    """Set the day until which something must be done; None takes it away.

    Raises:
        ProgramError: the day is after the year 2999.
    """
    if day is not None and day > LATEST_DAY:
        raise ProgramError("a due day must be before the year 3000")
    with home.casebook.changing():
        record(home, DUE, first_of(home, thread), {"day": day.isoformat() if day else None}, today=today)
        _log(home, "due day" if day else "due day removed", thread, today=today)


def set_labels(home: Home, thread: int, labels: Sequence[str], *, today: dt.date) -> None:
    """Give the thread exactly these labels.

    Raises:
        ProgramError: too many, or one is too long.
    """
    wanted = {name for label in labels if (name := _label(label))}
    if len(wanted) > MOST_LABELS:
        raise ProgramError(f"a tip must have at most {MOST_LABELS} labels")
    tip = first_of(home, thread)
    with home.casebook.changing():
        has = set(home.casebook.threads.of(thread).labels)
        for label in sorted(wanted - has):
            record(home, LABEL, tip, {"label": label, "set": True}, today=today)
            _log(home, "label", thread, today=today)
        for label in sorted(has - wanted):
            record(home, LABEL, tip, {"label": label, "set": False}, today=today)
            _log(home, "label removed", thread, today=today)


def change_labels(
    home: Home, thread: int, *, add: Sequence[str] = (), remove: Sequence[str] = (), today: dt.date
) -> None:
    """Add some labels and remove others.

    Raises:
        ProgramError: too many, or one is too long.
    """
    has = set(home.casebook.threads.of(thread).labels)
    wanted = (has | {_label(one) for one in add}) - {_label(one) for one in remove}
    set_labels(home, thread, sorted(wanted), today=today)


def set_read(home: Home, submission: Submission, *, is_read: bool, today: dt.date) -> None:
    """Mark one submission as read or unread. Opening a tip marks it as read; the log has that as ``show``."""
    with home.casebook.changing():
        if home.casebook.inbox_rows.set_read(submission.number, is_read=is_read):
            home.casebook.log.add("marked read" if is_read else "marked unread", submission.short_id, today=today)


def opened(home: Home, submissions: Sequence[Submission]) -> None:
    """These were just shown to staff, which the caller has logged."""
    with home.casebook.changing():
        for one in submissions:
            home.casebook.inbox_rows.set_read(one.number, is_read=True)


def thread_of(home: Home, submission: Submission) -> int:
    """The thread of a submission, by its number."""
    return home.casebook.inbox_rows.thread_of(submission.number)


def thread_id(home: Home, thread: int) -> str:
    """The id of the first submission of a thread that is still here.

    Raises:
        ProgramError: there is none.
    """
    return first_of(home, thread).short_id


def first_of(home: Home, thread: int) -> Submission:
    """The submission that operations about a thread name: colleagues most likely have it."""
    numbers = home.casebook.threads.submissions(thread)
    if not numbers:
        raise ProgramError("no submission of this thread is here")
    return home.casebook.submissions.by_number(numbers[0])


def parse_day(text: str) -> dt.date:
    """A day as staff type it.

    Raises:
        ProgramError: it is not written as year, month and day.
    """
    try:
        return dt.date.fromisoformat(text.strip())
    except ValueError as error:
        raise ProgramError("a day must be written as 2026-12-31: year, month, day") from error


def _label(text: str) -> str:
    return plain_name(text, "a label", NAME_LETTERS)


def plain_name(text: str, name: str, letters: int) -> str:
    """A name that staff typed, with its blanks as one each; ``name`` is for the message.

    Raises:
        ProgramError: too long, or a letter that cannot be seen.
    """
    words = " ".join(text.split())
    if len(words) > letters:
        raise ProgramError(f"{name} must have at most {letters} letters")
    if plain_line(words, limit_letters=letters) != words:
        raise ProgramError(f"{name} must have visible letters only")
    return words


def _log(home: Home, act: str, thread: int, *more: str, today: dt.date) -> None:
    home.casebook.log.add(act, " ".join((thread_id(home, thread), *more)), today=today)
