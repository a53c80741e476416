"""The state of a thread in words: JSON for programs, and short marks for a line of a list."""

import datetime as dt
from collections.abc import Iterator

from crypto.primitives.canonical_json import Json
from reviewer.casebook.thread_marks import Status, ThreadState


def state_json(state: ThreadState) -> dict[str, Json]:
    """The state of a thread in ``list --json`` and ``show --json``."""
    return {
        "owner": state.owner or None,
        "status": str(state.status),
        "status_reason": state.reason or None,
        "labels": list(state.labels),
        "starred": state.is_starred,
        "due": _text(state.due_day),
        "waits_for_us_since": _text(state.waits_for_us),
        "waits_for_source_since": _text(state.waits_for_source),
        "answered": state.is_answered,
        "set_by": state.set_by or None,
        "set_on": _text(state.set_day),
    }


def state_marks(state: ThreadState, *, today: dt.date) -> Iterator[str]:
    """The state of a thread in short marks."""
    if state.is_starred:
        yield "*"
    if state.owner:
        yield f"owner: {state.owner}"
    if state.status is not Status.OPEN:
        yield f"{state.status}: {state.reason}" if state.reason else str(state.status)
    if state.due_day is not None:
        yield f"{'OVERDUE since' if state.due_day < today else 'due'} {state.due_day.isoformat()}"
    if state.waits_for_us is not None:
        yield f"waits for us since {state.waits_for_us.isoformat()}"
    if state.waits_for_source is not None:
        yield f"waits for the source since {state.waits_for_source.isoformat()}"
    elif state.is_answered:
        yield "answered"
    yield from (f"#{label}" for label in state.labels)


def _text(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None
