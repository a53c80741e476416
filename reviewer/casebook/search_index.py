"""The index for searching: folded words of each submission, in the casebook and as sealed as the rest of it.

It is written in the same change as what it speaks of, and made anew from that; so it is never out of step. It holds
pieces of three letters, which find a number of which only the middle is known, and words of scripts that leave no
blank between them.
"""

import hashlib
import json
from typing import TYPE_CHECKING, Final

from crypto.questions.answers import DOOR_FIELD, QUESTIONS_FIELD
from crypto.submissions.submission import Kind
from reviewer.casebook.folded_text import SEARCHED_LETTERS, indexed

if TYPE_CHECKING:
    from reviewer.casebook.database import CasebookDatabase

NOT_WORDS: Final = (DOOR_FIELD, QUESTIONS_FIELD, "language", "urgent", "answer")
"""Fields that say something beside the words: nobody looks for "yes"."""

_FROM_SOURCE: Final = f"""
    SELECT value FROM fields WHERE submission = ?1 AND name NOT IN ({", ".join("?" * len(NOT_WORDS))})
    UNION ALL SELECT value FROM inside_fields WHERE submission = ?1
    UNION ALL SELECT name FROM files WHERE submission = ?1
    UNION ALL SELECT name FROM inside_files WHERE submission = ?1
"""  # noqa: S608 -- a number of question marks
_FROM_STAFF: Final = """
    SELECT text FROM replies WHERE submission = ?1 UNION ALL SELECT text FROM notes WHERE submission = ?1
"""


class SearchIndex:
    """One entry for each submission of which there are words; an act has those of staff only."""

    def __init__(self, small: "CasebookDatabase") -> None:
        self._small = small

    def put(self, submission: int) -> None:
        """Make the entry of a submission anew, from everything that is known of it now."""
        kind = self._small.row("SELECT kind FROM submissions WHERE number = ?", (submission,))
        rows = self._small.rows(_FROM_STAFF, (submission,))
        if kind is not None and kind[0] not in (None, int(Kind.ACT)):
            rows += self._small.rows(_FROM_SOURCE, (submission, *NOT_WORDS))
            self._small.run(
                "INSERT OR REPLACE INTO same_contents VALUES (?, ?)", (submission, self._digest(submission))
            )
        words = indexed("\n".join(value for (value,) in rows)[:SEARCHED_LETTERS])
        self._small.run("INSERT OR REPLACE INTO search (rowid, words) VALUES (?, ?)", (submission, words))

    def wipe_leavings(self) -> None:
        """Write the index anew without what entries held before: FTS5 only marks it as gone. Takes a second or two
        for ten thousand tips."""
        self._small.run("INSERT INTO search (search) VALUES ('optimize')")

    def put_all(self) -> None:
        """For a casebook that had no index yet."""
        for (number,) in self._small.rows("SELECT number FROM submissions"):
            self.put(number)

    def matching(self, expression: str) -> set[int]:
        """Numbers of the submissions that an expression of FTS5 fits; :mod:`reviewer.cases.search` makes it."""
        return {row[0] for row in self._small.rows("SELECT rowid FROM search WHERE search MATCH ?", (expression,))}

    def _digest(self, submission: int) -> bytes:
        """Over what the source filled in and sent, whatever the mailbox and the page's language."""
        fields = self._small.rows(
            "SELECT name, value FROM fields WHERE submission = ? AND name <> 'language' ORDER BY place",
            (submission,),
        )
        files = self._small.rows("SELECT hex(sha256) FROM files WHERE submission = ? ORDER BY place", (submission,))
        return hashlib.sha256(json.dumps([fields, files]).encode("ascii")).digest()
