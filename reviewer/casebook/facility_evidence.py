"""Tips that staff accepted for a facility, findings of staff, and documents of a facility.

A row about a tip goes where its tip goes: into the bin, back from it, and for good.
"""

import datetime as dt
import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Final

from reviewer.casebook.database import CasebookDatabase, Row

_TIP: Final = (
    "SELECT t.number, t.submission, t.facility, t.indicators, t.because, s.day, s.imported_day, t.day,"
    " substr(s.mailbox, 1, 32), c.sha256 FROM facility_tips AS t JOIN submissions AS s ON s.number = t.submission"
    " LEFT JOIN same_contents AS c ON c.submission = t.submission"
)
_FINDING: Final = (
    "SELECT number, facility, kind, indicator, points, sentence, source, day, valid_until, withdrawn_day,"
    " withdrawn_because FROM facility_findings"
)
DOCUMENT: Final = "document"
"""The kind of a document; all other kinds are findings."""


@dataclass(frozen=True, slots=True)
class AcceptedTip:
    """A tip that a person accepted for a facility, with the indicators that it ticked.

    ``submission`` and ``facility`` are numbers of the casebook. ``tip_day`` is that of the tip, ``day`` that of the
    acceptance. ``mailbox`` and ``contents`` tell which tips come from one source; None where there is none.
    """

    number: int
    submission: int
    facility: int
    indicators: tuple[str, ...] = field(repr=False)
    because: str = field(repr=False)
    tip_day: dt.date
    day: dt.date
    mailbox: bytes | None = field(repr=False)
    contents: bytes | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class FacilityFinding:
    """A finding of staff, or a document.

    ``valid_until`` is None for a finding, and for a document that is missing. ``points`` are those that staff gave
    to a finding; a document has none of its own.
    """

    number: int
    facility: int
    kind: str
    indicator: str
    points: int
    sentence: str = field(repr=False)
    source: str = field(repr=False)
    day: dt.date
    valid_until: dt.date | None = None
    withdrawn_day: dt.date | None = None
    withdrawn_because: str = field(default="", repr=False)

    @property
    def name(self) -> str:
        """As ``S-3``."""
        return f"S-{self.number}"


class FacilityEvidence:
    """Each method is a part of the caller's transaction."""

    def __init__(self, small: CasebookDatabase) -> None:
        self._small = small

    def accept(
        self, submission: int, facility: int, *, indicators: Iterable[str], because: str, today: dt.date
    ) -> None:
        """Keep that a tip was accepted for a facility, with the indicators that its source ticked."""
        self._small.run(
            "INSERT INTO facility_tips (submission, facility, indicators, because, day) VALUES (?, ?, ?, ?, ?)",
            (submission, facility, " ".join(indicators), because, today.isoformat()),
        )

    def undo(self, accepted: AcceptedTip, *, today: dt.date) -> None:
        """It no longer counts; it stays readable."""
        self._small.run(
            "UPDATE facility_tips SET undone_day = ? WHERE number = ?", (today.isoformat(), accepted.number)
        )

    def tips(self, facilities: Collection[int]) -> list[AcceptedTip]:
        """The tips that count for these facilities, in the order of their acceptance."""
        rows = self._small.rows(
            f"{_TIP} WHERE t.facility IN (SELECT value FROM json_each(?))"  # noqa: S608 -- constants of ours
            " AND t.undone_day IS NULL ORDER BY t.number",
            (json.dumps(list(facilities)),),
        )
        return [_accepted(row) for row in rows]

    def of_tip(self, submission: int) -> list[AcceptedTip]:
        """The facilities for which a tip counts."""
        rows = self._small.rows(
            f"{_TIP} WHERE t.submission = ? AND t.undone_day IS NULL ORDER BY t.number", (submission,)
        )
        return [_accepted(row) for row in rows]

    def ever_accepted(self, facilities: Collection[int]) -> set[int]:
        """The submissions that were accepted for these facilities, also where that was undone."""
        rows = self._small.rows(
            "SELECT DISTINCT submission FROM facility_tips WHERE facility IN (SELECT value FROM json_each(?))",
            (json.dumps(list(facilities)),),
        )
        return {row[0] for row in rows}

    def add_finding(self, finding: FacilityFinding) -> int:
        """Keep a finding or a document; its number. The number of ``finding`` is not looked at."""
        self._small.run(
            "INSERT INTO facility_findings"
            " (facility, kind, indicator, points, sentence, source, day, valid_until)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(finding.facility, finding.kind, finding.indicator, finding.points, finding.sentence),
                *(finding.source, finding.day.isoformat()),
                finding.valid_until.isoformat() if finding.valid_until else None,
            ),
        )
        row = self._small.row("SELECT last_insert_rowid()")
        return int(row[0]) if row else 0

    def withdraw(self, number: int, *, because: str, today: dt.date) -> None:
        """A finding or a document no longer counts; it stays readable, with the reason."""
        self._small.run(
            "UPDATE facility_findings SET withdrawn_day = ?, withdrawn_because = ? WHERE number = ?",
            (today.isoformat(), because, number),
        )

    def finding(self, number: int) -> FacilityFinding | None:
        """The finding or document with this number, also a withdrawn one."""
        row = self._small.row(f"{_FINDING} WHERE number = ?", (number,))
        return _finding(row) if row else None

    def findings(self, facilities: Collection[int]) -> list[FacilityFinding]:
        """All findings and documents of these facilities, also withdrawn ones."""
        rows = self._small.rows(
            f"{_FINDING} WHERE facility IN (SELECT value FROM json_each(?)) ORDER BY number",  # noqa: S608 -- ours
            (json.dumps(list(facilities)),),
        )
        return [_finding(row) for row in rows]

    def facilities_with_evidence(self) -> set[int]:
        """The facilities with a tip, a finding or a document that counts."""
        rows = self._small.rows("SELECT DISTINCT facility FROM facility_tips WHERE undone_day IS NULL")
        return {row[0] for row in rows} | self.facilities_with_findings()

    def facilities_with_findings(self) -> set[int]:
        """The facilities with a finding or a document that counts."""
        rows = self._small.rows("SELECT DISTINCT facility FROM facility_findings WHERE withdrawn_day IS NULL")
        return {row[0] for row in rows}

    def ticks_by_facility(self) -> list[tuple[int, int, int, tuple[str, ...]]]:
        """Facility, number of its accepted tips, and submission and indicators of one of them."""
        rows = self._small.rows(
            "SELECT facility, count(*), submission, indicators FROM facility_tips WHERE undone_day IS NULL"
            " GROUP BY facility"
        )
        return [
            (facility, count, submission, tuple(ticked.split())) for facility, count, submission, ticked in rows
        ]


def _accepted(row: Row) -> AcceptedTip:
    number, submission, facility, indicators, because, tip_day, imported_day, day, mailbox, contents = row
    return AcceptedTip(
        *(number, submission, facility, tuple(indicators.split()), because),
        *(dt.date.fromisoformat(tip_day or imported_day), dt.date.fromisoformat(day), mailbox, contents),
    )


def _finding(row: Row) -> FacilityFinding:
    *fields, day, valid_until, withdrawn, because = row
    number, facility, kind, indicator, points, sentence, source = fields
    return FacilityFinding(
        *(number, facility, kind, indicator, points, sentence, source, dt.date.fromisoformat(day)),
        *(_day(valid_until), _day(withdrawn), because),
    )


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
