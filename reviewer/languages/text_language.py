"""Tells which language of the site a text reads like, or that it is unsure.

The script decides where one language of the site alone uses it. Else profiles of three letters do: each language
has a cost for each piece, and the lowest mean cost wins. The result is UNSURE where another language comes close,
where too many pieces are foreign to the winner, or where its commonest words are missing.

``letter_profiles.txt`` is written by ``scripts/word-data``; LICENCES.md beside it names its sources.
"""

import importlib.resources
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import Final

from reviewer.languages.word_lists import NAMES, common_words

UNSURE: Final = ""
UNSURE_WORD: Final = "unsure"
READ_LETTERS: Final = 4000
"""The beginning of a text is enough, and a long text costs no more."""

FEWEST_LETTERS: Final = 12
_SCRIPTS: Final = {
    "LATIN": ("en", "es", "fr", "pt", "ro", "tl", "vi"),
    "CYRILLIC": ("ru", "uk"),
    "ARABIC": ("ar", "fa", "ur"),
    "DEVANAGARI": ("hi",),
    "BENGALI": ("bn",),
    "THAI": ("th",),
    "CJK": ("zh-Hans",),
}
_FOREIGN: Final = {
    "hi": "ळ",
    "bn": "ৰৱ",
    "ru": "іїєґўјљњћђџѕќѓәөүұқңғһҳҷӯӣ",
    "uk": "ёыэъўјљњћђџѕќѓәөүұқңғһҳҷӯӣ",
    "ar": "ټډړږښځڅۍېڵێۆڕڀٺٽڦڃڄڇڊڌڍڏڙڪڳڱڻەۋۇۈ",
    "fa": "ټډړږښځڅۍېڵێۆڕڀٺٽڦڃڄڇڊڌڍڏڙڪڳڱڻەۋۇۈ",
    "ur": "ټډړږښځڅۍېڵێۆڕڀٺٽڦڃڄڇڊڌڍڏڙڪڳڱڻەۋۇۈ",
}
"""Letters that the neighbours of a language write, and it does not: Marathi, Assamese, Belarusian and others."""

_MOST_FOREIGN_SHARE: Final = 0.02
_SCRIPT_SHARE: Final = 0.6
_LETTERS_A_SIGN: Final = 3
"""A Chinese sign says as much as some letters of other scripts."""

_PLAIN_RUN: Final = re.compile("[!-~]+")
_ADDRESS_MARKS: Final = ("://", "@", "www.")
_UNSEEN_STEPS: Final = 60
"""The cost of a piece that a profile lacks; a quarter of a nat is one step."""

_ALONE: Final = 99.0
_WORD_STEPS: Final = 10.0
_MOST_OTHERS: Final = 0.04
_LEAST_MARGIN: Final = 1.2
_MOST_MEAN: Final = 42.0
_WIDE_MARGIN: Final = 5.0
_LOW_MEAN: Final = 38.0
_LEAST_COMMON: Final = 0.12
_LEAST_BY_TAG: Final = {"hi": 0.2, "tl": 0.3}
"""Hindi has no profile beside its own in a script of several; little words of Filipino are those of others too."""


@dataclass(frozen=True, slots=True)
class LanguageReading:
    """The outcome for one text; ``tag`` is UNSURE where its letters do not say enough."""

    tag: str
    margin: float = 0.0
    mean: float = 0.0
    common: float = 0.0
    others: float = 0.0


def reads_like(untrusted_text: str) -> str:
    """The tag of the site's language that a text reads like, or UNSURE."""
    return reading(untrusted_text).tag


def language_name(tag: str) -> str:
    """The language in English, for staff; "unsure" for UNSURE and for tags of no language of the site."""
    return NAMES.get(tag, UNSURE_WORD)


def reading(untrusted_text: str) -> LanguageReading:
    """As :func:`reads_like`, with the figures that it decides by."""
    text = unicodedata.normalize("NFC", _PLAIN_RUN.sub(_without_address, untrusted_text[:READ_LETTERS])).casefold()
    script, letters = _script(text)
    if script not in _SCRIPTS or len(letters) < (4 if script == "CJK" else FEWEST_LETTERS):
        return LanguageReading(UNSURE)
    found = _by_letters(text, letters, script)
    foreign = sum(letter in _FOREIGN.get(found.tag, "") for letter in letters)
    return found if foreign <= _MOST_FOREIGN_SHARE * len(letters) else LanguageReading(UNSURE)


def _by_letters(text: str, letters: str, script: str) -> LanguageReading:
    tags = _SCRIPTS[script]
    words = [word for word in _words(text) if _script_of(word[0]) == script]
    if script in {"CJK", "THAI"}:
        common = "".join(common_words(tags[0]))
        share = sum(letter in common for letter in letters) / len(letters)
        return LanguageReading(tags[0] if share >= _LEAST_COMMON else UNSURE, common=share)
    return _best(words, tags, script)


def _best(words: list[str], tags: tuple[str, ...], script: str) -> LanguageReading:
    pieces = Counter(piece for word in words for piece in _pieces(word))
    total = sum(pieces.values())
    if not total:
        return LanguageReading(UNSURE)
    counted = Counter(words)
    scores = []
    for tag, costs in _profiles().items():
        if _script_of_profile(tag) == script:
            mean = sum(times * costs.get(piece, _UNSEEN_STEPS) for piece, times in pieces.items()) / total
            scores.append((mean - _WORD_STEPS * _share(counted, tag), mean, tag))
    scores.sort()
    score, mean, tag = scores[0]
    margin = scores[1][0] - score if len(scores) > 1 else _ALONE
    share = _share(counted, tag)
    others = max(_share(counted, other) for other in _other_words() if other != tag)
    is_close = others > share + _MOST_OTHERS
    is_plain = share >= _LEAST_BY_TAG.get(tag, _LEAST_COMMON) or (
        _ALONE > margin >= _WIDE_MARGIN and mean <= _LOW_MEAN
    )
    is_sure = tag in tags and margin >= _LEAST_MARGIN and mean <= _MOST_MEAN and is_plain and not is_close
    return LanguageReading(tag if is_sure else UNSURE, margin, mean, share, others)


def _share(counted: Counter[str], tag: str) -> float:
    """The share of the words that are common ones of this language."""
    common = _other_words().get(tag) or _common_words(tag)
    return sum(times for word, times in counted.items() if word in common) / counted.total()


@cache
def _common_words(tag: str) -> frozenset[str]:
    return frozenset(common_words(tag))


@cache
def _other_words() -> dict[str, frozenset[str]]:
    text = importlib.resources.files("reviewer.languages").joinpath("other_words.txt").read_text(encoding="utf-8")
    return {tag: frozenset(words.split()) for tag, words in (line.split("\t") for line in text.splitlines())}


def _without_address(run: re.Match[str]) -> str:
    """A blank for a link or an e-mail address, whose letters say nothing about the language."""
    return " " if any(mark in run[0] for mark in _ADDRESS_MARKS) else run[0]


def _script(text: str) -> tuple[str, str]:
    """The script of most letters, and its letters; empty where none has enough of them."""
    letters = [letter for letter in text if unicodedata.category(letter)[0] in "LM"]
    counted = Counter(map(_script_of, letters))
    counted["CJK"] *= _LETTERS_A_SIGN
    script, times = counted.most_common(1)[0]
    if times < _SCRIPT_SHARE * counted.total() or not times:
        return "", ""
    return script, "".join(letter for letter in letters if _script_of(letter) == script)


@cache
def _script_of(letter: str) -> str:
    name = unicodedata.name(letter, "NONE").split()[0]
    return "LATIN" if name == "COMBINING" else name


def _words(text: str) -> list[str]:
    """Words as the profiles have them: letters with their marks, which are no word letters to ``re``."""
    kept = "".join(letter if unicodedata.category(letter)[0] in "LM'’" else " " for letter in text)
    return kept.split()


def _pieces(word: str) -> list[str]:
    framed = f"_{word}_"
    return [framed[at : at + 3] for at in range(len(framed) - 2)]


@cache
def _profiles() -> dict[str, dict[str, int]]:
    file = importlib.resources.files("reviewer.languages").joinpath("letter_profiles.txt")
    profiles: dict[str, dict[str, int]] = {}
    for line in file.read_text(encoding="utf-8").splitlines():
        tag, *levels = line.split("\t")
        costs = profiles.setdefault(tag, {})
        for level in levels:
            cost, _, run = level.partition(":")
            costs.update({run[at : at + 3]: int(cost) for at in range(0, len(run), 3)})
    return profiles


@cache
def _script_of_profile(tag: str) -> str:
    letters = Counter(_script_of(letter) for piece in _profiles()[tag] for letter in piece if letter != "_")
    return letters.most_common(1)[0][0]
