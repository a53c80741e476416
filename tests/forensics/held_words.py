"""Finds a passphrase that a Python program holds as eight objects in a row, where no search for text can see it."""

import os
import re
import struct
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

_INT_SIZES: Final = (1, 8)  # of a number of one digit: before Python 3.12, and from it on
_INT_SIZE_AT: Final = 16
_BLOCK_BYTES: Final = 64 << 10
_STR_LENGTH_AT: Final = 16
_STR_TEXT_AT: Final = (40, 48)  # from Python 3.12 on, and before


Memory = Sequence[tuple[int, bytes]]
"""Addresses, and the bytes from there on."""


def holds_words(memory: Memory, words: Sequence[str], places: Sequence[int]) -> bool:
    """Whether a list or tuple of these words, or of their places in the list, is in this memory."""
    numbers = _numbers(memory, places)
    return _in_a_row(memory, numbers) or _in_a_row(memory, _texts(memory, words))


def _numbers(memory: Memory, numbers: Sequence[int]) -> list[set[int]]:
    """The addresses of objects that are these numbers, by number. In one pass, as zeros make a search slow."""
    values = [struct.pack("<I", number) for number in numbers]
    any_value = re.compile(b"|".join(map(re.escape, values)))
    sizes = [struct.pack("<Q", size) for size in _INT_SIZES]
    found: dict[bytes, set[int]] = {value: set() for value in values}
    for begin, piece in memory:
        for value in any_value.finditer(piece):
            size_at = value.start() - len(sizes[0])
            if piece[size_at : value.start()] in sizes:
                found[value[0]].add(begin + size_at - _INT_SIZE_AT)
    return [found[value] for value in values]


def _texts(memory: Memory, words: Sequence[str]) -> list[set[int]]:
    """The same for objects that are these words."""
    ends = {word.encode() + b"\0": struct.pack("<Q", len(word)) for word in words}
    any_end = re.compile(b"|".join(map(re.escape, ends)))
    found: dict[bytes, set[int]] = {end: set() for end in ends}
    for begin, piece in memory:
        for end in any_end.finditer(piece):
            for text_at in _STR_TEXT_AT:
                start = end.start() - text_at
                if start >= 0 and piece.startswith(ends[end[0]], start + _STR_LENGTH_AT):
                    found[end[0]].add(begin + start)
    return [found[word.encode() + b"\0"] for word in words]


def _in_a_row(memory: Memory, slots: Sequence[set[int]]) -> bool:
    if not all(slots):
        return False
    form = struct.Struct(f"<{len(slots)}Q")
    # By the one that there are fewest of: each address is looked for in all of the memory.
    rarest = min(range(len(slots)), key=lambda place: len(slots[place]))
    before = rarest * struct.calcsize("<Q")
    for _begin, piece in memory:
        for address in slots[rarest]:
            for at in all_places(piece, struct.pack("<Q", address)):
                start = at - before
                if 0 <= start <= len(piece) - form.size and all(
                    pointer in slot for pointer, slot in zip(form.unpack_from(piece, start), slots, strict=True)
                ):
                    return True
    return False


def all_places(piece: bytes, sign: bytes) -> Iterator[int]:
    """Where it stands in there, also where it overlaps itself."""
    at = piece.find(sign)
    while at >= 0:
        yield at
        at = piece.find(sign, at + 1)


def writable(process_id: int) -> Memory:
    """All memory that a process can write to, but for long stretches of zeros.

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
                found += [(begin + at, run) for at, run in _runs(piece)]
    return found


def _runs(piece: bytes) -> Iterator[tuple[int, bytes]]:
    """What there is between long stretches of zeros, which are most of the stacks of many threads."""
    begun = None
    for at in range(0, len(piece) + 1, _BLOCK_BYTES):
        is_empty = not piece[at : at + _BLOCK_BYTES].strip(b"\0")
        if begun is None and not is_empty:
            begun = at
        elif begun is not None and is_empty:
            yield begun, piece[begun:at]
            begun = None
    if begun is not None:
        yield begun, piece[begun:]
