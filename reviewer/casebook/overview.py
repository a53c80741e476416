"""A summary of each submission on a page of a list, and what belongs together.

A row of a submission is large, for the key of its mailbox; so the order comes from :mod:`reviewer.casebook.inbox`,
and only the rows of one page are read.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from crypto.passphrases.mailbox import MAILBOX_ID_BYTES
from reviewer.casebook.database import CasebookDatabase
from reviewer.casebook.proposals import DeletionProposals
from reviewer.casebook.retention_rules import ARCHIVED
from reviewer.casebook.submission import COLUMNS, Submission, from_row

_MOST_OTHERS = 5
_ORDER = "coalesce(day, imported_day) DESC, number"


@dataclass(frozen=True, slots=True)
class Thread:
    """All submissions of one mailbox, or one without a mailbox.

    ``last_day`` is when anything last happened in it. ``is_archived`` if all are, ``is_held`` if one is on hold,
    ``is_unopened`` if one could not be opened.
    """

    numbers: tuple[int, ...]
    questionnaires: frozenset[str]
    last_day: dt.date
    is_archived: bool
    status: str
    is_held: bool
    is_unopened: bool

    @property
    def statuses(self) -> frozenset[str]:
        """The words of retention rules that fit. An open thread that is archived is not open for a rule."""
        if not self.is_archived:
            return frozenset({self.status})
        return frozenset({self.status, ARCHIVED}) - {"open"}


@dataclass(frozen=True, slots=True)
class RowMarks:
    """One row of a list.

    ``entered_by`` and ``entered_day`` are None but for a report by telephone. ``case`` may be merged into another.
    """

    thread: int
    is_archived: bool
    is_read: bool
    is_urgent: bool
    entered_by: str | None
    entered_day: str | None
    case: int | None


class Overview:
    """Changes nothing."""

    def __init__(self, small: CasebookDatabase) -> None:
        self._small = small

    def hidden(self) -> set[int]:
        """Numbers of submissions that a colleague's quarantine hides."""
        digests = list(DeletionProposals(self._small).hidden())
        rows = self._small.rows(
            f"SELECT number FROM submissions WHERE envelope_sha256 IN ({_places(digests)})",  # noqa: S608
            digests,
        )
        return {row[0] for row in rows}

    def some(self, numbers: Sequence[int]) -> list[Submission]:
        """These, in this order; a thousand at most, as for the two below."""
        rows = self._small.rows(
            f"SELECT {COLUMNS} FROM submissions WHERE number IN ({_places(numbers)})",  # noqa: S608
            numbers,
        )
        found = {row[0]: from_row(row) for row in rows}
        return [found[number] for number in numbers]

    def values(self, name: str, numbers: Sequence[int]) -> dict[int, str]:
        """The first value of one field, for each of these submissions that has it."""
        rows = self._small.rows(
            f"SELECT submission, value FROM fields WHERE name = ? AND submission IN ({_places(numbers)})"  # noqa: S608
            " ORDER BY place DESC",
            (name, *numbers),
        )
        return dict(rows)

    def file_counts(self, numbers: Sequence[int]) -> dict[int, int]:
        """Number of files of each of these submissions that has any."""
        rows = self._small.rows(
            f"SELECT submission, count(*) FROM files WHERE submission IN ({_places(numbers)})"  # noqa: S608
            " GROUP BY submission",
            numbers,
        )
        return dict(rows)

    def marks(self, numbers: Sequence[int]) -> dict[int, RowMarks]:
        """The row of each of these submissions in lists."""
        rows = self._small.rows(
            "SELECT r.submission, r.thread, r.is_archived, r.is_read, r.is_urgent,"  # noqa: S608
            " p.entered_by, p.day, c.case_number"
            " FROM inbox_rows AS r LEFT JOIN telephone_reports AS p ON p.submission = r.submission"
            " LEFT JOIN case_threads AS c ON c.thread = r.thread"
            f" WHERE r.submission IN ({_places(numbers)})",
            numbers,
        )
        return {
            number: RowMarks(thread, bool(archived), bool(read), bool(urgent), by, day, case)
            for number, thread, archived, read, urgent, by, day, case in rows
        }

    def of_mailbox(self, submission: Submission) -> list[Submission]:
        """All submissions of the same mailbox, oldest first; only this one if it has no mailbox."""
        if submission.mailbox_bytes is None:
            return [submission]
        rows = self._small.rows(
            f"SELECT {COLUMNS} FROM submissions WHERE substr(mailbox, 1, {MAILBOX_ID_BYTES}) = ?"  # noqa: S608
            " AND mailbox = ? ORDER BY coalesce(day, imported_day), number",
            (submission.mailbox_bytes[:MAILBOX_ID_BYTES], submission.mailbox_bytes),
        )
        return [from_row(row) for row in rows]

    def other_keys(self, submission: Submission) -> list[Submission]:
        """The newest five under the mailbox id of this one that came with another key than its own."""
        if submission.mailbox_bytes is None:
            return []
        rows = self._small.rows(
            f"SELECT {COLUMNS} FROM submissions WHERE substr(mailbox, 1, {MAILBOX_ID_BYTES}) = ?"  # noqa: S608
            f" AND mailbox <> ? ORDER BY {_ORDER} LIMIT {_MOST_OTHERS}",
            (submission.mailbox_bytes[:MAILBOX_ID_BYTES], submission.mailbox_bytes),
        )
        return [from_row(row) for row in rows]

    def same_as(self, submission: Submission) -> list[Submission]:
        """Others in which exactly the same was filled in and sent."""
        rows = self._small.rows(
            f"SELECT {COLUMNS} FROM submissions WHERE number <> ? AND number IN"  # noqa: S608
            " (SELECT submission FROM same_contents WHERE sha256 ="
            " (SELECT sha256 FROM same_contents WHERE submission = ?)) ORDER BY number",
            (submission.number, submission.number),
        )
        return [from_row(row) for row in rows]

    def threads(self, form_field: str) -> list[Thread]:
        """All threads; ``form_field`` is the field that names a submission's questionnaire.

        Two keys under one mailbox id make one thread.
        """
        # Each of these is read from an index: a row of a submission is large, for the key of its mailbox.
        mailboxes = self._by_submission(
            f"SELECT number, substr(mailbox, 1, {MAILBOX_ID_BYTES}) FROM submissions"  # noqa: S608
            " INDEXED BY submissions_by_mailbox WHERE mailbox IS NOT NULL"
        )
        forms = self._by_submission("SELECT submission, value FROM fields WHERE name = ?", form_field)
        archived = self._by_submission("SELECT submission, day FROM handled")
        noted = self._by_submission("SELECT submission, max(day) FROM notes GROUP BY submission")
        answered = self._by_submission(
            "SELECT submission, max(coalesce(out_day, day)) FROM replies WHERE submission IS NOT NULL"
            " GROUP BY submission"
        )
        statuses = self._by_submission("SELECT submission, status FROM inbox_rows WHERE status <> 'open'")
        held = self._by_submission("SELECT submission, day FROM holds")
        groups: dict[object, list[tuple[int, str, bool]]] = {}
        for number, day, is_unopened in self._small.rows(
            "SELECT number, imported_day, unopenable IS NOT NULL FROM submissions"
            " INDEXED BY submissions_by_import ORDER BY number"
        ):
            last = max(day, *(some.get(number, "") for some in (archived, noted, answered)))
            groups.setdefault(mailboxes.get(number, number), []).append((number, last, bool(is_unopened)))
        return [
            Thread(
                numbers=tuple(number for number, _last, _is_unopened in group),
                questionnaires=frozenset(forms[number] for number, _, _ in group if forms.get(number)),
                last_day=dt.date.fromisoformat(max(last for _number, last, _is_unopened in group)),
                is_archived=all(number in archived for number, _, _ in group),
                status=next((statuses[number] for number, _, _ in group if number in statuses), "open"),
                is_held=any(number in held for number, _, _ in group),
                is_unopened=any(is_unopened for _, _, is_unopened in group),
            )
            for group in groups.values()
        ]

    def _by_submission(self, statement: str, *values: object) -> dict[int, Any]:
        return dict(self._small.rows(statement, values))


def _places(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))
