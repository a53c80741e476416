"""The stretches of a text that are claimed already, so that no later kind reads them again."""

from bisect import bisect_left


class Claims:
    """Stretches that do not overlap, by their beginning in the plain text."""

    def __init__(self) -> None:
        self._stretches: list[tuple[int, int]] = []

    def claim(self, first: int, end: int) -> bool:
        """Claim a stretch; False if it overlaps one that is claimed.

        Raises:
            ValueError: the stretch is empty.
        """
        if first >= end:
            raise ValueError("a claimed stretch must have a letter")
        at = bisect_left(self._stretches, (first, first))
        around = self._stretches[max(0, at - 1) : at + 1]  # the ones before and behind: no others can overlap
        if any(begins < end and first < ends for begins, ends in around):
            return False
        self._stretches.insert(at, (first, end))
        return True

    def masked(self, text: str) -> str:
        """``text`` with a mark in place of each claimed letter: it joins no two words, and no reader reads it."""
        pieces, at = [], 0
        for first, end in self._stretches:
            pieces += [text[at:first], MARK * (end - first)]
            at = end
        return "".join([*pieces, text[at:]])


MARK = "\x00"
"""Stands for a letter that another kind has claimed. No source's text holds it: forms refuse it."""
