"""Outcomes of each sending of one form, and how many copies a server that loses its memory may have stored."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Try:
    """``began`` and ``ended`` are the server's `Unit.deaths` right before it and right after; ``came`` is for who
    looks into a loss."""

    began: int
    ended: int
    came: str
    was_handed_over: bool
    """True if all of it was, so that it can have been stored."""

    is_answered: bool = False
    is_refused: bool = False
    """It was said that nothing is kept."""

    @property
    def may_be_stored(self) -> bool:
        return self.was_handed_over and not self.is_refused

    @property
    def is_unanswered(self) -> bool:
        return self.was_handed_over and not self.is_answered

    def __str__(self) -> str:
        return f"{self.began} to {self.ended}: {self.came}"


def most_copies(tries: Iterable[Try]) -> int:
    """Of one form, by its tries in their order: within one memory it is stored once, however often it is sent.

    A try may have met each memory that there was while it lasted: before an odd count of deaths is complete both
    the old one and the new. Taking the earliest that is still free for each finds the most.
    """
    copies, last = 0, -1
    for one in tries:
        memory = max(one.began // 2, last + 1)
        if one.may_be_stored and memory <= (one.ended + 1) // 2:
            copies, last = copies + 1, memory
    return copies
