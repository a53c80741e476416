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
_TRANSLATIONS: Final = " UNION ALL SELECT text FROM translations WHERE submission = ?1"
_TRANSLATIONS_FROM: Final = 4


_FROM_COLLEAGUES: Final = """
    SELECT coalesce(json_extract(CAST(said.body AS TEXT), '$.content.text'), '') FROM operations AS said
    WHERE said.kind = 'answer' AND said.body IS NOT NULL
    AND said.tip = (SELECT envelope_sha256 FROM submissions WHERE number = ?1)
    AND NOT EXISTS (
        SELECT 1 FROM operations AS back
        WHERE back.kind = 'answer-taken-back' AND back.tip = said.tip AND back.author = said.author
        AND json_extract(CAST(back.body AS TEXT), '$.content.reply')
            = json_extract(CAST(said.body AS TEXT), '$.content.reply')
    )
"""
"""Their notes are notes here; their answers are read from what they shared, but for those that they took back."""


class SearchIndex:
    """One entry for each submission with words; an act has the words of staff only."""

    def __init__(self, small: "CasebookDatabase", *, version: int = _TRANSLATIONS_FROM) -> None:
        """``version`` is that of the casebook, which has no translations while it is upgraded to an older one."""
        self._small = small
        self._from_staff = _FROM_STAFF + (_TRANSLATIONS if version >= _TRANSLATIONS_FROM else "")

    def put(self, submission: int, *, has_colleagues: bool = True) -> None:
        """Rebuild the entry of a submission from all that is known of it now.

        Without ``has_colleagues`` the casebook is of a version that shared nothing.
        """
        kind = self._small.row("SELECT kind FROM submissions WHERE number = ?", (submission,))
        rows = self._small.rows(self._from_staff, (submission,))
        if has_colleagues:
            rows += self._small.rows(_FROM_COLLEAGUES, (submission,))
        if kind is not None and kind[0] not in (None, int(Kind.ACT)):
            rows += self._small.rows(_FROM_SOURCE, (submission, *NOT_WORDS))
            self._small.run(
                "INSERT OR REPLACE INTO same_contents VALUES (?, ?)", (submission, self._digest(submission))
            )
        words = indexed("\n".join(value for (value,) in rows)[:SEARCHED_LETTERS])
        self._small.run("INSERT OR REPLACE INTO search (rowid, words) VALUES (?, ?)", (submission, words))

    def forget(self, submission: int) -> None:
        """Delete the entry of a submission; :meth:`wipe_leavings` removes what the index still holds of it."""
        self._small.run("DELETE FROM search WHERE rowid = ?", (submission,))

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
