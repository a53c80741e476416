"""The language that each submission reads like.

It is computed once: when a submission is kept, and for all when an older casebook is upgraded.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from crypto.submissions.submission import Kind
from reviewer.casebook.search_index import NOT_WORDS
from reviewer.languages.text_language import FEWEST_LETTERS, reads_like

if TYPE_CHECKING:
    from reviewer.casebook.database import CasebookDatabase

_MESSAGES: Final = """
    SELECT value FROM fields WHERE submission = ?1 AND name = 'text'
    UNION ALL SELECT value FROM inside_fields WHERE submission = ?1 AND name = 'text'
"""
_OTHER_TEXTS: Final = f"""
    SELECT value FROM fields WHERE submission = ?1 AND name <> 'text'
    AND name NOT IN ({", ".join("?" * len(NOT_WORDS))}) AND value LIKE '% %'
    UNION ALL SELECT value FROM inside_fields WHERE submission = ?1 AND name <> 'text' AND value LIKE '% %'
"""  # noqa: S608 -- a number of question marks
"""Answers of several words: a choice of a form is one word, whatever language the source writes."""


class TextLanguages:
    """The tag of a language of the site, or an empty one where the text says too little; see reads_like."""

    def __init__(self, small: "CasebookDatabase") -> None:
        self._small = small

    def put(self, submission: int) -> None:
        """Compute the language of a submission from its texts; an act and an unopened envelope have none."""
        kind = self._small.row("SELECT kind FROM submissions WHERE number = ?", (submission,))
        if kind is None or kind[0] in (None, int(Kind.ACT)):
            return
        text = self._joined(_MESSAGES, (submission,))
        if len(text) < FEWEST_LETTERS:
            text += "\n" + self._joined(_OTHER_TEXTS, (submission, *NOT_WORDS))
        self._small.run("INSERT OR REPLACE INTO text_languages VALUES (?, ?)", (submission, reads_like(text)))

    def put_all(self) -> None:
        """For a casebook that had none."""
        for (number,) in self._small.rows("SELECT number FROM submissions"):
            self.put(number)

    def of(self, submission: int) -> str | None:
        """The tag; empty where it is unsure, None where there is no text to read."""
        return self.some([submission]).get(submission)

    def some(self, numbers: Sequence[int]) -> dict[int, str]:
        """The tags of those of these submissions that have one; a thousand at most."""
        places = ", ".join("?" * len(numbers))
        return dict(
            self._small.rows(f"SELECT submission, tag FROM text_languages WHERE submission IN ({places})", numbers)  # noqa: S608
        )

    def _joined(self, statement: str, values: Sequence[object]) -> str:
        return "\n".join(value for (value,) in self._small.rows(statement, values))
