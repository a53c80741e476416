"""Bytes that come piece by piece: no piece is asked for before a byte of it is needed."""

from collections.abc import Iterable

from lab.second.refused import malformed


class Flow:
    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)
        self._left = b""
        self.taken = 0

    def read(self, length: int) -> bytes:
        """At most `length` bytes; fewer only at the end."""
        found: list[bytes] = []
        while length:
            if not self._left:
                self._left = next(self._pieces, b"")
                if not self._left:
                    break
            found.append(self._left[:length])
            self._left = self._left[length:]
            length -= len(found[-1])
            self.taken += len(found[-1])
        return b"".join(found)

    def some(self) -> bytes:
        """The rest of the current piece, or the next piece: nothing behind it is asked for."""
        return self.read(len(self._left) or 1) + self.read(len(self._left))

    def take(self, length: int) -> bytes:
        """Exactly `length` bytes."""
        found = self.read(length)
        if len(found) != length:
            raise malformed()
        return found

    def number(self, length: int) -> int:
        return int.from_bytes(self.take(length), "big")

    def end(self) -> None:
        """Nothing follows."""
        if self.read(1):
            raise malformed()
