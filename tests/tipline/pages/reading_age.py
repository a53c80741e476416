"""How old a reader must be: the Flesch–Kincaid grade of the English sentences on a page, counted here.

grade = 0.39 · words per sentence + 11.8 · syllables per word − 15.59. Grade 4 is the school year of nine- to
ten-year-olds. Syllables are groups of vowels, less a silent e: within a few percent of a dictionary over a page,
and a page is what is judged. A package for this would bring a dictionary of several megabytes to say the same.
"""

import re
from dataclasses import dataclass
from html import unescape

_SKIPPED = re.compile(r"<(head|textarea|title|pre)\b.*?</\1>|<!--.*?-->|<p class=\"words.*?</p>", re.DOTALL)
_BLOCK_ENDS = re.compile(
    r"</?(?:p|li|h[1-6]|label|button|summary|a|div|section|article|header|footer|main|nav)\b[^>]*>"
)
_TAG = re.compile(r"<[^>]+>")
_SENTENCE_ENDS = re.compile(r"(?<=[.!?:])\s+|(?<=[.!?]”)\s+|\n+")
_STOPS = (".", "!", "?", ":", ".”", "?”")
_WORD = re.compile(r"[A-Za-z’']+")
_VOWELS = re.compile(r"[aeiouy]+")
_SILENT = re.compile(r"(?:[^aeiouyl]e|[^aeiouydt]ed|[^aeiouyscxzgh]es)$")


@dataclass(frozen=True, slots=True)
class Reading:
    """The counts."""

    sentences: int
    words: int
    syllables: int
    longest_sentence: str

    @property
    def grade(self) -> float:
        """School year, as in the formula above."""
        return 0.39 * self.words / self.sentences + 11.8 * self.syllables / self.words - 15.59


def shown_sentences(page: str, *, whole: bool = True) -> list[list[str]]:
    """The words of each sentence that the HTML ``page`` shows; with ``whole``, headings, labels and links that do
    not end like a sentence are left out."""
    text = unescape(_TAG.sub("", _BLOCK_ENDS.sub("\n", _SKIPPED.sub(" ", page))))
    pieces = [piece.strip() for piece in _SENTENCE_ENDS.split(text)]
    return [words for one in pieces if (one.endswith(_STOPS) or not whole) and (words := _WORD.findall(one))]


def reading_of(page: str) -> Reading:
    """Of the whole sentences that the HTML ``page`` shows."""
    sentences = shown_sentences(page)
    words = [word for sentence in sentences for word in sentence]
    return Reading(
        sentences=len(sentences),
        words=len(words),
        syllables=sum(syllables(word) for word in words),
        longest_sentence=" ".join(max(sentences, key=len, default=[])),
    )


def syllables(word: str) -> int:
    """Of one English word, at least one."""
    word = word.lower().replace("’", "").replace("'", "")
    return max(1, len(_VOWELS.findall(word)) - bool(_SILENT.search(word)))
