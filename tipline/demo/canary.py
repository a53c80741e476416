"""Words that must not be found again, in every form in which a careless program leaves them behind."""

import base64
import json
from dataclasses import dataclass
from itertools import pairwise
from urllib.parse import quote, quote_plus

PHRASE_SEPARATORS = (" ", "-", "_", ",", ", ", "\n", "\r\n", "\t", "+", "%20", "")


@dataclass(frozen=True, slots=True)
class Canary:
    """Something a source or staff wrote. ``needles`` are lower-case: the search takes no notice of case."""

    name: str
    needles: tuple[bytes, ...]

    @classmethod
    def of_text(cls, name: str, text: str) -> "Canary":
        """A word or token, unlike any other on the machine."""
        # The search folds the case of ASCII letters only.
        return cls(name, _lower([form for cased in {text, text.lower(), text.upper()} for form in forms_of(cased)]))

    @classmethod
    def of_phrase(cls, name: str, words: tuple[str, ...]) -> "Canary":
        """A passphrase: any two neighbours of it, however they are joined, and all of it in every form."""
        pairs = {first + by + second for first, second in pairwise(words) for by in PHRASE_SEPARATORS}
        # Joined without a sign between them, two short words may be a part of something else.
        pairs = {pair for pair in pairs if len(pair) >= 8}
        whole = [form for by in PHRASE_SEPARATORS for form in forms_of(by.join(words))]
        return cls(name, _lower([pair.encode() for pair in pairs] + whole))


def forms_of(text: str) -> list[bytes]:
    """UTF-8, UTF-16, base64 at every offset, percent, JSON and HTML escapes, hexadecimal, and misread UTF-8."""
    plain = text.encode()
    forms = [
        plain,
        text.encode("utf-16-le"),
        text.encode("utf-16-be"),
        quote(text, safe="").encode(),
        quote_plus(text).encode(),
        json.dumps(text)[1:-1].encode(),
        "".join(letter if letter.isascii() else f"&#{ord(letter)};" for letter in text).encode(),
        plain.hex().encode(),
        plain.decode("latin-1").encode(),
    ]
    return forms + [form for offset in range(3) for form in _base64_at(plain, offset)]


def _base64_at(plain: bytes, offset: int) -> list[bytes]:
    """The characters that stay the same whatever stands before and after, in both alphabets."""
    encoded = base64.b64encode(bytes(offset) + plain)
    first = (offset * 8 + 5) // 6
    last = (offset + len(plain)) * 8 // 6
    kept = encoded[first:last]
    return [kept, kept.translate(bytes.maketrans(b"+/", b"-_"))]


def _lower(forms: list[bytes]) -> tuple[bytes, ...]:
    return tuple(sorted({form.lower() for form in forms}))
