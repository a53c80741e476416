"""Until when each of many things may last, where all of one kind last equally long from their last sign of life."""

from collections import OrderedDict
from collections.abc import Iterator
from typing import Generic, TypeVar

_Kept = TypeVar("_Kept")


class Deadlines(Generic[_Kept]):
    """Set in the order in which they come due, so that only the first ones are ever looked at."""

    def __init__(self) -> None:
        self._until: OrderedDict[_Kept, float] = OrderedDict()

    def __contains__(self, kept: _Kept) -> bool:
        return kept in self._until

    def set(self, kept: _Kept, until: float) -> None:
        """A first deadline, or a new one; no earlier than any other."""
        self._until[kept] = until
        self._until.move_to_end(kept)

    def drop(self, kept: _Kept) -> None:
        """It has none; does nothing where there was none."""
        self._until.pop(kept, None)

    def due(self, now: float) -> Iterator[_Kept]:
        """Those whose time is over, each of which is dropped."""
        while self._until:
            kept, until = next(iter(self._until.items()))
            if until > now:
                return
            del self._until[kept]
            yield kept
