"""Holds on tips, and the rules that say how long threads are kept."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Final

from reviewer.casebook.database import CasebookDatabase
from reviewer.errors import CasebookError

FEWEST_DAYS: Final = 30
MOST_DAYS: Final = 36_500
ARCHIVED = "archived"


@dataclass(frozen=True, slots=True)
class Hold:
    """A hold on one tip; the reason is for staff, and goes with the tip."""

    submission: int
    day: dt.date
    reason: str = field(repr=False)


class Holds:
    """The tips that nothing deletes, by number of the submission."""

    def __init__(self, small: CasebookDatabase) -> None:
        self._small = small

    def put(self, submission: int, *, reason: str, today: dt.date) -> None:
        """Hold a tip. A new reason replaces the earlier one."""
        self._small.run(
            "INSERT INTO holds VALUES (?, ?, ?) ON CONFLICT (submission) DO UPDATE"
            " SET day = excluded.day, reason = excluded.reason",
            (submission, today.isoformat(), reason),
        )

    def lift(self, submission: int) -> bool:
        """End the hold; False if there is none."""
        return self._small.run("DELETE FROM holds WHERE submission = ?", (submission,)) > 0

    def of(self, submission: int) -> Hold | None:
        """The hold on a tip."""
        row = self._small.row("SELECT submission, day, reason FROM holds WHERE submission = ?", (submission,))
        return Hold(row[0], dt.date.fromisoformat(row[1]), row[2]) if row else None

    def numbers(self) -> set[int]:
        """The submissions that are on hold."""
        return {row[0] for row in self._small.rows("SELECT submission FROM holds")}


@dataclass(frozen=True, slots=True)
class RetentionRule:
    """Threads that fit are due when nothing happened in them for ``days``.

    ``questionnaire`` is the name of a form, empty for threads without any, None for all. ``status`` is that of the
    inbox or :data:`ARCHIVED`, None for all.
    """

    number: int
    questionnaire: str | None
    status: str | None
    days: int

    def fits(self, *, questionnaires: frozenset[str], statuses: frozenset[str], days: int) -> bool:
        """True for a thread with these questionnaires in which nothing happened for ``days``."""
        wanted = {self.questionnaire} - {""}
        return (
            days >= self.days
            and (self.status is None or self.status in statuses)
            and (self.questionnaire is None or questionnaires == wanted)
        )

    def __str__(self) -> str:
        if self.questionnaire is None:
            which = "all tips"
        else:
            which = f"tips with the form {self.questionnaire}" if self.questionnaire else "tips without a form"
        status = f", {self.status}" if self.status else ""
        return f"{which}{status}: {self.days} days after the last thing that happened"


class RetentionRules:
    """The rules, by number."""

    def __init__(self, small: CasebookDatabase) -> None:
        self._small = small

    def add(self, *, questionnaire: str | None, status: str | None, days: int) -> RetentionRule:
        """Add a rule.

        Raises:
            CasebookError: fewer than 30 days, or more than a hundred years.
        """
        if not FEWEST_DAYS <= days <= MOST_DAYS:
            raise CasebookError(f"a rule keeps tips for {FEWEST_DAYS} to {MOST_DAYS:,} days")
        self._small.run(
            "INSERT INTO retention_rules (questionnaire, status, days) VALUES (?, ?, ?)",
            (questionnaire, status, days),
        )
        return self.all()[-1]

    def remove(self, number: int) -> bool:
        """Remove a rule; False if there is none."""
        return self._small.run("DELETE FROM retention_rules WHERE number = ?", (number,)) > 0

    def all(self) -> list[RetentionRule]:
        """The rules, in the order in which they were made."""
        rows = self._small.rows("SELECT number, questionnaire, status, days FROM retention_rules ORDER BY number")
        return [RetentionRule(*row) for row in rows]
