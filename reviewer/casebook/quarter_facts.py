"""Facts of the conversations that began in a span of days, read at once.

Tables count thousands of them. A conversation is a thread. Its first tip is that of the first day, and on one day
the one with the lowest number.
"""

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from reviewer.casebook.database import CasebookDatabase, Row
from reviewer.casebook.findings import not_hidden

_TIPS: Final = "('tip', 'telephone')"
# The index by urgency and day finds the span without reading every row.
_FACTS: Final = """
    SELECT r.thread, r.submission, r.day, r.language, r.form, s.mailbox IS NOT NULL,
        EXISTS (SELECT 1 FROM inbox_rows AS u WHERE u.thread = r.thread AND u.is_urgent AND u.kind <> 'unopened')"""
_IS_FIRST: Final = f"""
    r.kind IN {_TIPS} AND NOT EXISTS (SELECT 1 FROM inbox_rows AS e WHERE e.thread = r.thread AND e.kind IN {_TIPS}
        AND (e.day, e.submission) < (r.day, r.submission)) ORDER BY r.submission"""  # noqa: S608 -- constants of ours
_BEGAN: Final = f"""
    {_FACTS} FROM inbox_rows AS r JOIN submissions AS s ON s.number = r.submission
    WHERE r.is_urgent IN (0, 1) AND r.day BETWEEN ?1 AND ?2 AND {_IS_FIRST}"""
_BEGAN_AMONG: Final = f"""
    {_FACTS} FROM json_each(?2) AS wanted CROSS JOIN inbox_rows AS r ON r.thread = wanted.value
    JOIN submissions AS s ON s.number = r.submission WHERE r.day <= ?1 AND {_IS_FIRST}"""
_ANSWERED: Final = """
    SELECT r.thread, min(replies.day) FROM replies JOIN inbox_rows AS r ON r.submission = replies.submission
    GROUP BY r.thread"""
_WISHES_NONE: Final = """
    SELECT DISTINCT submission FROM fields WHERE name = 'answer' AND value = 'no'"""
_WITH_ANSWERS_OF_COLLEAGUES: Final = """
    SELECT DISTINCT r.thread FROM operations JOIN submissions AS s ON s.envelope_sha256 = operations.tip
    JOIN inbox_rows AS r ON r.submission = s.number
    WHERE operations.kind = 'answer' AND operations.body IS NOT NULL"""


@dataclass(frozen=True, slots=True)
class BegunConversation:
    """One conversation, by its first tip. ``language`` and ``form`` are untrusted, and may be empty."""

    thread: int
    first: int
    day: dt.date
    language: str
    form: str
    has_mailbox: bool
    is_urgent: bool


class QuarterFacts:
    """Reads only."""

    def __init__(self, small: CasebookDatabase) -> None:
        self._small = small

    def begun(self, first_day: dt.date, last_day: dt.date) -> list[BegunConversation]:
        """Conversations whose first tip is of one of these days, by the number of that tip."""
        return [_begun(row) for row in self._small.rows(_BEGAN, (first_day.isoformat(), last_day.isoformat()))]

    def begun_among(self, threads: Iterable[int], last_day: dt.date) -> list[BegunConversation]:
        """Those of these conversations whose first tip is of this day or an earlier one."""
        wanted = json.dumps(sorted(set(threads)))
        return [_begun(row) for row in self._small.rows(_BEGAN_AMONG, (last_day.isoformat(), wanted))]

    def answered(self) -> Mapping[int, dt.date]:
        """The day of our first answer, by thread."""
        return {thread: dt.date.fromisoformat(day) for thread, day in self._small.rows(_ANSWERED)}

    def answered_by_colleagues(self) -> frozenset[int]:
        """Threads with an answer in the operations of all reviewers."""
        return frozenset(row[0] for row in self._small.rows(_WITH_ANSWERS_OF_COLLEAGUES))

    def harmed_in(self) -> list[tuple[int, int, int]]:
        """Entity, tip and thread of each tip that is shown and says that an entity was harmed."""
        return [
            (entity, submission, thread)
            for entity, submission, thread in self._small.rows(
                "SELECT c.entity, c.submission, r.thread FROM role_claims AS c"  # noqa: S608
                " JOIN inbox_rows AS r ON r.submission = c.submission WHERE c.role = 'harmed'"
                f" AND {not_hidden(self._small, 'c.submission')} ORDER BY c.entity, c.submission"
            )
        ]

    def related(self, kind: str) -> Mapping[int, list[int]]:
        """By entity, those to which it has a relation of this kind."""
        found: dict[int, list[int]] = {}
        for entity, other in self._small.rows("SELECT entity, other FROM relations WHERE kind = ?", (kind,)):
            found.setdefault(entity, []).append(other)
        return found

    def without_wish(self) -> frozenset[int]:
        """Submissions that want no answer."""
        return frozenset(row[0] for row in self._small.rows(_WISHES_NONE))


def _begun(row: Row) -> BegunConversation:
    thread, first, day, language, form, has_mailbox, urgent = row
    return BegunConversation(
        thread, first, dt.date.fromisoformat(day), language, form, bool(has_mailbox), bool(urgent)
    )
