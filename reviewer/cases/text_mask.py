"""Words that are left out of a text before it leaves: a numbered mark stands in place of each.

The same word has the same mark in all texts of one paper, so that a reader can tell two people apart without
knowing either. A word is masked in each of its spellings: with and without accents and vowel points, in wide
letters, with other signs between its parts. It is masked as a whole word, with the ending or the prefix that its
language adds: a mark inside of a longer word could be guessed. In scripts without blanks it is masked as found.
"""

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Final

from reviewer.casebook.folded_text import NO_BLANKS, folded
from reviewer.languages.text_language import reads_like
from reviewer.languages.word_lists import TAGS, common_words
from reviewer.terminal.plain_text import plain_line
from system.errors import ProgramError

MOST_WORDS: Final = 300
_MOST_LINES: Final = 10
_LINE_LETTERS: Final = 200
UNMASKED_ACT: Final = "masked words leave"
"""Its line in the log names masked entities, and no tip: lines that name a tip leave with its custody."""

_WORD: Final = re.compile(
    "[^\\W\\d_][\\w\u00ad\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0dff\u200b-\u200d\u2060'’-]*"
)
_ENDINGS: Final = {
    "a-z": "s|es|u|ju|ji|jom|om|em|ov|ova|ove|ovi|ovo|in|ina|ine|i|e|ei|lui|ului|nin|nun|ya|ye|ta|ssa|nak|nek",
    "\u0400-\u052f": "а|я|у|ю|е|и|і|ї|ы|ой|ей|ою|ею|єю|ом|ем|ам|ями|ові|еві|ів|ов|ова|ови|ин|ина|ині|ну|ны",
    "\u0980-\u09ff": "র|ের|এর|কে|তে|য়|টি|রা|দের",
    "\u0370-\u03ff": "ς|υ|ν|σ",
    "\u0600-\u06ff": "ها|هاي|را|م|ش",
}
"""Endings that languages add to names, by the letters of their script."""
_PREFIXES: Final = {"\u0600-\u06ff": "[وف]?(?:[بكل]|ال|لل)?", "\u0590-\u05ff": "[ו]?[בהכלמש]?"}
"""Words of one letter that are written with the name, and the article."""
_STEM: Final = "[аяоеиіьй]"
"""The last letter of a name in Cyrillic letters that gives way to an ending."""
_FEWEST_OF_A_STEM: Final = 3
_NOT_BEHIND_A_LETTER: Final = r"(?<![^\W\d])(?<![\u0900-\u0dff])"
_NOT_BEFORE_A_LETTER: Final = r"(?![^\W\d]|[\u0900-\u0dff])"
"""Signs for vowels count as letters: in Hindi or Tamil they are no letters for patterns."""
_FEWEST_LETTERS: Final = 2
_MARK: Final = re.compile(r"\[#[0-9]+\]")
_LETTER_AT_A_MARK: Final = re.compile(r"[^\W\d_]\[#[0-9]+\]|\[#[0-9]+\][^\W\d_]")
_FEWEST_DIGITS: Final = 6  # a number with at least six digits is the same with blanks between them


class TextMask:
    """Masks words in one text after another; ``masked`` holds those that were found, behind [#1], [#2], ….

    Words are compared folded (:mod:`reviewer.casebook.folded_text`). Blanks around a word do not count, and an
    empty word is none. A word of signs alone, such as a smiley, is masked as it is written.
    """

    def __init__(self, words: Iterable[str]) -> None:
        wanted = {word.strip() for word in words if word.strip()}
        self._keys = {key for word in wanted if (key := mask_key(word))}
        self._words = _pattern(self._keys)
        self._signs = _pattern({word for word in wanted if not mask_key(word)}, are_signs=True)
        self._numbers: dict[str, int] = {}
        self.masked: list[str] = []

    def within(self, text: str, first: int = 0, end: int | None = None) -> str:
        """The letters from ``first`` to before ``end`` of a text, with a mark in place of each of the words.

        A mark stands also for a word of which only a part is among these letters.
        """
        end = len(text) if end is None else end
        pieces: list[str] = []
        at, last = first, 0
        for begin, behind, key in sorted(self._places(text)):
            if begin < last:
                continue
            last = behind
            if first < behind and begin < end:
                pieces += text[at:begin], self._mark(text[begin:behind], key)
                at = behind
        return "".join((*pieces, text[at:end]))

    def could_be_guessed(self, masked_text: str) -> bool:
        """True if a letter beside a mark, or a word that begins as the masked one, may tell it."""
        if _MARK.search(masked_text) is None:
            return False
        if _LETTER_AT_A_MARK.search(masked_text):
            return True
        left = folded(_MARK.sub(" ", masked_text)).split()
        some = tuple(key for key in self._numbers if len(key) > _FEWEST_LETTERS)
        return any(word.startswith(some) or word in self._numbers for word in left)

    def finds(self, text: str) -> bool:
        """True if one of the words is in a text."""
        return next(self._places(text), None) is not None

    def _places(self, text: str) -> Iterator[tuple[int, int, str]]:
        if self._words:
            plain, origins = _with_origins(text)
            at = 0
            while found := self._words.search(plain, at):
                first, behind = found.span()
                key = self._meant(found[0], text[origins[first]])
                at = behind if key else first + 1
                if key:
                    yield origins[first], _end_of_letter(text, origins[behind - 1]), key
        if self._signs:
            yield from ((*found.span(), found[0]) for found in self._signs.finditer(text))

    def _meant(self, word: str, first_letter: str) -> str:
        """The key of a word; empty for another word, such as "this" beside Thi and "na" beside Na."""
        key = mask_key(word)
        if key in self._keys:
            is_small = first_letter.lower() == first_letter != first_letter.upper()
            return "" if len(key) == _FEWEST_LETTERS and is_small and key in _everyday() else key
        if word in _everyday():
            return ""
        longest_first = sorted(self._keys, key=lambda key: (-len(key), key))
        return next(key for key in longest_first if re.fullmatch(_spelled(key), word))

    def _mark(self, found: str, key: str) -> str:
        if key not in self._numbers:
            self.masked.append(found if (mask_key(found) or found) == key else key)
            self._numbers[key] = len(self.masked)
        return f"[#{self._numbers[key]}]"


def guessable_lines(texts: Iterable[str], words: Sequence[str]) -> list[str]:
    """The first ten lines of these texts, masked, in which a mask could be guessed."""
    mask = TextMask(words)
    lines = (mask.within(line) for text in texts for line in text.splitlines()) if words else iter(())
    some = (plain_line(line, limit_letters=_LINE_LETTERS) for line in lines if mask.could_be_guessed(line))
    return list(dict.fromkeys(itertools.islice(some, _MOST_LINES)))


def maskable_words(text: str) -> list[str]:
    """Words that staff may want to mask: each in one spelling, without the commonest ones, at most 300."""
    common = {folded(word) for word in common_words(reads_like(text))}
    words = {folded(word): word for word in reversed(_WORD.findall(text)) if folded(word).strip() not in common}
    return list(reversed(words.values()))[:MOST_WORDS]


def require_masks(texts: Sequence[str], masks: Iterable[str]) -> None:
    """Return if each word to mask is in one of the texts: a typing error would leave a name open.

    Raises:
        ProgramError: one is not.
    """
    for word in masks:
        if word.strip() and not any(map(TextMask([word]).finds, texts)):
            raise ProgramError("a word to mask is not in the text", hint="write it as it stands there")


def mask_key(word: str) -> str:
    """The folded form, by which words are the same: one blank between its parts, none in a long number.

    Empty for signs alone.
    """
    plain = " ".join(folded(word).split())
    digits = plain.replace(" ", "")
    return digits if digits.isdecimal() and len(digits) >= _FEWEST_DIGITS else plain


@cache
def _everyday() -> frozenset[str]:
    """The commonest words of all languages of the site, folded."""
    return frozenset(folded(word) for tag in TAGS for word in common_words(tag))


def _pattern(words: set[str], *, are_signs: bool = False) -> re.Pattern[str] | None:
    """Finds the longest of the words at each place of a text; None if there are none."""
    longest_first = sorted(words, key=lambda word: (-len(word), word))
    return re.compile("|".join(map(re.escape if are_signs else _spelled, longest_first))) if words else None


def _spelled(key: str) -> str:
    if key.isdecimal() and len(key) >= _FEWEST_DIGITS:
        return " ?".join(key)
    first, last = key[0], key[-1]
    before = "" if NO_BLANKS.match(first * 2) else "(?<!\\d)" if first.isdecimal() else _NOT_BEHIND_A_LETTER
    behind = "" if NO_BLANKS.match(last * 2) else "(?!\\d)" if last.isdecimal() else _NOT_BEFORE_A_LETTER
    word = re.escape(key)
    if behind == _NOT_BEFORE_A_LETTER and len(key) > _FEWEST_LETTERS:
        endings = "|".join(map(folded, _of_script(_ENDINGS, last).split("|")))
        if re.fullmatch(_STEM, last) and len(key) > _FEWEST_OF_A_STEM:
            word = f"{re.escape(key[:-1])}(?:{last}|{endings})"
        elif endings:
            word = f"{word}(?:{endings})?"
    return f"{before}{_of_script(_PREFIXES, first) if before else ''}{word}{behind}"


def _of_script(patterns: Mapping[str, str], letter: str) -> str:
    return next((one for script, one in patterns.items() if re.match(f"[{script}]", letter)), "")


def _with_origins(text: str) -> tuple[str, list[int]]:
    """The folded text, and for each of its letters the place of its origin; a run of blanks is one blank."""
    plain: list[str] = []
    origins: list[int] = []
    for at, letter in enumerate(text):
        for one in folded(letter):
            if one != " " or (plain and plain[-1] != " "):
                plain.append(one)
                origins.append(at)
    return "".join(plain), origins


def _end_of_letter(text: str, at: int) -> int:
    """The place behind the letter and the accents and vowel points that follow it."""
    behind = at + 1
    while behind < len(text) and text[behind].isprintable() and not folded(text[behind]):
        behind += 1
    return behind
