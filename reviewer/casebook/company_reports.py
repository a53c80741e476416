"""Reports about facilities that left, with their recipients, and what companies answered."""

import datetime as dt
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from reviewer.casebook.database import CasebookDatabase, Row

_REPORT: Final = (
    "SELECT number, facility, reader, recipient, content, day, withdrawn_day, withdrawn_because FROM supply_reports"
)
_ANSWER: Final = (
    "SELECT number, facility, finding, answer, day, withdrawn_day, withdrawn_because FROM company_answers"
)


@dataclass(frozen=True, slots=True)
class SentReport:
    """A report as it left; one for inside is never kept. ``facility`` is None once its list was forgotten."""

    number: int
    facility: int | None
    reader: str
    recipient: str
    content: Mapping[str, Any] = field(repr=False)
    day: dt.date
    withdrawn_day: dt.date | None = None
    withdrawn_because: str = field(default="", repr=False)

    @property
    def name(self) -> str:
        """As ``R-3``."""
        return f"R-{self.number}"


@dataclass(frozen=True, slots=True)
class CompanyAnswer:
    """A company's answer to one finding, by its key; with an empty key, to a whole report.

    It is never changed. ``withdrawn_day`` ends an entry that was a mistake.
    """

    number: int
    facility: int
    finding: str
    answer: str = field(repr=False)
    day: dt.date
    withdrawn_day: dt.date | None = None
    withdrawn_because: str = field(default="", repr=False)

    @property
    def name(self) -> str:
        """As ``A-2``."""
        return f"A-{self.number}"


class CompanyReports:
    """Each method is a part of the caller's transaction."""

    def __init__(self, small: CasebookDatabase) -> None:
        self._small = small

    def add(self, report: SentReport) -> int:
        """Keep a report that leaves; its number. The number of ``report`` is not looked at."""
        self._small.run(
            "INSERT INTO supply_reports (facility, reader, recipient, content, day) VALUES (?, ?, ?, ?, ?)",
            (
                *(report.facility, report.reader, report.recipient),
                *(json.dumps(report.content, ensure_ascii=False), report.day.isoformat()),
            ),
        )
        row = self._small.row("SELECT last_insert_rowid()")
        return int(row[0]) if row else 0

    def all(self) -> list[SentReport]:
        """All reports that left, the newest first."""
        return [_report(row) for row in self._small.rows(f"{_REPORT} ORDER BY number DESC")]

    def find(self, number: int) -> SentReport | None:
        """The report with this number."""
        row = self._small.row(f"{_REPORT} WHERE number = ?", (number,))
        return _report(row) if row else None

    def withdraw(self, report: SentReport, *, because: str, today: dt.date) -> None:
        """A report no longer holds; it stays on record."""
        self._small.run(
            "UPDATE supply_reports SET withdrawn_day = ?, withdrawn_because = ? WHERE number = ?",
            (today.isoformat(), because, report.number),
        )

    def add_answer(self, answer: CompanyAnswer) -> int:
        """Keep what a company answered; its number. The number of ``answer`` is not looked at."""
        self._small.run(
            "INSERT INTO company_answers (facility, finding, answer, day) VALUES (?, ?, ?, ?)",
            (answer.facility, answer.finding, answer.answer, answer.day.isoformat()),
        )
        row = self._small.row("SELECT last_insert_rowid()")
        return int(row[0]) if row else 0

    def withdraw_answer(self, answer: CompanyAnswer, *, because: str, today: dt.date) -> None:
        """An entry was a mistake; it stays on record with the reason."""
        self._small.run(
            "UPDATE company_answers SET withdrawn_day = ?, withdrawn_because = ? WHERE number = ?",
            (today.isoformat(), because, answer.number),
        )

    def answer(self, number: int) -> CompanyAnswer | None:
        """The answer with this number, also a withdrawn one."""
        row = self._small.row(f"{_ANSWER} WHERE number = ?", (number,))
        return _answer(row) if row else None

    def answers(self, facilities: Collection[int]) -> list[CompanyAnswer]:
        """All answers about these facilities, withdrawn ones too, the oldest first."""
        rows = self._small.rows(
            f"{_ANSWER} WHERE facility IN (SELECT value FROM json_each(?)) ORDER BY day, number",  # noqa: S608 -- ours
            (json.dumps(sorted(facilities)),),
        )
        return [_answer(row) for row in rows]


def _answer(row: Row) -> CompanyAnswer:
    number, facility, finding, answer, day, withdrawn, because = row
    return CompanyAnswer(
        *(number, facility, finding, answer, dt.date.fromisoformat(day)),
        *(dt.date.fromisoformat(withdrawn) if withdrawn else None, because),
    )


def _report(row: Row) -> SentReport:
    number, facility, reader, recipient, content, day, withdrawn, because = row
    return SentReport(
        *(number, facility, reader, recipient, json.loads(content), dt.date.fromisoformat(day)),
        *(dt.date.fromisoformat(withdrawn) if withdrawn else None, because),
    )
