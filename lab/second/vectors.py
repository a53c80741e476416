"""The vector books as data: docs/formats/README.md says how they are read."""

import json
from collections.abc import Callable
from pathlib import Path

from lab.second.refused import Refused

FOLDER = Path(__file__).parents[2] / "tests" / "vectors"
Vector = dict[str, object]


def book(name: str) -> list[Vector]:
    found: list[Vector] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return found


def whole(pieces: object) -> bytes:
    """The bytes that a list of pieces stands for."""
    assert isinstance(pieces, list)
    return b"".join(piece_of(piece) for piece in pieces)


def piece_of(piece: Vector) -> bytes:
    if "file" in piece:
        start, stop = int(str(piece["from"])), int(str(piece["to"]))
        return (FOLDER / str(piece["file"])).read_bytes()[start:stop]
    raw = bytes.fromhex(str(piece["hex"])) if "hex" in piece else str(piece["text"]).encode("utf-8")
    return raw * int(str(piece.get("times", 1)))


def outcome_of(read: Callable[[], object]) -> str:
    try:
        read()
    except Refused as refused:
        return refused.outcome
    return "opens"
