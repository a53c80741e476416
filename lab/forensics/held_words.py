"""Finds a passphrase that a Python program holds as eight objects in a row, where no search for text can see it."""

import hashlib
import os
import re
import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

from demo.search_terms import MOST_REMEMBERED, OVERLAP_BYTES

_INT_SIZES: Final = (1, 8)  # of a number of one digit: before Python 3.12, and from it on
_INT_SIZE_AT: Final = 16
_BLOCK_BYTES: Final = 16 << 10
_STR_LENGTH_AT: Final = 16
_STR_TEXT_AT: Final = (40, 48)  # from Python 3.12 on, and before


class Block(NamedTuple):
    """The content of memory from an address on, with the beginning of the next block; and its digest."""

    begin: int
    raw: bytes
    digest: bytes

    @property
    def length(self) -> int:
        """Without that beginning."""
        return min(len(self.raw), _BLOCK_BYTES)


Memory = Sequence[Block]
Places = list[tuple[int, int]]
"""Of things in a block: which of those sought it is, and where it begins."""


class HeldWords:
    """These words, or their places in the list, as objects in a row. Each block is looked through once: most of a
    memory stays from moment to moment, and a block that is the same to the byte has the same objects in it."""

    def __init__(self, words: Sequence[str], places: Sequence[int]) -> None:
        self._count = len(words)
        self._looks = (partial(_numbers, numbers=places), partial(_texts, words=words))
        self._remembered: dict[tuple[object, bytes], Places] = {}

    def are_in(self, memory: Memory) -> bool:
        """True if a list or tuple of them is in this memory."""
        return any(self._in_a_row(memory, look) for look in self._looks)

    def _in_a_row(self, memory: Memory, look: Callable[[bytes], Places]) -> bool:
        slots: list[set[int]] = [set() for _ in range(self._count)]
        for block in memory:
            for slot, at in self._once(look, block, look):
                slots[slot].add(block.begin + at)
        if not all(slots):
            return False
        form = struct.Struct(f"<{len(slots)}Q")
        # By the one that there are fewest of: each address is looked for in all of the memory.
        rarest = min(range(len(slots)), key=lambda place: len(slots[place]))
        before = rarest * struct.calcsize("<Q")
        addresses = frozenset(slots[rarest])
        for block in memory:
            for _, at in self._once(addresses, block, partial(_pointers, addresses=addresses)):
                start = at - before
                if 0 <= start <= len(block.raw) - form.size and all(
                    pointer in slot for pointer, slot in zip(form.unpack_from(block.raw, start), slots, strict=True)
                ):
                    return True
        return False

    def _once(self, sought: object, block: Block, look: Callable[[bytes], Places]) -> Places:
        key = sought, block.digest
        if key not in self._remembered:
            if len(self._remembered) >= MOST_REMEMBERED:
                self._remembered.clear()
            self._remembered[key] = look(block.raw)
        return self._remembered[key]


def _numbers(raw: bytes, numbers: Sequence[int]) -> Places:
    """Objects that are these numbers. In one pass, as zeros make a search slow."""
    values = [struct.pack("<I", number) for number in numbers]
    sizes = [struct.pack("<Q", size) for size in _INT_SIZES]
    found: Places = []
    for value in re.finditer(b"|".join(map(re.escape, values)), raw):
        size_at = value.start() - len(sizes[0])
        if size_at >= _INT_SIZE_AT and raw[size_at : value.start()] in sizes:
            found += [(slot, size_at - _INT_SIZE_AT) for slot, one in enumerate(values) if one == value[0]]
    return found


def _texts(raw: bytes, words: Sequence[str]) -> Places:
    """The same for objects that are these words."""
    ends = [word.encode() + b"\0" for word in words]
    found: Places = []
    for end in re.finditer(b"|".join(map(re.escape, ends)), raw):
        length = struct.pack("<Q", len(end[0]) - 1)
        for start in (end.start() - text_at for text_at in _STR_TEXT_AT):
            if start >= 0 and raw.startswith(length, start + _STR_LENGTH_AT):
                found += [(slot, start) for slot, one in enumerate(ends) if one == end[0]]
    return found


def _pointers(raw: bytes, addresses: Iterable[int]) -> Places:
    """The same for pointers to any of these."""
    return [(0, at) for address in addresses for at in all_places(raw, struct.pack("<Q", address))]


def all_places(piece: bytes, sign: bytes) -> Iterator[int]:
    """All its places in there, also those where it overlaps itself."""
    at = piece.find(sign)
    while at >= 0:
        yield at
        at = piece.find(sign, at + 1)


def writable(process_id: int) -> Memory:
    """All memory that a process can write to, but for long stretches of zeros, which are most of the stacks of many
    threads: in blocks, each with the beginning of the next. What spreads over more than that beginning is not seen
    as one thing where two blocks meet, such as words with thousands of zeros between them.

    Raises:
        PermissionError: not allowed to; then a search would show nothing.
    """
    found = []
    process = Path(f"/proc/{process_id}")
    maps = (process / "maps").read_text().splitlines()
    with (process / "mem").open("rb", buffering=0) as memory:
        for line in maps:
            begin, end = (int(place, 16) for place in line.split()[0].split("-"))
            if line.split()[1].startswith("rw"):
                try:
                    piece = os.pread(memory.fileno(), end - begin, begin)
                except OSError:
                    continue  # gone since the list was read
                for at in range(0, len(piece), _BLOCK_BYTES):
                    if piece[at : at + _BLOCK_BYTES].strip(b"\0"):
                        raw = piece[at : at + _BLOCK_BYTES + OVERLAP_BYTES]
                        found.append(Block(begin + at, raw, hashlib.sha256(raw).digest()))
    return found
