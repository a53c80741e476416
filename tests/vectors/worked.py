"""How a worked example is written: bytes as hex digits with their meaning beside them, values by name."""

import re
from base64 import b64decode
from collections.abc import Sequence

from lab.second.vectors import Vector, book, whole

TITLE = "## Worked example\n"
ROW_BYTES = 24
SHOWN_WHOLE = 3 * ROW_BYTES
"""Longer parts are shown by their first and their last row."""

Part = tuple[str, bytes]


def vector_of(name: str, title: str) -> Vector:
    return next(vector for vector in book(name) if vector["name"] == title)


def from_vector(name: str, title: str, part: str) -> tuple[str, bytes]:
    """The sentence that names a vector, and its bytes."""
    return f"Vector `{title}` of `tests/vectors/{name}.json`.", whole(vector_of(name, title)[part])


def dump(parts: Sequence[Part], *, at: int = 0) -> list[str]:
    """Lines of offset, hex digits and meaning."""
    lines = []
    for meaning, raw in parts:
        rows = [raw[start : start + ROW_BYTES] for start in range(0, len(raw), ROW_BYTES)] or [b""]
        cut = len(raw) > SHOWN_WHOLE
        for place, row in enumerate(rows):
            if cut and 0 < place < len(rows) - 1:
                if place == 1:
                    left = len(raw) - len(rows[0]) - len(rows[-1])
                    zeros = not any(raw[ROW_BYTES : ROW_BYTES + left])
                    lines.append(f"{'…':>7}  {left:,} more{', all of them zero' if zeros else ''}")
                continue
            said = f"  {meaning}" if place == 0 else ""
            lines.append(f"{at + place * ROW_BYTES:>7}  {row.hex():<{2 * ROW_BYTES}}{said}".rstrip())
        at += len(raw)
    return lines


def split(raw: bytes, *layout: tuple[str, int]) -> list[Part]:
    """``raw`` cut into parts of these lengths; the last one may say -1 for the rest."""
    parts = []
    for meaning, length in layout:
        end = len(raw) if length < 0 else length
        parts.append((meaning, raw[:end]))
        raw = raw[end:]
    assert not raw, f"{len(raw)} bytes are left over"
    return parts


def values(*pairs: tuple[str, bytes | str]) -> list[str]:
    width = max(len(name) for name, _ in pairs)
    return [f"{name:<{width}}  {value.hex() if isinstance(value, bytes) else value}" for name, value in pairs]


def section(said: str, *blocks: Sequence[str]) -> str:
    fenced = "\n\n".join("```text\n" + "\n".join(block) + "\n```" for block in blocks)
    return f"{TITLE}\n{said}\n\n{fenced}\n"


def unpadded(text: bytes) -> bytes:
    """Base64 with or without its padding."""
    return b64decode(text.rstrip(b"=") + b"=" * (-len(text.rstrip(b"=")) % 4))


def fields_of(raw: bytes) -> list[Part]:
    """A canonical document cut at its fields, each with its name beside it."""
    starts, depth, quoted, skip = [1], 0, False, False
    for at, byte in enumerate(raw):
        letter = bytes([byte])
        if skip:
            skip = False
        elif letter == b"\\":
            skip = True
        elif letter == b'"':
            quoted = not quoted
        elif not quoted and letter in b"{[":
            depth += 1
        elif not quoted and letter in b"}]":
            depth -= 1
        elif not quoted and letter == b"," and depth == 1:
            starts.append(at + 1)
    parts: list[Part] = [("", raw[:1])]
    for start, end in zip(starts, [*starts[1:], len(raw)], strict=True):
        piece = raw[start:end]
        name = re.match(rb'"([^"]*)"', piece)
        parts.append((name[1].decode() if name else "", piece))
    return parts
