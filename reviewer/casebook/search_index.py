"""The search index: folded words of each submission, encrypted like the rest of the casebook.

An entry is written in the same transaction as its submission, and rebuilt from it, so it is never out of date. It
holds runs of three letters, which find a number by its middle, and words of scripts without blanks between words.
"""

import hashlib
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from crypto.questions.answers import FORM_FIELD, QUESTIONS_FIELD
from crypto.submissions.submission import Kind
from reviewer.casebook.folded_text import SEARCHED_LETTERS, indexed

if TYPE_CHECKING:
    from reviewer.casebook.database import CasebookDatabase

NOT_WORDS: Final = (FORM_FIELD, QUESTIONS_FIELD, "language", "urgent", "answer")
"""Fields with a fixed value: a search for "yes" would be useless."""

_FROM_SOURCE: Final = f"""
    SELECT value FROM fields WHERE submission = ?1 AND name NOT IN ({", ".join("?" * len(NOT_WORDS))})
    UNION ALL SELECT value FROM inside_fields WHERE submission = ?1
    UNION ALL SELECT name FROM files WHERE submission = ?1
    UNION ALL SELECT name FROM inside_files WHERE submission = ?1
"""  # noqa: S608 -- a number of question marks
_FROM_STAFF: Final = """
    SELECT text FROM replies WHERE submission = ?1 UNION ALL SELECT text FROM notes WHERE submission = ?1
"""


_FROM_COLLEAGUES: Final = """
    SELECT coalesce(json_extract(CAST(body AS TEXT), '$.content.text'), '') FROM operations
    WHERE kind = 'answer' AND body IS NOT NULL
    AND tip = (SELECT envelope_sha256 FROM submissions WHERE number = ?1)
"""
"""Their notes are notes here; their answers are read from what they shared."""


class SearchIndex:
    """One entry for each submission with words; an act has the words of staff only."""

    def __init__(self, small: "CasebookDatabase") -> None:
        self._small = small

    def put(self, submission: int, *, has_colleagues: bool = True) -> None:
        """Rebuild the entry of a submission from all that is known of it now.

        Without ``has_colleagues`` the casebook is of a version that shared nothing.
        """
        kind = self._small.row("SELECT kind FROM submissions WHERE number = ?", (submission,))
        rows = self._small.rows(_FROM_STAFF, (submission,))
        if has_colleagues:
            rows += self._small.rows(_FROM_COLLEAGUES, (submission,))
        if kind is not None and kind[0] not in (None, int(Kind.ACT)):
            rows += self._small.rows(_FROM_SOURCE, (submission, *NOT_WORDS))
            self._small.run(
                "INSERT OR REPLACE INTO same_contents VALUES (?, ?)", (submission, self._digest(submission))
            )
        words = indexed("\n".join(value for (value,) in rows)[:SEARCHED_LETTERS])
        self._small.run("INSERT OR REPLACE INTO search (rowid, words) VALUES (?, ?)", (submission, words))

    def wipe_leavings(self) -> None:
        """Rebuild the index without deleted content: FTS5 only marks it as deleted.

        It takes a second or two for ten thousand tips.
        """
        self._small.run("INSERT INTO search (search) VALUES ('optimize')")

    def put_all(self) -> None:
        """Build the index of a casebook that had none."""
        for (number,) in self._small.rows("SELECT number FROM submissions"):
            self.put(number, has_colleagues=False)

    def matching(self, expression: str, *, most: int) -> list[int]:
        """Numbers of the submissions that an expression of FTS5 fits: the last ``most`` that came here.

        :mod:`reviewer.cases.search` makes the expression.
        """
        rows = self._small.rows(
            "SELECT rowid FROM search WHERE search MATCH ? ORDER BY rowid DESC LIMIT ?", (expression, most)
        )
        return [row[0] for row in rows]

    def newest_first(self, numbers: Sequence[int]) -> list[int]:
        """These submissions by day, the newest first; of one day, in the order of import."""
        rows = self._small.rows(
            f"SELECT submission FROM inbox_rows WHERE submission IN ({', '.join('?' * len(numbers))})"  # noqa: S608
            " ORDER BY day DESC, submission",
            numbers,
        )
        return [row[0] for row in rows]

    def _digest(self, submission: int) -> bytes:
        """Digest of the source's own fields and files, without the mailbox and the page's language."""
        fields = self._small.rows(
            "SELECT name, value FROM fields WHERE submission = ? AND name <> 'language' ORDER BY place",
            (submission,),
        )
        files = self._small.rows("SELECT hex(sha256) FROM files WHERE submission = ? ORDER BY place", (submission,))
        return hashlib.sha256(json.dumps([fields, files]).encode("ascii")).digest()
