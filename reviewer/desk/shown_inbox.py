"""Shown beside a tip: the state of its thread, its case, and its neighbours in the list."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from reviewer.casebook.case_register import CaseRecord
from reviewer.casebook.submission import Submission
from reviewer.casebook.thread_marks import Status, ThreadState
from reviewer.desk.lists import ChosenList
from reviewer.home.home import Home

MOST_OFFERED: Final = 100
REASONS: Final = ("answered", "passed on", "not our field", "repeat of another tip", "junk")
"""Offered where a tip is closed; any other words can be typed."""


@dataclass(frozen=True, slots=True)
class ShownInbox:
    """``previous`` and ``following`` are ids of tips, or None at the ends of ``chosen``, the list."""

    chosen: ChosenList
    previous: str | None
    following: str | None
    state: ThreadState
    case: CaseRecord | None
    cases: Sequence[CaseRecord] = field(repr=False)
    labels: Sequence[str] = field(repr=False)
    entered: tuple[str, dt.date] | None
    origin: tuple[str, int] | None
    today: dt.date
    marks: Mapping[str, str] = field(repr=False)
    """The marks as their form shows them."""

    statuses: Sequence[Status] = tuple(Status)
    reasons: Sequence[str] = REASONS


def shown_inbox(home: Home, submission: Submission, chosen: ChosenList, *, today: dt.date) -> ShownInbox:
    """Read all of it; the tip itself is read by :func:`reviewer.desk.shown_tip.shown_tip`."""
    casebook = home.casebook
    thread = casebook.inbox_rows.thread_of(submission.number)
    case = casebook.cases.of_thread(thread)
    state = casebook.threads.of(thread)
    neighbours = casebook.inbox.neighbours(submission.number, chosen.wanted, today=today)
    return ShownInbox(
        chosen=chosen,
        previous=_short_id(home, neighbours.previous),
        following=_short_id(home, neighbours.following),
        state=state,
        case=casebook.cases.find(case) if case is not None else None,
        cases=casebook.cases.all()[:MOST_OFFERED],
        labels=casebook.threads.labels(most=MOST_OFFERED),
        entered=casebook.telephone.entered(submission.number),
        origin=casebook.imported_tables.origin(submission.number),
        today=today,
        marks=shown_marks(state),
    )


def shown_marks(state: ThreadState) -> dict[str, str]:
    """The marks as their form has them, by the name of the field."""
    return {
        "status": str(state.status),
        "reason": state.reason,
        "due": state.due_day.isoformat() if state.due_day else "",
        "labels": ", ".join(state.labels),
        "starred": "yes" if state.is_starred else "",
    }


def _short_id(home: Home, number: int | None) -> str | None:
    return home.casebook.submissions.by_number(number).short_id if number is not None else None
