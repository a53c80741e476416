"""Findings that may be on a list, and what staff answered. The program answers none of them.

A match goes with its finding, and with its list. Its answers go with it.
"""

import datetime as dt
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from reviewer.casebook.database import CasebookDatabase, Row, number_list
from reviewer.casebook.findings import not_hidden

SURE: Final = 1000
"""The sureness of an equal identifier."""

_FIRST, _NUMBERS = 1_000_000, 9_000_000
"""The lowest number of a match, and how many there are."""

_COLUMNS: Final = (
    "SELECT m.number AS number, m.finding, f.submission, m.listed, m.kind, m.sureness AS sureness,"
    " coalesce((SELECT answer FROM list_answers WHERE list_match = m.number ORDER BY number DESC LIMIT 1), 'open')"
    " AS answer"
    " FROM list_matches AS m JOIN findings AS f ON f.number = m.finding"
)


class ListAnswer(StrEnum):
    """An answer to the question if a finding is one with an entry of a list. OPEN takes an answer back."""

    YES = "yes"
    NO = "no"
    UNSURE = "unsure"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class ListMatch:
    """A finding and an entry of a list.

    ``kind`` is that of an equal identifier, and empty for a name that looks alike.
    ``sureness`` is from 0 to 1000.
    """

    number: int
    finding: int
    submission: int
    listed: int
    kind: str
    sureness: int
    answer: ListAnswer

    @property
    def name(self) -> str:
        """As ``H-7``."""
        return f"H-{self.number}"

    @property
    def is_hit(self) -> bool:
        """True if an identifier is equal; else it is a question about a name."""
        return bool(self.kind)


@dataclass(frozen=True, slots=True)
class ListAnswerLine:
    """One answer, with its reason in the words of staff."""

    answer: ListAnswer
    because: str = field(repr=False)
    reviewer: str
    day: dt.date


class ListMatches:
    """Each question takes only findings that were not dismissed, of tips that are not hidden."""

    def __init__(self, small: CasebookDatabase) -> None:
        self._small = small

    def add(self, finding: int, listed: int, *, kind: str, sureness: int) -> None:
        """Keep a match, unless this pair is there."""
        self._add([(finding, listed, kind)], sureness)

    def add_equal_identifiers(self, watched_list: int) -> None:
        """Keep a match for each identifier of a list that stands in a tip."""
        rows = self._small.rows(
            "SELECT k.finding, l.entity, l.kind FROM listed_identifiers AS l"
            " CROSS JOIN identifier_keys AS k ON k.key = l.key AND k.kind = l.kind"
            " WHERE l.list = ? GROUP BY k.finding, l.entity",
            (watched_list,),
        )
        self._add([(row[0], row[1], row[2]) for row in rows], SURE)

    def _add(self, matches: Sequence[tuple[int, int, str]], sureness: int) -> None:
        """Keep matches under random numbers: a gap in a row of numbers would tell of a tip that is hidden."""
        for one in matches:
            number = _FIRST + secrets.randbelow(_NUMBERS)
            while self._small.row("SELECT 1 FROM list_matches WHERE number = ?", (number,)) is not None:
                number = _FIRST + secrets.randbelow(_NUMBERS)
            self._small.run(
                "INSERT INTO list_matches (number, finding, listed, kind, sureness) VALUES (?, ?, ?, ?, ?)",
                (number, *one, sureness),
            )

    def find(self, number: int) -> ListMatch | None:
        """The match with this number."""
        found = self._select("m.number = ?", (number,))
        return found[0] if found else None

    def listed(self, *, answers: Iterable[ListAnswer], but: Iterable[int] = (), most: int) -> list[ListMatch]:
        """Matches with one of these answers: hits, then the surest questions; none of the lists ``but``."""
        words = ", ".join(f"'{one}'" for one in answers)
        lists = number_list(but)
        kept = f" AND m.listed NOT IN (SELECT number FROM listed_entities WHERE list IN {lists})"  # noqa: S608
        inner = f"{_COLUMNS} WHERE {self._shown()}{kept}"
        rows = self._small.rows(
            f"SELECT * FROM ({inner}) WHERE answer IN ({words}) ORDER BY sureness DESC, finding, listed LIMIT ?",  # noqa: S608
            (most,),
        )
        return [_match(row) for row in rows]

    def of_findings(self, findings: Iterable[int]) -> list[ListMatch]:
        """The matches of these findings, the surest first."""
        numbers = number_list(findings)
        return self._select(f"m.finding IN {numbers}", ())

    def count_of_list(self, watched_list: int) -> tuple[int, int]:
        """Hits and questions of a list, answered ones too."""
        row = self._small.row(
            "SELECT coalesce(sum(m.kind <> ''), 0), coalesce(sum(m.kind = ''), 0) FROM list_matches AS m"  # noqa: S608
            " JOIN findings AS f ON f.number = m.finding JOIN listed_entities AS l ON l.number = m.listed"
            f" WHERE l.list = ? AND {self._shown()}",
            (watched_list,),
        )
        return (int(row[0]), int(row[1])) if row else (0, 0)

    def entities_by_list(self, *, least: int) -> dict[int, tuple[int, int]]:
        """By list: entities that may be on it, and those of them with an equal identifier.

        Matches below the sureness ``least``, and those that were answered with no, do not count.
        """
        rows = self._small.rows(
            "SELECT list, count(DISTINCT entity), count(DISTINCT CASE WHEN kind <> '' THEN entity END) FROM ("  # noqa: S608
            " SELECT l.list, f.entity, m.kind,"
            " coalesce((SELECT answer FROM list_answers WHERE list_match = m.number"
            " ORDER BY number DESC LIMIT 1), 'open') AS answer"
            " FROM list_matches AS m"
            " CROSS JOIN findings AS f ON f.number = m.finding"
            " CROSS JOIN listed_entities AS l ON l.number = m.listed"
            f" WHERE f.entity IS NOT NULL AND m.sureness >= ? AND {self._shown()}"
            ") WHERE answer <> 'no' GROUP BY list",
            (least,),
        )
        return {number: (entities, by_identifier) for number, entities, by_identifier in rows}

    def answer(self, number: int, answer: ListAnswer, *, because: str, reviewer: str, today: dt.date) -> None:
        """Add an answer, or take the last one back."""
        self._small.run(
            "INSERT INTO list_answers (list_match, answer, because, reviewer, day) VALUES (?, ?, ?, ?, ?)",
            (number, str(answer), because, reviewer, today.isoformat()),
        )

    def answers(self, number: int) -> list[ListAnswerLine]:
        """All answers to a match, the earliest first."""
        rows = self._small.rows(
            "SELECT answer, because, reviewer, day FROM list_answers WHERE list_match = ? ORDER BY number",
            (number,),
        )
        return [ListAnswerLine(ListAnswer(row[0]), row[1], row[2], dt.date.fromisoformat(row[3])) for row in rows]

    def findings_of(self, submission: int) -> list[int]:
        """The findings of a tip; dismissed ones too, as they may be new again."""
        rows = self._small.rows("SELECT number FROM findings WHERE submission = ?", (submission,))
        return [row[0] for row in rows]

    def named_findings(self, kinds: Iterable[str], *, submission: int | None = None) -> list[int]:
        """The findings of these kinds, of a tip or of all tips; dismissed ones too."""
        words = ", ".join(f"'{one}'" for one in kinds)
        rows = self._small.rows(
            f"SELECT number FROM findings WHERE kind IN ({words})"  # noqa: S608
            " AND (?1 IS NULL OR submission = ?1) ORDER BY number",
            (submission,),
        )
        return [row[0] for row in rows]

    def uncompared(self, newest: int, *, most: int) -> list[tuple[int, int]]:
        """Tips that were not compared with all lists yet, each with the last list it was compared with."""
        rows = self._small.rows(
            "SELECT t.submission, coalesce(r.list, 0) FROM tip_readings AS t"
            " LEFT JOIN list_readings AS r ON r.submission = t.submission"
            " WHERE coalesce(r.list, 0) < ? ORDER BY t.submission LIMIT ?",
            (newest, most),
        )
        return [(row[0], row[1]) for row in rows]

    def note_compared(self, submission: int, newest: int) -> None:
        """This tip was compared with all lists up to the newest one."""
        self._small.run("INSERT OR REPLACE INTO list_readings VALUES (?, ?)", (submission, newest))

    def note_all_compared(self, before: int, newest: int) -> None:
        """The tips that were compared with all lists up to ``before`` are now compared up to the newest one."""
        self._small.run(
            "INSERT OR REPLACE INTO list_readings SELECT t.submission, ?2 FROM tip_readings AS t"
            " WHERE ?1 <= coalesce((SELECT list FROM list_readings WHERE submission = t.submission), 0)",
            (before, newest),
        )

    def _select(self, condition: str, values: Sequence[object]) -> list[ListMatch]:
        rows = self._small.rows(
            f"{_COLUMNS} WHERE {self._shown()} AND {condition} ORDER BY m.sureness DESC, m.finding, m.listed",
            values,
        )
        return [_match(row) for row in rows]

    def _shown(self) -> str:
        return f"f.state <> 'dismissed' AND {not_hidden(self._small, 'f.submission')}"


def _match(row: Row) -> ListMatch:
    number, finding, submission, listed, kind, sureness, answer = row
    return ListMatch(number, finding, submission, listed, kind, sureness, ListAnswer(answer))
