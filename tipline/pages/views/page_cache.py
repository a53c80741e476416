"""Pages that are rendered once for each language and look: in each answer only a few short values are new.

Nothing of a visitor is in what is kept, so it may stay in memory. Rendering anew would cost ten times the processor
time, and these are the pages that everybody asks for, those with bad intentions as well.
"""

import re
import secrets
import string
from collections.abc import Callable, Mapping
from typing import Final

_PLACE_LETTERS: Final = 9  # as long as the longest word of a passphrase; no page has these letters by chance
_PLAIN: Final = re.compile(r"[\w-]+")


class SplicedPages:
    """The rendered pages by what they depend on. Bounded, as languages, looks and doors are."""

    def __init__(self) -> None:
        self._pieces: dict[tuple[object, ...], list[bytes | str]] = {}

    def fresh(
        self,
        key: tuple[object, ...],
        values: Mapping[str, str],
        render: Callable[[Mapping[str, str]], bytes],
    ) -> bytes:
        """The page of ``key`` with these values in it, which are letters, digits and hyphens only. ``render`` makes
        it, given something to stand in the place of each value, once for each key."""
        pieces = self._pieces.get(key)
        if pieces is None:
            pieces = self._pieces[key] = _taken_apart(values, render)
        if not all(map(_PLAIN.fullmatch, values.values())):
            raise RuntimeError("what is put into a page must need no escaping")
        return b"".join(values[piece].encode() if isinstance(piece, str) else piece for piece in pieces)


def _taken_apart(values: Mapping[str, str], render: Callable[[Mapping[str, str]], bytes]) -> list[bytes | str]:
    """Pieces of the page, and between them the names of the values."""
    places = {
        name: "".join(secrets.choice(string.ascii_lowercase) for _ in range(_PLACE_LETTERS)) for name in values
    }
    names = {place.encode(): name for name, place in places.items()}
    parts = re.split(b"(%s)" % b"|".join(names), render(places))
    if set(parts[1::2]) != set(names):
        raise RuntimeError("each value must have a place in its page")
    return [names.get(part, part) for part in parts]
