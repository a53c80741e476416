"""Words that must not be found again, in every form in which a careless program may leave them."""

import base64
import json
import re
from dataclasses import dataclass
from urllib.parse import quote

ENOUGH_PARTS, SPREAD_BYTES = 4, 800
"""This many parts of a passphrase this close together are that passphrase, with anything between them."""

_LOWER = bytes(range(256)).lower()


@dataclass(frozen=True, slots=True)
class Canary:
    """A text of a source or staff; found in any case and with zero bytes between (UTF-16)."""

    name: str
    needles: tuple[bytes, ...]
    phrases: tuple[tuple[bytes, ...], ...] = ()

    @classmethod
    def of_text(cls, name: str, text: str) -> "Canary":
        """A word or token, unlike any other on the machine."""
        # Only the case of ASCII letters is folded while searching.
        return cls(
            name, _folded([form for cased in {text, text.lower(), text.upper()} for form in forms_of(cased)])
        )

    @classmethod
    def of_phrases(cls, name: str, *phrases: tuple[str, ...]) -> "Canary":
        """Passphrases in words or digits: half of the parts close together, or all of it encoded."""
        joined = [by.join(phrase).encode() for phrase in phrases for by in (" ", "-", "\n", "")]
        encoded = [form for plain in joined for form in [plain.hex().encode(), *_base64(plain)]]
        parts = tuple(tuple(part.lower().encode() for part in phrase) for phrase in phrases)
        return cls(name, _folded(encoded), parts)

    def is_spread_in(self, folded: bytes) -> bool:
        """True if enough parts of one of its phrases are close together."""
        return any(_is_near(parts, folded) for parts in self.phrases)


def fold(piece: bytes) -> bytes:
    """Lower case, and without bytes of zero, so that UTF-16 reads like ASCII."""
    return piece.translate(_LOWER, b"\0")


def forms_of(text: str) -> list[bytes]:
    """UTF-8, UTF-16, base64 at every offset, percent, JSON and HTML escapes, hexadecimal, misread UTF-8."""
    plain = text.encode()
    return [
        plain,
        text.encode("utf-16-le"),
        text.encode("utf-16-be"),
        quote(text, safe="").encode(),
        json.dumps(text)[1:-1].encode(),
        text.encode("ascii", "xmlcharrefreplace"),
        plain.hex().encode(),
        plain.decode("latin-1").encode(),
        *_base64(plain),
    ]


def _base64(plain: bytes) -> list[bytes]:
    return [form for offset in range(3) for form in _base64_at(plain, offset)]


def _is_near(parts: tuple[bytes, ...], folded: bytes) -> bool:
    present: list[bytes] = []
    for left, part in zip(reversed(range(len(parts))), parts, strict=True):
        present += [part] if part in folded else []
        if len(present) + left < ENOUGH_PARTS:
            return False
    places = [(found.start(), found[0]) for found in re.finditer(b"|".join(map(re.escape, present)), folded)]
    for number, (first, _) in enumerate(places):
        near = {part for place, part in places[number:] if place - first <= SPREAD_BYTES}
        if len(near) >= ENOUGH_PARTS:
            return True
    return False


def _base64_at(plain: bytes, offset: int) -> list[bytes]:
    """The characters that do not depend on the bytes before and after, in both alphabets."""
    encoded = base64.b64encode(bytes(offset) + plain)
    first = (offset * 8 + 5) // 6
    last = (offset + len(plain)) * 8 // 6
    kept = encoded[first:last]
    return [kept, kept.translate(bytes.maketrans(b"+/", b"-_"))]


def _folded(forms: list[bytes]) -> tuple[bytes, ...]:
    return tuple(sorted({fold(form) for form in forms}))
