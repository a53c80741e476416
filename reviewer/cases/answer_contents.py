"""Finds numbers, addresses, links and words of the source in an answer.

A person who reads over the source's shoulder must not learn from an answer what the source had told. So a word
that the source wrote makes the desk ask once more, unless it is one of the commonest words of the answer's
language. Words are compared folded; a word counts as common only as it is spelled.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from itertools import pairwise
from typing import Final

from reviewer.casebook.folded_text import NO_BLANKS, SEARCHED_LETTERS, folded, spelled
from reviewer.casebook.search_index import NOT_WORDS
from reviewer.casebook.submission import Submission
from reviewer.cases.preferences import SourcePreferences
from reviewer.cases.written_numbers import written_numbers
from reviewer.home.home import Home
from reviewer.languages.text_language import UNSURE, reads_like
from reviewer.languages.word_lists import TAGS, common_words, street_words

MOST_SHOWN: Final = 40
_FEWEST_SIGNS: Final = 2
_LINK: Final = re.compile(
    r"[a-z][a-z0-9+.-]*://\S*|\bwww\.\S+|(?<![\w@.])(?:[\w-]+\.)+(?!(?:txt|pdf|jpg|png)\b)[^\W\d_]{2,24}\b(?:/\S*)?",
    re.IGNORECASE,
)
_MAIL: Final = re.compile(r"[^\s@]*@[^\s@]*")
_DIGITS: Final = re.compile(r"[^\W_]*[\d\u2460-\u249b\u3007]+[\w.,:/+()-]*")
# Signs that a browser, or a reader, takes for the full stop of an address.
_OTHER_STOP: Final = re.compile(r"(?<=[a-z0-9])[。۔।点點](?=[a-z])", re.IGNORECASE)
_WORD: Final = re.compile(r"[^\W_]+(?:[\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0900-\u0dff\u200c\u200d]+[^\W_]*)*")
_AROUND: Final = ".,:;!?()[]<>\"'«»“”"
_THAI_LEADING: Final = "เแโใไ"


class AnswerFindingKind(StrEnum):
    """Kinds of findings, in words for staff."""

    NUMBER = "a number"
    ADDRESS = "an address"
    LINK = "a link"
    WORD = "a word of the source's own text"


@dataclass(frozen=True, slots=True)
class AnswerFinding:
    """One kind and the pieces of the answer, each once, in order."""

    kind: AnswerFindingKind
    pieces: Sequence[str] = field(repr=False)

    def words(self) -> str:
        """For one line: the kind and some of the pieces."""
        more = f" and {len(self.pieces) - MOST_SHOWN} more" if len(self.pieces) > MOST_SHOWN else ""
        return f"{self.kind}: {', '.join(self.pieces[:MOST_SHOWN])}{more}"


def findings_in(home: Home, submission: Submission, text: str) -> list[AnswerFinding]:
    """Everything in an answer to this submission that staff should look at twice; often empty.

    Compared are the texts of all submissions of the same mailbox, also what came sealed.
    """
    tags = _languages(home, submission, text)
    return answer_findings(text, list(_source_texts(home, submission)), tags=tags)


def answer_findings(text: str, untrusted_texts: Sequence[str], *, tags: Sequence[str]) -> list[AnswerFinding]:
    """As :func:`findings_in`, for texts that are given.

    ``tags`` are the languages whose commonest words are not asked about, and whose words of numbers are.
    """
    text = _without_hidden(text)
    plain = unicodedata.normalize("NFKC", text)
    found = {
        AnswerFindingKind.NUMBER: [
            *_DIGITS.findall(_with_plain_digits(plain)),
            *written_numbers(text, tags=tags),
        ],
        AnswerFindingKind.ADDRESS: [*(_MAIL.findall(plain) if "@" in plain else []), *_streets(plain)],
        AnswerFindingKind.LINK: _LINK.findall(_OTHER_STOP.sub(".", _MAIL.sub(" ", plain))),
        AnswerFindingKind.WORD: [
            *_shared_words(text, untrusted_texts, tags),
            *_shared_runs(text, untrusted_texts, tags),
        ],
    }
    bare = {kind: [piece.strip(_AROUND) or piece for piece in pieces] for kind, pieces in found.items()}
    return [AnswerFinding(kind, list(dict.fromkeys(pieces))) for kind, pieces in bare.items() if pieces]


def _languages(home: Home, submission: Submission, text: str) -> list[str]:
    """The answer's own language; where that is unsure, that of the source's text or of the page."""
    if (own := reads_like(text)) != UNSURE:
        return [own]
    page = SourcePreferences.from_fields(home.casebook.submissions.fields(submission)).language
    return [home.casebook.text_languages.of(submission.number) or (page if page in TAGS and page else "en")]


def _source_texts(home: Home, submission: Submission) -> Iterator[str]:
    casebook = home.casebook
    for one in casebook.overview.of_mailbox(submission):
        for item in casebook.submissions.fields(one):
            if item.name not in NOT_WORDS and item.name != "act":
                yield item.value[:SEARCHED_LETTERS]
        for sealed in casebook.sealed_files.of(one).values():
            yield from (item.value[:SEARCHED_LETTERS] for item in sealed.fields)


def _without_hidden(text: str) -> str:
    """Without letters that are not seen, such as a soft hyphen inside of a word."""
    return "".join(letter for letter in text if unicodedata.category(letter) != "Cf")


def _with_plain_digits(text: str) -> str:
    """Digits of every script, and digits in circles, as plain ones."""
    return "".join(letter if (digit := unicodedata.digit(letter, None)) is None else str(digit) for letter in text)


def _streets(text: str) -> Iterator[str]:
    words = {spelled(word): word for word in _WORD.findall(text)}
    runs = NO_BLANKS.findall(text)
    for street in _all_streets():
        if NO_BLANKS.search(street * 2):
            yield from (street for run in runs if street in run)
        elif street in words:
            yield words[street]


@cache
def _all_streets() -> tuple[str, ...]:
    return tuple(spelled(word) for tag in TAGS for word in street_words(tag))


def _shared_words(text: str, untrusted_texts: Sequence[str], tags: Sequence[str]) -> Iterator[str]:
    """Words between blanks that the source wrote too, in the spelling of the answer."""
    answer = {word: key for word in _words(text) if (key := folded(word).strip())}
    wanted = set(answer.values())
    theirs: set[str] = set()
    for untrusted in untrusted_texts:
        theirs |= wanted & set(folded(untrusted).split())
        theirs |= wanted & {folded(word).strip() for word in _words(_without_hidden(untrusted))}
    common = {word for tag in tags for word in _spelled_common(tag)}
    yield from (word for word, key in answer.items() if key in theirs and spelled(word) not in common)


def _words(text: str) -> list[str]:
    """All words outside of runs that have no blanks; a letter alone counts too."""
    return _WORD.findall(NO_BLANKS.sub(" ", text))


@cache
def _spelled_common(tag: str) -> frozenset[str]:
    return frozenset(spelled(piece) for word in common_words(tag) for piece in _WORD.findall(word))


def _shared_runs(text: str, untrusted_texts: Sequence[str], tags: Sequence[str]) -> Iterator[str]:
    """The longest runs of two signs or more, in scripts without blanks, that the source wrote too."""
    runs = NO_BLANKS.findall(folded(text))
    wanted = {pair for run in runs for pair in _pairs(_signs(run))}
    theirs: set[str] = set()
    for untrusted in untrusted_texts if wanted else []:
        plain = folded(untrusted)
        theirs |= {pair for pair in wanted - theirs if pair in plain}
    common = {folded(word) for tag in tags for word in common_words(tag)}
    for run in runs:
        signs = _signs(run)
        is_common = _covered(signs, common)
        begin = end = 0
        for at, pair in enumerate(_pairs(signs)):
            if pair in theirs and not (is_common[at] and is_common[at + 1]):
                if end < at + 1:
                    if end - begin >= _FEWEST_SIGNS:
                        yield "".join(signs[begin:end])
                    begin = at
                end = at + 2
        if end - begin >= _FEWEST_SIGNS:
            yield "".join(signs[begin:end])


def _pairs(signs: Sequence[str]) -> list[str]:
    return [first + second for first, second in pairwise(signs)]


def _signs(run: str) -> list[str]:
    """A sign is a letter with its marks; in Thai also with the vowel that is written before it."""
    signs: list[str] = []
    is_open = False
    for letter in run:
        if signs and (is_open or unicodedata.category(letter)[0] == "M" or letter in "ะาำๅๆ"):
            signs[-1] += letter
        else:
            signs.append(letter)
        is_open = letter in _THAI_LEADING
    return signs


def _covered(signs: Sequence[str], common: set[str]) -> list[bool]:
    """For each sign, True if it belongs to a common word; the longest word at each place counts."""
    longest = max(map(len, common), default=0)
    covered = [False] * len(signs)
    at = 0
    while at < len(signs):
        for stop in range(min(len(signs), at + longest), at, -1):
            if "".join(signs[at:stop]) in common:
                covered[at:stop] = [True] * (stop - at)
                at = stop
                break
        else:
            at += 1
    return covered
