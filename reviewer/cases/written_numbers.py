"""Numbers that are written as words or as signs that are no digits: "three", "十五", "三点", "Ⅳ".

A sentence of a ready answer tells nothing, so its "eight words" are not asked about. Nor is "one", nor words that
are more often another word, such as the Chinese "by all means": the signs of a thousand and of ten thousand.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final

from reviewer.casebook.folded_text import spelled
from reviewer.cases.ready_answers import READY
from reviewer.languages.word_lists import number_words

_CHINESE: Final = "〇零一二三四五六七八九两兩幺十廿卅百千万萬亿億壹贰貳叁肆伍陆陸柒捌玖拾佰仟"
_NO_NUMBER: Final = re.compile(
    f"(?<![{_CHINESE}])(?:千万|千萬|万一|萬一|万万|萬萬|一一|百万|十分(?![钟鐘]))(?![二三四五六七八九])"
)
_RUN: Final = re.compile(f"[{_CHINESE}]{{2,}}")
# One sign counts where a unit of time, of a house or of a line of buses follows; "一点" is "a little" as a rule.
_WITH_UNIT: Final = re.compile(
    "[二三四五六七八九两兩十][点點时時号號日月楼樓层層路室房栋棟幢座元块塊岁歲弄巷站天年分]|一(?:[点點][钟鐘半整]|[号號月楼樓层層路室])"
)
_ROMAN: Final = re.compile("[\u2160-\u2188]+")
# Thai writes no blanks: what may not stand beside a word makes another word of it, such as "must not" of "five".
_THAI: Final = re.compile(
    "ยี่สิบ|สิบ(?:เอ็ด)?|สอง|สาม(?!ารถ|ี|ัญ|ัคคี)|สี่|ห้า(?!ม|ง)|(?<!โ)หก(?!ล้ม)|เจ็ด|แปด(?!เปื้อน)|เก้า(?!อี้)|(?<!เรียบ)ร้อย|บ่ายโมง|เที่ยง"
)
_WORD: Final = re.compile(
    r"[^\W\d_]+(?:[\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0900-\u0dff\u200c\u200d'’]+[^\W\d_]*)*"
)
_APOSTROPHES: Final = str.maketrans("’ʼ", "''")
_ARABIC_PREFIXES: Final = tuple("وبل")  # "and", "with", "for" are written as one with the word that follows


def written_numbers(text: str, *, tags: Sequence[str]) -> Iterator[str]:
    """The numbers in the spelling of the text; words of the languages ``tags``, signs of every script.

    ``text`` holds no letters that are not seen.
    """
    for line in (line for tag in tags for line in _ready_lines(tag)):
        text = text.replace(line, " ")
    signs = _NO_NUMBER.sub(" ", text)
    yield from _RUN.findall(signs)
    yield from _WITH_UNIT.findall(signs)
    yield from _ROMAN.findall(text)
    yield from _THAI.findall(text)
    words = frozenset(word for tag in tags for word in _numbers_of(tag))
    for word in _WORD.findall(text.translate(_APOSTROPHES)):
        bare = word.strip("'")
        spelling = spelled(bare)
        if spelling in words or (spelling.startswith(_ARABIC_PREFIXES) and spelling[1:] in words):
            yield bare


@cache
def _numbers_of(tag: str) -> frozenset[str]:
    return frozenset(map(spelled, number_words(tag)))


@cache
def _ready_lines(tag: str) -> tuple[str, ...]:
    texts = [answer.texts[tag] for answer in READY.values() if tag in answer.texts]
    seen = ["".join(letter for letter in text if unicodedata.category(letter) != "Cf") for text in texts]
    return tuple(line for text in seen for line in text.splitlines() if line.strip())
