"""The eight words that a source keeps, or the same secret in digits: ``docs/formats/passphrase.md``.

Seven words are random; the eighth follows from them and finds typing mistakes. Reading is forgiving in every way
that does not change the secret: letter case, accents, punctuation, blanks anywhere or nowhere, numerals of any
script, and words and digits mixed.
"""

import contextlib
import hashlib
import math
import re
import secrets
import struct
import unicodedata
from collections.abc import Iterator, Sequence

from crypto.errors import Malformed, Mistyped
from crypto.primitives import _sodium, wordlist

RANDOM_WORDS = 7
ALL_WORDS = RANDOM_WORDS + 1
DIGITS_A_GROUP = 4
LONGEST_TEXT = 512
"""Characters; anything longer is refused before it is looked at."""

_LABEL_CHECK = b"tipline/v1/check"
_DIGITS, _NO_DIGITS = re.compile("[0-9]+"), re.compile("[^0-9]+")
_PACKED = struct.Struct(f">{RANDOM_WORDS}H")
_DOTLESS_I = "\N{LATIN SMALL LETTER DOTLESS I}"


class Passphrase:
    """Eight places in the word list, of which the last one fits the others.

    It prints nothing, is compared in constant time, and has no hash on purpose: nothing is ever kept by passphrase.
    """

    __slots__ = ("_places",)

    def __init__(self, places: Sequence[int]) -> None:
        """Make a passphrase from eight list positions, 1 to 7772.

        Raises:
            Mistyped: another count, a place outside the list, or a check word that does not fit.
        """
        if len(places) != ALL_WORDS:
            raise Mistyped("passphrase must be eight words, or eight groups of four digits")
        for number, place in enumerate(places, start=1):
            if not 1 <= place <= wordlist.WORDS:
                raise Mistyped(f"digits of group {number} must be from 0001 to {wordlist.WORDS}")
        if not belong_together(places):
            raise Mistyped("words do not belong together: one of them is another word, or the order is another")
        self._places = tuple(places)

    @classmethod
    def generate(cls) -> "Passphrase":
        """Seven words from the operating system's generator (:func:`drawn_bits`), and their check word.

        None of the eight is a word that is never drawn: where the check word would be one, all are drawn again.
        """
        while True:
            drawn = [secrets.choice(wordlist.DRAWN_PLACES) for _ in range(RANDOM_WORDS)]
            check = _check_place(drawn)
            if wordlist.WORD_AT[check - 1] not in wordlist.NEVER_DRAWN:
                return cls([*drawn, check])

    @classmethod
    def parse(cls, untrusted_text: str) -> "Passphrase":
        """Parse typed, pasted or dictated text: words, digits or both.

        Raises:
            Malformed: longer than 512 characters; nothing of it was read.
            Mistyped: not eight words that belong together; nothing was derived, and it is not known whether
                such a mailbox exists.
        """
        if len(untrusted_text) > LONGEST_TEXT:
            raise Malformed(f"passphrase must have at most {LONGEST_TEXT} characters")
        plain = _plain(untrusted_text)
        try:
            return cls(list(_places(plain)))
        except Mistyped:
            # Copied with the numbers of a list in front, or both forms at once: one of them alone may be whole.
            digits, letters = _NO_DIGITS.sub("", plain), _DIGITS.sub("", plain)
            for alone in (digits, letters, _without_numbers(digits)):
                with contextlib.suppress(Mistyped):
                    return cls(list(_places(alone)))
            raise

    @property
    def words(self) -> tuple[str, ...]:
        """Eight words, for the source's eyes only."""
        return tuple(wordlist.WORD_AT[place - 1] for place in self._places)

    @property
    def digits(self) -> tuple[str, ...]:
        """The same secret as eight groups of four digits."""
        return tuple(f"{place:0{DIGITS_A_GROUP}d}" for place in self._places)

    def secret(self) -> bytes:
        """The secret of the mailbox: the positions of the seven random words, two bytes each, 14 in all."""
        return _packed(self._places[:RANDOM_WORDS])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Passphrase) and _sodium.equal(other.secret(), self.secret())

    __hash__ = None  # type: ignore[assignment]  # see the docstring of the class

    def __repr__(self) -> str:
        return "<Passphrase>"

    def __reduce__(self) -> str:
        raise TypeError("a passphrase is never pickled")


def drawn_bits() -> float:
    """The entropy of a drawn passphrase in bits, with the loss for check words that are never drawn."""
    is_kept = len(wordlist.DRAWN_PLACES) / wordlist.WORDS
    return RANDOM_WORDS * math.log2(len(wordlist.DRAWN_PLACES)) + math.log2(is_kept)


def belong_together(places: Sequence[int]) -> bool:
    """True when the last of eight places, 1 to 7772 each, is the check word of the seven before it."""
    return _check_place(places[:RANDOM_WORDS]) == places[RANDOM_WORDS]


def _packed(places: Sequence[int]) -> bytes:
    return _PACKED.pack(*places)


def _check_place(places: Sequence[int]) -> int:
    digest = hashlib.sha256(_LABEL_CHECK + _packed(places)).digest()
    return int.from_bytes(digest, "big") % wordlist.WORDS + 1


def _plain(untrusted_text: str) -> str:
    """Lower-case letters and ASCII digits; accents, blanks, punctuation and invisible marks are gone."""
    folded = unicodedata.normalize("NFKD", untrusted_text).casefold()
    # One sign can become eighteen, so each different one is looked up once.
    return folded.translate({ord(sign): _plain_sign(sign) for sign in set(folded)})


def _plain_sign(sign: str) -> str:
    value = unicodedata.decimal(sign, None)
    if value is not None:
        return str(value)
    if sign == _DOTLESS_I:  # what a Turkish keyboard makes of a capital I
        return "i"
    return sign if unicodedata.category(sign).startswith("L") else ""


def _without_numbers(digits: str) -> str:
    """The groups of a list whose rows are numbered from 1 to 8; as it was where they are not."""
    row = 1 + DIGITS_A_GROUP
    if len(digits) != ALL_WORDS * row or digits[::row] != "".join(map(str, range(1, ALL_WORDS + 1))):
        return digits
    return "".join(digits[at + 1 : at + row] for at in range(0, len(digits), row))


def _places(plain: str) -> Iterator[int]:
    """List positions, one after another. No word is a prefix of another, so the division is unique."""
    at = number = 0
    while at < len(plain):
        number += 1
        if number > ALL_WORDS:
            raise Mistyped("passphrase must be eight words, or eight groups of four digits, and no more")
        if plain[at].isdecimal():
            group = plain[at : at + DIGITS_A_GROUP]
            if len(group) < DIGITS_A_GROUP or not group.isdecimal():
                raise Mistyped(f"group {number} must have four digits")
            yield int(group)
            at += DIGITS_A_GROUP
        else:
            word = wordlist.word_at_start(plain[at:])
            if word is None:
                raise Mistyped(f"word {number} is not one of the words that this site gives out")
            yield wordlist.PLACE_OF[word]
            at += len(word)
