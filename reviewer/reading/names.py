"""Names of people behind words that announce one, and in answers to questions that ask for one.

No model and no list of names decides. Where a script has capitals, a name is what is written with capitals behind a
cue. Where it has none, it is the next word or two, up to a mark or a word that is no part of a name.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from reviewer.reading.cues import cue_pattern, words_of

MOST_WORDS: Final = 4
_LONGEST: Final = 60
_ANSWER_LETTERS: Final = 80
# Vowel signs of Indic scripts and points of Hebrew and Arabic are no letters for the pattern "\w".
_LETTER: Final = r"(?:[^\W\d_]|[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670\u0900-\u0963\u0971-\u0dff\u200c])"
_WORD: Final = re.compile(rf"{_LETTER}+(?:['’.\-·]{_LETTER}+)*\.?")
_GAP: Final = re.compile(r"[ \t\u00a0]{1,3}")
_BETWEEN: Final = re.compile(r"\s*[:：\-–]?\s*[\"“”„«»'‘’*]?")
_HAN: Final = re.compile(r"[\u3400-\u9fff]{2}")
_THAI: Final = re.compile(r"[\u0e00-\u0e7f]{2,25}(?: [\u0e00-\u0e7f]{2,25})?")
_PARTS: Final = re.compile(r"[,;\n/&]+|\s+(?:and|und|y|et|e|и|та|و|en)\s+")
_NO_NAME: Final = frozenset({"Lo", "Lm"})
_MOST_UNCASED: Final = 2
_ARTICLE: Final = "ال"


def persons(text: str) -> Iterator[tuple[int, int, str]]:
    """First letter, end, and words of each name behind a cue."""
    for cue in cue_pattern("person").finditer(text):
        first = _behind(text, cue.end())
        end = _name_end(text, first)
        if end > first:
            yield first, end, text[first:end]


def answered_names(text: str) -> Iterator[tuple[int, int, str]]:
    """First letter, end, and words of each name in an answer to a question that asks for names."""
    at = 0
    for part in [*_PARTS.finditer(text), None]:
        end = part.start() if part else len(text)
        words = text[at:end]
        first = at + len(words) - len(words.lstrip())
        last = first + len(words.strip())
        if 0 < last - first <= _ANSWER_LETTERS and len(words.split()) <= MOST_WORDS + 2 and _WORD.search(words):
            yield first, last, text[first:last]
        at = part.end() if part else end


def _behind(text: str, at: int) -> int:
    """Behind the marks that follow a cue, and behind one word such as "is" or "او"."""
    between = _BETWEEN.match(text, at)
    first = between.end() if between else at
    word = _WORD.match(text, first)
    if word is not None and word[0].casefold() in words_of("name_skip"):
        between = _BETWEEN.match(text, word.end())
        first = between.end() if between else word.end()
    return first


def _name_end(text: str, first: int) -> int:
    """The end of the name that begins here; ``first`` if none does."""
    if not text[first : first + 1].strip():
        return first
    if _HAN.match(text, first):
        return _han_end(text, first)
    if "\u0e00" <= text[first] <= "\u0e7f":
        thai = _THAI.match(text, first)
        return thai.end() if thai else first
    return _cased_end(text, first) if _is_cased(text[first]) else _uncased_end(text, first)


def _cased_end(text: str, first: int) -> int:
    """Words with a capital, and particles between them."""
    end = at = first
    count = 0
    while count < MOST_WORDS and (word := _WORD.match(text, at)) is not None and word.end() - first <= _LONGEST:
        is_name = word[0][0].isupper() or word[0][0].istitle()
        if not is_name and word[0].casefold() not in words_of("name_particle"):
            break
        stop = word.end()
        if word[0].endswith(".") and len(word[0]) > 2:  # the end of a sentence, and no initial
            stop -= 1
        if is_name:
            if not count and word[0].rstrip(".").casefold() in words_of("no_name"):
                break
            end, count = stop, count + 1
        if stop < word.end() or (gap := _GAP.match(text, word.end())) is None:
            break
        at = gap.end()
    return end


def _uncased_end(text: str, first: int) -> int:
    """One word, and a second one if it is no word that goes on with the sentence."""
    end = at = first
    for count in range(MOST_WORDS):
        word = _WORD.match(text, at)
        if word is None or word.end() - first > _LONGEST or _is_cased(word[0][0]):
            break
        plain = word[0].rstrip(".")
        if plain in words_of("no_name"):
            break
        is_particle = plain in words_of("name_particle")
        if count >= _MOST_UNCASED and not is_particle and not plain.startswith(_ARTICLE):
            break
        if count and plain.startswith("و") and len(plain) > 3:
            break
        if not is_particle or count:
            end = at + len(plain)
        if len(plain) < len(word[0]) or (gap := _GAP.match(text, word.end())) is None:
            break
        at = gap.end()
    return end


def _han_end(text: str, first: int) -> int:
    """Two letters, or three if the third is no word of its own."""
    end = first
    while end - first < 3 and "\u3400" <= text[end : end + 1] <= "\u9fff" and text[end] not in words_of("no_name"):
        end += 1
    return end if end - first > 1 else first


def _is_cased(letter: str) -> bool:
    return unicodedata.category(letter) not in _NO_NAME
