"""Questions that the program raises between two names or two pictures; a person answers them.

A question is open until a decision stands on the entities of its two sides, or one side is dismissed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from reviewer.casebook.database import CasebookDatabase, Row
from reviewer.casebook.findings import not_hidden

_COLUMNS: Final = "q.number, q.one, q.other, q.one_picture, q.other_picture, q.sureness"
_PAGE: Final = 200

# The sides of both kinds of question, a picture with the finding that a person made of it.
_SIDES: Final = """
    link_questions AS q
    LEFT JOIN findings AS f ON f.number = q.one
    LEFT JOIN findings AS g ON g.number = q.other
    LEFT JOIN pictures AS p ON p.number = q.one_picture
    LEFT JOIN pictures AS r ON r.number = q.other_picture
"""


_NOT_DISMISSED: Final = "coalesce(f.state, '') <> 'dismissed' AND coalesce(g.state, '') <> 'dismissed'"
_OF_TIP: Final = """
    q.number IN (
        SELECT number FROM link_questions WHERE one IN (SELECT number FROM findings WHERE submission = ?1)
        UNION SELECT number FROM link_questions WHERE other IN (SELECT number FROM findings WHERE submission = ?1)
        UNION SELECT number FROM link_questions
            WHERE one_picture IN (SELECT number FROM pictures WHERE submission = ?1)
        UNION SELECT number FROM link_questions
            WHERE other_picture IN (SELECT number FROM pictures WHERE submission = ?1))
"""
_UNDECIDED: Final = """
    (f.entity IS NULL OR g.entity IS NULL OR f.entity <> g.entity AND NOT EXISTS
        (SELECT 1 FROM decisions AS d WHERE d.one IN (f.entity, g.entity) AND d.other IN (f.entity, g.entity)
        AND d.verdict <> 'undo' AND NOT EXISTS (SELECT 1 FROM decisions AS u WHERE u.undoes = d.number)))
"""


@dataclass(frozen=True, slots=True)
class StoredQuestion:
    """``sides`` are two findings, or two pictures if ``is_of_pictures``; ``sureness`` is from 0 to 1000."""

    number: int
    sides: tuple[int, int]
    is_of_pictures: bool
    sureness: int


class LinkQuestions:
    """Each method is a part of the caller's transaction."""

    def __init__(self, small: CasebookDatabase) -> None:
        self._small = small

    def raise_of_names(self, one: int, other: int, *, sureness: int, is_asked: bool) -> None:
        """Raise a question between two findings, unless it is there; ``is_asked`` is False for a weak one."""
        self._raise("one, other", (min(one, other), max(one, other), sureness, int(is_asked)))

    def raise_of_pictures(self, one: int, other: int, *, sureness: int, is_asked: bool) -> None:
        """Raise a question between two pictures, unless it is there; ``is_asked`` is False for a weak one."""
        self._raise("one_picture, other_picture", (min(one, other), max(one, other), sureness, int(is_asked)))

    def grade(self, number: int, *, sureness: int, is_asked: bool) -> None:
        """Grade a question again."""
        self._small.run(
            "UPDATE link_questions SET sureness = ?, is_asked = ? WHERE number = ?",
            (sureness, int(is_asked), number),
        )

    def drop_of_names(self, finding: int) -> None:
        """Remove the questions of a finding: its words or its kind have changed."""
        self._small.run("DELETE FROM link_questions WHERE one = ?1 OR other = ?1", (finding,))

    def find(self, number: int) -> StoredQuestion | None:
        """The question with this number, answered or not; None if there is none, or a tip of it is hidden."""
        found = self._rows("q.number = ?", (number,), most=1)
        return found[0] if found else None

    def surest(self, *, with_weak: bool, of_pictures: bool | None = None) -> Iterator[StoredQuestion]:
        """Questions of which no side was dismissed, and on which no decision stands, the surest first.

        Other decisions may answer some of them all the same.
        """
        kind = "1" if of_pictures is None else f"q.one IS {'' if of_pictures else 'NOT '}NULL"
        condition = f"{_NOT_DISMISSED} AND {_UNDECIDED} AND {kind} AND {'1' if with_weak else 'q.is_asked'}"
        page = self._rows(condition, (), most=_PAGE)
        while page:
            yield from page
            last = page[-1]
            behind = "(q.sureness < ?1 OR (q.sureness = ?1 AND q.number > ?2))"
            page = self._rows(f"{condition} AND {behind}", (last.sureness, last.number), most=_PAGE)

    def of_tip(self, submission: int) -> list[StoredQuestion]:
        """The questions with a side in this tip."""
        return self._rows(f"{_OF_TIP} AND {_NOT_DISMISSED}", (submission,), most=_PAGE)

    def _raise(self, columns: str, values: tuple[int, int, int, int]) -> None:
        self._small.run(
            f"INSERT INTO link_questions ({columns}, sureness, is_asked) VALUES (?, ?, ?, ?)",  # noqa: S608
            values,
        )

    def _rows(self, condition: str, values: Sequence[object], *, most: int) -> list[StoredQuestion]:
        shown = " AND ".join(
            not_hidden(self._small, f"coalesce({name}.submission, {picture}.submission)")
            for name, picture in (("f", "p"), ("g", "r"))
        )
        rows = self._small.rows(
            f"SELECT {_COLUMNS} FROM {_SIDES} WHERE {shown} AND {condition}"  # noqa: S608
            f" ORDER BY q.sureness DESC, q.number LIMIT {int(most)}",
            values,
        )
        return [_question(row) for row in rows]


def _question(row: Row) -> StoredQuestion:
    number, one, other, one_picture, other_picture, sureness = row
    if one is not None:
        return StoredQuestion(number, (one, other), False, sureness)
    return StoredQuestion(number, (one_picture, other_picture), True, sureness)
