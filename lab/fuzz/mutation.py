"""Bytes from bytes: small changes, often several, now and then a cross of two inputs. All follows from a seed."""

import random
from collections.abc import Callable, Sequence

LONGEST_INPUT_BYTES = 8192
_STRIKING = (0, 1, 0x0A, 0x0D, 0x20, 0x2D, 0x2F, 0x3D, 0x7F, 0x80, 0xFE, 0xFF)
_NUMBERS = (0, 1, 2**7, 2**8 - 1, 2**15, 2**16 - 1, 2**16, 2**18, 2**18 + 1, 2**31, 2**32 - 1, 2**63, 2**64 - 1)


class Mutator:
    """Changes inputs of one format. ``tokens`` are what its grammar is made of."""

    def __init__(self, rng: random.Random, tokens: Sequence[bytes]) -> None:
        self._random = rng.random
        self._tokens = tokens or (b"\0",)
        self._changes: tuple[Callable[[bytearray], None], ...] = (
            self._flip,
            self._strike,
            self._number,
            self._cut_out,
            self._repeat,
            self._insert_token,
            self._overwrite_token,
            self._insert_noise,
            self._cut_end,
            self._shift,
            self._run,
        )

    def change(self, raw: bytes, other: bytes) -> bytes:
        """``raw`` with one to eight changes, or its beginning with the end of ``other``."""
        changed = bytearray(raw)
        if self._random() < 0.05:
            changed[self._below(len(changed) + 1) :] = other[self._below(len(other) + 1) :]
        for _ in range(1 << self._below(4)):
            self._changes[self._below(len(self._changes))](changed)
        return bytes(changed[:LONGEST_INPUT_BYTES])

    def _below(self, limit: int) -> int:
        return int(self._random() * limit)

    def _flip(self, raw: bytearray) -> None:
        if raw:
            raw[self._below(len(raw))] ^= 1 << self._below(8)

    def _strike(self, raw: bytearray) -> None:
        if raw:
            raw[self._below(len(raw))] = _STRIKING[self._below(len(_STRIKING))]

    def _number(self, raw: bytearray) -> None:
        size = (1, 2, 4, 8)[self._below(4)]
        at = self._below(len(raw) + 1)
        value = _NUMBERS[self._below(len(_NUMBERS))] & (1 << 8 * size) - 1
        raw[at : at + size] = value.to_bytes(size, "big")

    def _cut_out(self, raw: bytearray) -> None:
        at = self._below(len(raw) + 1)
        del raw[at : at + 1 + self._below(1 << self._below(8))]

    def _repeat(self, raw: bytearray) -> None:
        at = self._below(len(raw) + 1)
        piece = raw[at : at + 1 + self._below(1 << self._below(8))]
        raw[at:at] = piece * (1 + self._below(3))

    def _insert_token(self, raw: bytearray) -> None:
        at = self._below(len(raw) + 1)
        raw[at:at] = self._token()

    def _overwrite_token(self, raw: bytearray) -> None:
        at = self._below(len(raw) + 1)
        token = self._token()
        raw[at : at + len(token)] = token

    def _insert_noise(self, raw: bytearray) -> None:
        at = self._below(len(raw) + 1)
        raw[at:at] = bytes(self._below(256) for _ in range(1 + self._below(4)))

    def _cut_end(self, raw: bytearray) -> None:
        if self._random() < 0.3:
            del raw[self._below(len(raw) + 1) :]

    def _shift(self, raw: bytearray) -> None:
        """One more or one less, as a wrong length would be."""
        if raw:
            at = self._below(len(raw))
            raw[at] = (raw[at] + (1 if self._random() < 0.5 else 255)) & 255

    def _run(self, raw: bytearray) -> None:
        """One byte many times, around the limits that are powers of two."""
        if self._random() < 0.2:
            at = self._below(len(raw) + 1)
            length = (1 << self._below(13)) + self._below(3) - 1
            raw[at:at] = raw[at : at + 1] * length or b" " * length

    def _token(self) -> bytes:
        return self._tokens[self._below(len(self._tokens))]
