"""All that is looked for, in one go: what begins alike once, and nothing in bytes that were looked at already."""

import hashlib
import re
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Final

from tipline.demo.canary import Canary, fold

_BEGINNING_BYTES: Final = 10
MOST_REMEMBERED: Final = 1_000_000

Reading = Callable[[bytes], Iterable[bytes]]
"""What can be read in bytes: they themselves, what is compressed or locked in them."""


def as_it_is(raw: bytes) -> Iterable[bytes]:
    """The plainest reading."""
    yield raw


class Sought:
    """Canaries, and what was found of them: a store hardly changes between two moments, and a piece of it that is
    the same to the byte holds the same."""

    def __init__(self, canaries: Iterable[Canary]) -> None:
        self.canaries = tuple(canaries)
        self._remembered: dict[tuple[object, bytes], frozenset[str]] = {}

    def names_in(
        self, raw: bytes, reading: Reading = as_it_is, *, read_as: object = None, digest: bytes = b""
    ) -> frozenset[str]:
        """Of those that can be read in ``raw``. ``read_as`` tells readings apart that are the same function;
        ``digest`` is SHA-256 of ``raw``, where that is known."""
        key = (read_as or reading, digest or hashlib.sha256(raw).digest())
        if key not in self._remembered:
            if len(self._remembered) >= MOST_REMEMBERED:
                self._remembered.clear()
            self._remembered[key] = frozenset(name for plain in reading(raw) for name in self._names(fold(plain)))
        return self._remembered[key]

    def _names(self, folded: bytes) -> set[str]:
        found = {canary.name for canary in self.canaries if canary.phrases and canary.is_spread_in(folded)}
        if self._beginnings.search(folded):
            found |= {canary.name for canary in self.canaries if any(needle in folded for needle in canary.needles)}
        return found

    @cached_property
    def _beginnings(self) -> re.Pattern[bytes]:
        """All forms of all canaries begin in one of few ways."""
        ways = {needle[:_BEGINNING_BYTES] for canary in self.canaries for needle in canary.needles}
        return re.compile(b"|".join(map(re.escape, sorted(ways))))
