"""A sketch of the text of each submission, by which texts that were changed a little are found.

The text is cut into all pieces of a few letters. Of their digests the smallest are kept: two texts with many pieces
in common have many of these in common too. Blanks, marks and capitals do not count.
"""

import hashlib
from collections import Counter
from heapq import nsmallest
from typing import TYPE_CHECKING, Final

from crypto.submissions.submission import Kind
from reviewer.casebook.folded_text import folded
from reviewer.casebook.search_index import NOT_WORDS

if TYPE_CHECKING:
    from reviewer.casebook.database import CasebookDatabase

PIECE_LETTERS: Final = 8
KEPT_PIECES: Final = 32
FEWEST_PIECES: Final = 40
"""A shorter text is like many others by chance."""

LONGEST_LETTERS: Final = 20_000
"""Of a longer text only the beginning is cut into pieces."""

_FEWEST_IN_COMMON: Final = KEPT_PIECES // 4
_MOST_A_PIECE: Final = 500
_TEXTS: Final = f"""
    SELECT value FROM (
        SELECT value, place, 0 AS inside, name FROM fields WHERE submission = ?1
        UNION ALL SELECT value, sealed_place, 1 + place, name FROM inside_fields WHERE submission = ?1
    ) WHERE (name = 'text' OR length(value) >= {FEWEST_PIECES})
    AND name NOT IN ({", ".join("?" * len(NOT_WORDS))}) ORDER BY place, inside
"""  # noqa: S608 -- numbers, and a number of question marks


def pieces_of(text: str) -> frozenset[int]:
    """The digests of all pieces of a text, as whole numbers below 2^63."""
    plain = "".join(letter for letter in folded(text[:LONGEST_LETTERS]) if letter.isalnum())
    return frozenset(
        int.from_bytes(hashlib.blake2b(plain[at : at + PIECE_LETTERS].encode(), digest_size=8).digest()) >> 1
        for at in range(len(plain) - PIECE_LETTERS + 1)
    )


class TextSketches:
    """Sketches by the number of a submission; each is put once, when the submission is kept."""

    def __init__(self, small: "CasebookDatabase") -> None:
        self._small = small

    def put(self, submission: int) -> None:
        """Write the sketch of a submission; an act, an unopened envelope and a short text have none."""
        kind = self._small.row("SELECT kind FROM submissions WHERE number = ?", (submission,))
        self._small.run("DELETE FROM text_sketches WHERE submission = ?", (submission,))
        if kind is None or kind[0] in (None, int(Kind.ACT)):
            return
        pieces = pieces_of(self.text(submission))
        if len(pieces) < FEWEST_PIECES:
            return
        for piece in nsmallest(KEPT_PIECES, pieces):
            self._small.run("INSERT INTO text_sketches VALUES (?, ?)", (submission, piece))

    def put_all(self) -> None:
        """For a casebook that had none."""
        for (number,) in self._small.rows("SELECT number FROM submissions"):
            self.put(number)

    def text(self, submission: int) -> str:
        """The texts of a submission that are compared, one after another."""
        return "\n".join(row[0] for row in self._small.rows(_TEXTS, (submission, *NOT_WORDS)))

    def candidates(self, submission: int, *, most: int) -> list[int]:
        """Submissions that may read alike, the likeliest first; their texts have to be compared."""
        found: Counter[int] = Counter()
        for (piece,) in self._small.rows("SELECT piece FROM text_sketches WHERE submission = ?", (submission,)):
            found.update(
                row[0]
                for row in self._small.rows(
                    "SELECT submission FROM text_sketches WHERE piece = ? AND submission <> ?"
                    " ORDER BY submission DESC LIMIT ?",
                    (piece, submission, _MOST_A_PIECE),
                )
            )
        likely = sorted((-count, number) for number, count in found.items() if count >= _FEWEST_IN_COMMON)
        return [number for _count, number in likely[:most]]
