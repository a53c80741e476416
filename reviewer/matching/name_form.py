"""The form in which names are compared: Latin letters, folded by sound, without particles.

No other module imports anyascii. Romanisation tables differ by country and by decade: Kh, H and Ch may be one
letter, and so may Y, J and I. The form keeps what all of them agree on. Arabic, Hebrew and
Thai leave out vowels: such a word is marked, so that vowels on the other side cost little.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from anyascii import anyascii

from reviewer.matching.nicknames import particles

MOST_WORDS: Final = 12
"""Of one name; what stands behind is not compared."""

MOST_LETTERS: Final = 200
_CACHED: Final = 1 << 15

_VOWELLESS: Final = re.compile(r"[\u0590-\u06ff\u0750-\u077f\u08a0-\u08ff\u0e00-\u0eff\ufb1d-\ufdff]")
_INDIC: Final = re.compile(r"[\u0900-\u0d7f]")
_INDIC_BLOCK: Final = 0x80
_INDIC_CONSONANTS: Final = frozenset(range(0x15, 0x3A)) | frozenset(range(0x58, 0x60))
_INDIC_SIGNS: Final = frozenset(range(0x3C, 0x4E)) | frozenset({0x62, 0x63})
"""Vowels written onto a consonant, the dot below and the sign for no vowel: the same places in each block."""

_SYLLABLES: Final = re.compile(r"[\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\U00020000-\U0003ffff]")
_MARKS: Final = re.compile(r"[\u064b-\u065f\u0670\u0640\u0591-\u05c7\u200b-\u200f]")
_BETWEEN: Final = re.compile(r"[\s\-‐-―_,.;/()\"“”«»]+")
_WORD: Final = re.compile(r"[a-z]+")
_SYLLABLE: Final = re.compile(r"[A-Z][a-z]*|[a-z]+")
_FULL_NAME: Final = 4
_ARTICLE: Final = "ال"
_ALIF: Final = "ا"
_CARRIERS: Final = ("'", "`")
_SHORTEST_WITH_ARTICLE: Final = 4
_ABD: Final = re.compile(r"^abd[aeiou]?[lrsnztd]?(?=[a-z]{3})")

_SOUNDS: Final = tuple(
    (re.compile(pattern), put)
    for pattern, put in (
        (r"shch|stsch|schtsch|szcz|sc(?=[ei])", "S"),
        (r"tsch|tch|ch(?=[aeiouy])|cz|ch$", "C"),
        (r"sch|sh|sz", "S"),
        (r"dzh|dj|zh|gi(?=[aou])|dsch|rz(?=[aeiouy])", "J"),
        (r"^x", "S"),
        (r"kh|ch", "h"),
        (r"tz|ts|cs", "Z"),
        (r"gh|gu(?=[ei])", "g"),
        (r"dh|ddh", "d"),
        (r"th", "t"),
        (r"ph|ff", "f"),
        (r"bh", "b"),
        (r"ck|qu|q", "k"),
        (r"x", "ks"),
        (r"c(?=[eiy])", "s"),
        (r"c", "k"),
        (r"(?<=[a-z])w(?=oo)", ""),
        (r"w", "v"),
        (r"oe|ue|ae(?=[^aeiou])", "e"),
        (r"eo", "o"),
        (r"eu", "u"),
        (r"ou|oo", "u"),
        (r"ee|ie(?=$|[^aeiou])|iy|yi|ij|ii|yy", "i"),
        (r"^[yi](?=[aeou])|(?<!^)[yij](?=[aeou])", ""),
        (r"j", "J"),
        (r"(?<=[aeou])[yij](?![aeiou])", "i"),
        (r"y", "i"),
        (r"(?<=[b-df-hj-np-tv-zA-Z])e$", ""),
        (r"(?<=[aeiou])h(?=$|[^aeiou])", ""),
    )
)
_DOUBLE: Final = re.compile(r"([a-zA-Z])\1+")
_FEMININE_WRITTEN: Final = re.compile(r"^(.{2,}(?:ov|ev|yn|in|sk))a(?:ya|ia|ja|a)?$")


class _Symbols(dict[int, str]):
    """A blank for each sign that is no letter, as an emoji: anyascii would give its name in words."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        self[code] = plain = " " if unicodedata.category(letter) in {"So", "Sm", "Sc", "Cs", "Co"} else letter
        return plain


_SYMBOLS: Final = _Symbols()


@dataclass(frozen=True, slots=True)
class NameWord:
    """One word of a name: as ``written`` in Latin letters, and by ``sound``.

    ``has_vowels`` is False where its script leaves them out, ``is_syllable`` True where it writes syllables.
    """

    written: str
    sound: str
    has_vowels: bool = True
    is_syllable: bool = False

    @property
    def is_initial(self) -> bool:
        return len(self.written) == 1 and not self.is_syllable

    @property
    def skeleton(self) -> str:
        """The consonants."""
        return re.sub("[aeiou]", "", self.sound)


@lru_cache(maxsize=_CACHED)
def sound_of(written: str, *, has_vowels: bool = True) -> str:
    """A word of Latin letters by its sound; a capital stands for a sound of several letters."""
    surname = _FEMININE_WRITTEN.match(written)
    sound = surname[1] if surname is not None and len(written) > 5 else written
    for pattern, put in _SOUNDS:
        sound = pattern.sub(put, sound)
    if has_vowels:  # else two equal letters may have a vowel between them
        sound = _DOUBLE.sub(r"\1", sound)
    return sound or written[:1]


def latin_letters(text: str) -> str:
    """A text of any script in Latin letters, as anyascii has it."""
    return anyascii(text.translate(_SYMBOLS))


@lru_cache(maxsize=_CACHED)
def latin_word(written: str) -> NameWord:
    """A word that is written in small Latin letters."""
    return NameWord(written, sound_of(written))


@lru_cache(maxsize=_CACHED)
def name_words(name: str) -> tuple[NameWord, ...]:
    """The words of a name without titles and particles; all of them, if it has no others."""
    plain = _MARKS.sub("", unicodedata.normalize("NFKC", name[:MOST_LETTERS]).translate(_SYMBOLS))
    parts = [part for part in _BETWEEN.split(plain) if part]
    words = [word for part in parts for word in _latin(part, is_alone=len(parts) == 1)][:MOST_WORDS]
    joined = _with_servant_names_joined(words)
    kept = [word for word in joined if word.written not in particles()]
    return tuple(kept or joined)


def _latin(part: str, *, is_alone: bool) -> Iterator[NameWord]:
    if _SYLLABLES.search(part) is not None:
        yield from _of_syllables(part, is_alone=is_alone)
        return
    has_vowels = _VOWELLESS.search(part) is None
    part = part[len(_ARTICLE) :] if part.startswith(_ARTICLE) and len(part) > _SHORTEST_WITH_ARTICLE else part
    letters = anyascii(part) if _INDIC.search(part) is None else _with_spoken_a(part)
    if not has_vowels and (letters[:1] in _CARRIERS or part.startswith(_ALIF)):
        letters = "a" + letters  # the word begins with a vowel, and the script does not say which
    letters = letters.replace("'", "").replace("`", "").replace("’", "")
    for written in _WORD.findall(letters.lower()):
        # Where vowels are left out, these two stand for long ones as often as for consonants.
        spoken = written if has_vowels else written.replace("w", "u").replace("y", "i")
        yield NameWord(written, sound_of(spoken, has_vowels=has_vowels), has_vowels)


def _with_spoken_a(part: str) -> str:
    """A word of an Indian script, with the unwritten a behind a consonant, but not at the end."""
    letters = []
    for at, letter in enumerate(part):
        letters.append(anyascii(letter))
        following = part[at + 1] if at + 1 < len(part) else ""
        is_consonant = _INDIC.match(letter) is not None and ord(letter) % _INDIC_BLOCK in _INDIC_CONSONANTS
        if is_consonant and following and ord(following) % _INDIC_BLOCK not in _INDIC_SIGNS:
            letters.append("a")
    return "".join(letters)


def _of_syllables(part: str, *, is_alone: bool) -> Iterator[NameWord]:
    """The family name, which stands first and has one syllable, or two of four; and the given name."""
    syllables = [syllable.lower() for syllable in _SYLLABLE.findall(anyascii(part))]
    family = 2 if len(syllables) == _FULL_NAME else 1 if is_alone or len(syllables) > 2 else 0
    for written in ("".join(syllables[:family]), "".join(syllables[family:])):
        if written:
            yield NameWord(written, sound_of(written), is_syllable=True)


def _with_servant_names_joined(words: Sequence[NameWord]) -> list[NameWord]:
    """ "Abd al-Rahman", "Abdul Rahman" and "Abdurrahman" become one word."""
    joined: list[NameWord] = []
    rest = list(words)
    while rest:
        word = rest.pop(0)
        if word.written in {"abd", "abdul", "abdel", "abdal", "abdu", "abdol", "bd"} and rest:
            if rest[0].written in particles() and len(rest) > 1:
                rest.pop(0)
            following = rest.pop(0)
            written = "abd" + following.written
            word = NameWord(written, sound_of(written, has_vowels=following.has_vowels), following.has_vowels)
        elif (servant := _ABD.match(word.written)) is not None and len(word.written) > 6:
            written = "abd" + word.written[servant.end() :]
            word = NameWord(written, sound_of(written, has_vowels=word.has_vowels), word.has_vowels)
        joined.append(word)
    return joined
