"""Lists of tips: counting, one page, and the neighbours of a tip. SQLite does all of the filtering.

A page reads the rows of that page, and never those of all tips. The rows come from
:mod:`reviewer.casebook.inbox_rows`.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from reviewer.casebook.database import CasebookDatabase
from reviewer.casebook.tip_filter import ALL, ARCHIVED, NONE, TipFilter

_LATE: Final = "'9999-12-31'"
_OF_CASE: Final = """r.thread IN (SELECT thread FROM case_threads WHERE case_number IN (
    WITH RECURSIVE below(number) AS (VALUES (?) UNION SELECT cases.number FROM cases JOIN below
        ON cases.merged_into = below.number) SELECT number FROM below))"""
_OF_NO_CASE: Final = "r.thread NOT IN (SELECT thread FROM case_threads)"
_LABELLED: Final = "r.thread IN (SELECT thread FROM inbox_labels WHERE label = ?)"
_UNLABELLED: Final = "r.thread NOT IN (SELECT thread FROM inbox_labels)"
_FIRST_LABEL: Final = "coalesce((SELECT min(label) FROM inbox_labels WHERE thread = r.thread), char(1114111))"
"""A tip without a label comes last, behind every letter."""

_WORDS: Final = {
    "read": {"read": "r.is_read = 1", "unread": "r.is_read = 0"},
    "danger": {"yes": "r.is_urgent = 1", "no": "r.is_urgent = 0"},
    "starred": {"yes": "r.is_starred = 1", "no": "r.is_starred = 0"},
    "answered": {"yes": "r.is_answered = 1", "no": "r.is_answered = 0"},
    "files": {"yes": "r.files > 0", "no": "r.files = 0"},
    "waits": {"us": "r.waits_for_us IS NOT NULL", "source": "r.waits_for_source IS NOT NULL"},
}
_TEXTS: Final = {
    "owner": "r.owner",
    "status": "r.status",
    "language": "r.language",
    "form": "r.form",
    "kind": "r.kind",
}
_PLAIN: Final = (("r.is_urgent", True), ("r.day", True), ("r.submission", False))
_SORTS: Final[dict[str, tuple[tuple[str, bool], ...]]] = {
    "urgent": (),
    "newest": (("r.day", True), ("r.submission", True)),
    "oldest": (("r.day", False), ("r.submission", False)),
    "waiting": ((f"coalesce(r.waits_for_us, {_LATE})", False),),
    "due": ((f"coalesce(r.due_day, {_LATE})", False),),
    "unread": (("r.is_read", False),),
    "unanswered": (("r.is_answered", False),),
    "starred": (("r.is_starred", True),),
    "owner": (("(r.owner = '')", False), ("r.owner", False)),
    "label": ((_FIRST_LABEL, False),),
    "status": (("r.status", False),),
    "language": (("(r.language = '')", False), ("r.language", False)),
    "form": (("(r.form = '')", False), ("r.form", False)),
    "files": (("r.files", True),),
}
_PLAIN_SORTS: Final = {"waiting": "r.waits_for_us", "due": "r.due_day"}


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Numbers of the submissions before and after one in a list; None at its ends."""

    previous: int | None
    following: int | None


class Inbox:
    """Reads the rows; changes nothing."""

    def __init__(self, small: CasebookDatabase) -> None:
        self._small = small

    def count(self, wanted: TipFilter, *, today: dt.date) -> int:
        """The number of submissions that the filter lets through."""
        tables, where, values = _query(wanted, today)
        row = self._small.row(f"SELECT count(*) FROM {tables} WHERE {where}", values)  # noqa: S608
        return int(row[0]) if row else 0

    def numbers(self, wanted: TipFilter, *, today: dt.date, first: int = 0, most: int = -1) -> list[int]:
        """Numbers of submissions in the order of the filter: ``most`` from place ``first`` on; -1 for all."""
        keys = _keys(wanted)
        tables, where, values = _query(wanted, today)
        rows = self._small.rows(
            f"SELECT r.submission FROM {tables} WHERE {where} ORDER BY {_order(keys)} LIMIT ? OFFSET ?",  # noqa: S608
            (*values, most, first),
        )
        return [row[0] for row in rows]

    def neighbours(self, submission: int, wanted: TipFilter, *, today: dt.date) -> Neighbours:
        """The neighbours of a submission, which need not be in the list any more: it was read meanwhile."""
        keys = _keys(wanted)
        columns = ", ".join(expression for expression, _down in keys)
        place = self._small.row(
            f"SELECT {columns} FROM inbox_rows AS r WHERE r.submission = ?",  # noqa: S608
            (submission,),
        )
        if place is None:
            return Neighbours(None, None)
        back = [(expression, not down) for expression, down in keys]
        return Neighbours(
            self._next(wanted, back, place, today=today), self._next(wanted, keys, place, today=today)
        )

    def _next(
        self, wanted: TipFilter, keys: Sequence[tuple[str, bool]], place: Sequence[object], *, today: dt.date
    ) -> int | None:
        tables, where, values = _query(wanted, today)
        behind = ""
        compared: list[object] = []
        for (expression, down), value in reversed(list(zip(keys, place, strict=True))):
            sign = "<" if down else ">"
            inner = f" OR ({expression} = ? AND {behind})" if behind else ""
            behind = f"({expression} {sign} ?{inner})"
            compared = [value, *([value] if inner else []), *compared]
        row = self._small.row(
            f"SELECT r.submission FROM {tables} WHERE {where} AND {behind} ORDER BY {_order(keys)} LIMIT 1",  # noqa: S608
            (*values, *compared),
        )
        return int(row[0]) if row else None


def _keys(wanted: TipFilter) -> tuple[tuple[str, bool], ...]:
    """The expressions by which a list is sorted; True sorts downwards. The last one is unique."""
    archived = (("r.is_archived", False),) if wanted.box == ALL else ()
    own = _SORTS[wanted.sort]
    if _is_indexed(wanted) and wanted.sort in _PLAIN_SORTS:
        own = ((_PLAIN_SORTS[wanted.sort], False),)  # none is empty here, so an index has them in order
    keys = (*archived, *own, *_PLAIN)
    return tuple(key for place, key in enumerate(keys) if key[0] not in {one for one, _ in keys[:place]})


def _order(keys: Sequence[tuple[str, bool]]) -> str:
    return ", ".join(f"{expression} {'DESC' if down else 'ASC'}" for expression, down in keys)


def _query(wanted: TipFilter, today: dt.date) -> tuple[str, str, tuple[object, ...]]:
    """The table, conditions, and the values for them."""
    conditions = list(_conditions(wanted, today))
    where = " AND ".join(condition for condition, _values in conditions) or "true"
    values = tuple(value for _condition, values in conditions for value in values)
    return ("inbox_rows AS r" if _is_indexed(wanted) else "inbox_rows AS r NOT INDEXED"), where, values


def _is_indexed(wanted: TipFilter) -> bool:
    """True if one index has all conditions and the order of this filter.

    With any other filter SQLite would go through an index and fetch each row by itself: ten times as long as
    reading the whole table in its order.
    """
    criteria = frozenset(wanted.criteria()) - {"box"}
    if wanted.sort == "waiting":
        return wanted.waits == "us" and criteria == {"sort", "waits"}
    if wanted.sort == "due":
        return wanted.due in ("set", "overdue") and criteria == {"sort", "due"}
    return criteria <= {"read"}


def _conditions(wanted: TipFilter, today: dt.date) -> Iterator[tuple[str, tuple[object, ...]]]:
    if wanted.box != ALL:
        yield f"r.is_archived = {int(wanted.box == ARCHIVED)}", ()
    for name, conditions in _WORDS.items():
        if value := getattr(wanted, name):
            yield conditions[value], ()
    for name, column in _TEXTS.items():
        if value := getattr(wanted, name):
            yield f"{column} = ?", ("" if value == NONE else value,)
    if wanted.label:
        yield (_LABELLED, (wanted.label,)) if wanted.label != NONE else (_UNLABELLED, ())
    if wanted.case:
        yield (_OF_CASE, (int(wanted.case),)) if wanted.case != NONE else (_OF_NO_CASE, ())
    if wanted.due:
        yield _due(wanted.due, today)


def _due(due: str, today: dt.date) -> tuple[str, tuple[object, ...]]:
    if due == "none":
        return "r.due_day IS NULL", ()
    if due == "set":
        return "r.due_day IS NOT NULL", ()
    return ("r.due_day < ?", (today.isoformat(),)) if due == "overdue" else ("r.due_day <= ?", (due,))
