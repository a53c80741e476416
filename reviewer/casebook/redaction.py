"""Blacks passages out of the stored texts of a tip.

Nothing here can make its envelope again after that. A passage becomes as many black blocks as it had letters, so
that the places of other findings stay right.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from reviewer.casebook.database import CasebookFiles
from reviewer.casebook.findings import TextPlace
from reviewer.casebook.held_sentences import HeldSentences
from reviewer.casebook.search_index import SearchIndex
from reviewer.casebook.submission import Submission
from reviewer.casebook.submissions import CasebookSubmissions
from reviewer.casebook.text_sketches import TextSketches

BLOCK: Final = "█"

# By the part of a tip: table, column of the text, and if it lies in a sealed file.
_STORED: Final[Mapping[str, tuple[str, str, bool]]] = {
    "field": ("fields", "value", False),
    "file": ("files", "name", False),
    "inside field": ("inside_fields", "value", True),
    "inside file": ("inside_files", "name", True),
}
_DERIVED: Final = ("translations", "translator_orders", "same_contents")
"""Tables that repeat the words of a text."""

Stretch = tuple[TextPlace, int, int]
"""A text, the first letter, and the place behind the last one."""


class Redaction:
    """A part of the caller's transaction, after which the files are finished as after a deletion."""

    def __init__(self, files: CasebookFiles) -> None:
        self._files = files
        self._small = files.small

    def black_out(self, submission: Submission, stretches: Sequence[Stretch]) -> None:
        """Black out stretches of a tip; its translations and its stored envelope go."""
        HeldSentences(self._small).keep_before_change(submission.number)
        for place, first, end in stretches:
            self._black_out(submission.number, place, first, end)
        for table in _DERIVED:
            self._small.run(f"DELETE FROM {table} WHERE submission = ?", (submission.number,))  # noqa: S608
        CasebookSubmissions(self._files).forget_envelope(submission)
        TextSketches(self._small).put(submission.number)
        index = SearchIndex(self._small)
        index.put(submission.number)
        index.wipe_leavings()

    def _black_out(self, submission: int, place: TextPlace, first: int, end: int) -> None:
        if place.part not in _STORED:  # a picture: its fingerprint goes, and it has no letters
            return
        table, column, is_inside = _STORED[place.part]
        where = "submission = ? AND place = ?" + (" AND sealed_place = ?" if is_inside else "")
        values = (submission, place.place, *((place.sealed_place,) if is_inside else ()))
        row = self._small.row(f"SELECT {column} FROM {table} WHERE {where}", values)  # noqa: S608
        if row is None:
            return
        text = str(row[0])
        text = text[:first] + BLOCK * len(text[first:end]) + text[end:]
        self._small.run(f"UPDATE {table} SET {column} = ? WHERE {where}", (text, *values))  # noqa: S608
