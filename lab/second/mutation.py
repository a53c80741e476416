"""Small faults in sound things: in bytes, and in JSON documents that stay canonical."""

import json
from collections.abc import Sequence
from random import Random
from typing import Any

NUMBERS = (0, 1, 2, -1, 3, 4, 16, 2**31 - 1, 2**31, 2**40, 2**40 + 1, 2**53 - 1, True, False, None)
TEXTS = (
    "",
    " ",
    "a",
    "A",
    "é",
    "e\u0301",
    "Ω",
    "\u202e",
    "\u00a0",
    "\x7f",
    "\n",
    "2026-W01",
    "2020-W53",
    "2026-Q1",
)
OTHERS: tuple[Any, ...] = ([], {}, [[]], [1], {"a": 1}, *NUMBERS, *TEXTS)


def mutated(random: Random, raw: bytes, words: Sequence[bytes] = ()) -> bytes:
    """`raw` with one to three faults; `words` are pieces that mean something in its format."""
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        raw = _one(random, raw, words)
    return raw


def _one(random: Random, raw: bytes, words: Sequence[bytes]) -> bytes:
    at = random.randrange(len(raw) + 1)
    to = min(len(raw), at + random.choice((1, 1, 2, 4, 8, 64)))
    kind = random.randrange(8)
    if kind == 0:
        return raw[:at] + bytes(byte ^ 1 << random.randrange(8) for byte in raw[at : at + 1]) + raw[at + 1 :]
    if kind == 1:
        return raw[:at] + raw[to:]
    if kind == 2:
        return raw[:at] + raw[at:to] + raw[at:]
    if kind == 3:
        return raw[:at] + random.randbytes(random.choice((1, 1, 2, 4))) + raw[at:]
    if kind == 4:
        return raw[:at]
    if kind == 5:
        return raw[:at] + bytes([random.choice((0, 1, 2, 0x0A, 0x0D, 0x20, 0x3D, 0x7F, 0xFF))]) + raw[at + 1 :]
    if kind == 6 and words:
        word = random.choice(words)
        there = raw.find(random.choice(words))
        return raw[:there] + word + raw[there + len(word) :] if there >= 0 else raw + word
    other = random.randrange(len(raw) + 1)
    low, high = sorted((at, other))
    return raw[:low] + raw[high:] + raw[low:high]


def canonical(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8", "replace")


def mutated_document(random: Random, raw: bytes) -> bytes:
    """Another document in canonical form, with one to three values, fields or entries changed."""
    document = json.loads(raw)
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        _change(random, document)
    return canonical(document)


def _change(random: Random, document: Any) -> None:
    places = list(_places(document))
    if not places:
        return
    holder, key = random.choice(places)
    kind = random.randrange(7)
    if kind == 0:
        del holder[key]
    elif kind == 1 and isinstance(holder, list):
        holder.insert(random.randrange(len(holder) + 1), holder[key])
    elif kind == 1:
        holder[str(key) + "x"] = holder[key]
    elif kind == 2 and isinstance(holder, list):
        random.shuffle(holder)
    elif kind in (2, 3):
        other, name = random.choice(places)
        holder[key] = json.loads(json.dumps(other[name]))
    elif kind == 4 and isinstance(holder[key], int):
        holder[key] += random.choice((-1, 1))
    elif kind in (4, 5) and isinstance(holder[key], str) and holder[key]:
        holder[key] = _changed_text(random, holder[key])
    else:
        holder[key] = random.choice(OTHERS)


def _changed_text(random: Random, text: str) -> str:
    at = random.randrange(len(text))
    letter = random.choice("0123456789abcdfAF-= qW\u0301\u00a0é")
    return random.choice(
        (text[:at] + letter + text[at + 1 :], text[:at] + text[at + 1 :], text.upper(), text + letter)
    )


def _places(value: Any) -> Any:
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        yield value, key
        yield from _places(value[key])
