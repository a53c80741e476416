"""Searches for all canaries at once, and skips bytes that were searched already."""

import hashlib
from collections.abc import Callable, Iterable
from typing import Final

from demo.canary import SPREAD_BYTES, Canary, fold

MOST_REMEMBERED: Final = 1_000_000
OVERLAP_BYTES: Final = 4096
"""A search piece by piece takes this number of bytes of one piece along into the next."""
LONGEST_BYTES: Final = OVERLAP_BYTES // 2
"""Of what is searched for: in UTF-16 it takes twice as much."""

Reading = Callable[[bytes], Iterable[bytes]]
"""Gives all readings of some bytes: themselves, and what is compressed or locked in them."""


def as_it_is(raw: bytes) -> Iterable[bytes]:
    """The plainest reading."""
    yield raw


class SearchTerms:
    """Canaries and the found ones. A piece with the same bytes as before has the same findings."""

    def __init__(self, canaries: Iterable[Canary]) -> None:
        """Prepare the search.

        Raises:
            ValueError: a form of a canary is longer than half the overlap, and might be missed between two pieces.
        """
        self.canaries = tuple(canaries)
        parts = (part for canary in self.canaries for phrase in canary.phrases for part in phrase)
        needles = (needle for canary in self.canaries for needle in canary.needles)
        longest = max(map(len, needles), default=0), SPREAD_BYTES + max(map(len, parts), default=0)
        if max(longest) > LONGEST_BYTES:
            raise ValueError(f"expected forms of up to {LONGEST_BYTES} bytes")
        self._remembered: dict[tuple[object, bytes], frozenset[str]] = {}

    def names_in(
        self, raw: bytes, reading: Reading = as_it_is, *, read_as: object = None, digest: bytes = b""
    ) -> frozenset[str]:
        """Names of the canaries that can be read in ``raw``.

        ``read_as`` distinguishes readings by the same function; ``digest`` is SHA-256 of ``raw``, if it is known.
        """
        key = (reading if read_as is None else read_as, digest or hashlib.sha256(raw).digest())
        if key not in self._remembered:
            if len(self._remembered) >= MOST_REMEMBERED:
                self._remembered.clear()
            self._remembered[key] = frozenset(name for plain in reading(raw) for name in self._names(fold(plain)))
        return self._remembered[key]

    def _names(self, folded: bytes) -> set[str]:
        # Needle by needle: one expression for all of them takes three times as long.
        return {
            canary.name
            for canary in self.canaries
            if any(needle in folded for needle in canary.needles) or canary.is_spread_in(folded)
        }
