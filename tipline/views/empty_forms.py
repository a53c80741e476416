"""Empty forms, rendered once for each language and look: only the nonce is new in each answer.

Nothing of a visitor is in them, so they may stay in memory. Rendering anew would cost ten times the processor time,
and the first page is what everybody asks for, those with bad intentions as well.
"""

from collections.abc import Callable
from typing import Final

from tipline.nonce import Nonce

_PLACE: Final = "0123456789abcdef" * 2  # as long as a nonce; no page has these digits by chance


class EmptyForms:
    """The rendered pages by what they depend on. Bounded, as languages, looks and doors are."""

    def __init__(self) -> None:
        self._halves: dict[tuple[object, ...], tuple[bytes, bytes]] = {}

    def fresh(self, key: tuple[object, ...], render: Callable[[str], bytes]) -> bytes:
        """The page of ``key`` with a new nonce in it. ``render`` makes it, given the digits of a nonce, once for
        each key, and must put them into exactly one place."""
        halves = self._halves.get(key)
        if halves is None:
            before, found, after = render(_PLACE).partition(_PLACE.encode())
            if not found or _PLACE.encode() in after:
                raise RuntimeError("an empty form must hold its nonce once")
            halves = self._halves[key] = (before, after)
        return Nonce.generate().digits().encode().join(halves)
