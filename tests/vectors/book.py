"""A book of vectors: one JSON file a format, one fault a vector, the outcome by kind.

A vector that was once written is never changed and never loses its name: a maker may only add. The bytes of a
vector are a list of pieces, each ``{"hex": …, "times": n}`` or ``{"file": …, "from": a, "to": b}`` beside the book,
so that long and dull bytes stay short here.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
OPENS, MALFORMED, NEWER, NO_KEY_OPENS = "opens", "malformed", "newer", "no key opens"
BAD_SIGNATURE, NOT_FOR_US, LIKELY_TYPO = "bad signature", "not for us", "likely typo"
REPLAYED, OUT_OF_ORDER, FORKED, ROLLED_BACK = "replayed", "out of order", "forked", "rolled back"
NEW_STREAM, EXPIRED, TOO_EARLY = "new stream", "expired", "too early"
OUTCOMES = {
    *(OPENS, MALFORMED, NEWER, NO_KEY_OPENS, BAD_SIGNATURE, NOT_FOR_US, LIKELY_TYPO, REPLAYED, OUT_OF_ORDER),
    *(FORKED, ROLLED_BACK, NEW_STREAM, EXPIRED, TOO_EARLY),
}

Piece = dict[str, Any]
Vector = dict[str, Any]


class VectorBook:
    """The vectors of one format, in the order in which they were added."""

    def __init__(self, name: str) -> None:
        self._path = HERE / f"{name}.json"
        self._vectors: list[Vector] = json.loads(self._path.read_text()) if self._path.exists() else []

    def __iter__(self) -> Iterator[Vector]:
        return iter(self._vectors)

    def __len__(self) -> int:
        return len(self._vectors)

    def names(self) -> list[str]:
        return [vector["name"] for vector in self._vectors]

    def add(self, name: str, outcome: str, make: Callable[[], dict[str, Any]]) -> None:
        """Add a vector unless one of that name is there; ``make`` gives what it holds beside name and outcome."""
        assert outcome in OUTCOMES
        if name not in self.names():
            self._vectors.append({"name": name, "outcome": outcome, **make()})

    def add_fixed(self, name: str, outcome: str, told: dict[str, Any]) -> None:
        """Add a vector whose maker draws nothing at random; one that is there must be the same.

        Raises:
            AssertionError: it is another one now.
        """
        self.add(name, outcome, lambda: told)
        stored = next(vector for vector in self._vectors if vector["name"] == name)
        assert stored == json.loads(json.dumps({"name": name, "outcome": outcome, **told})), f"{name} has changed"

    def save(self) -> None:
        lines = ",\n".join(json.dumps(vector, ensure_ascii=True) for vector in self._vectors)
        self._path.write_text(f"[\n{lines}\n]\n")


def bytes_of(pieces: Sequence[Piece]) -> bytes:
    """The bytes that a list of pieces stands for."""
    return b"".join(map(_piece, pieces))


def plain(raw: bytes, times: int = 1) -> Piece:
    """A piece that holds its bytes."""
    return {"hex": raw.hex()} if times == 1 else {"hex": raw.hex(), "times": times}


def edited(raw: bytes, old: bytes, new: bytes) -> bytes:
    """``raw`` with the one place where ``old`` stands changed to ``new``: one fault."""
    assert raw.count(old) == 1, f"{old!r} stands {raw.count(old)} times"
    return raw.replace(old, new)


def text(raw: bytes) -> Piece:
    """A piece that holds UTF-8 in letters: half the length of its hex digits."""
    return {"text": raw.decode()}


def part_of(file: str, start: int, end: int) -> Piece:
    """A piece that is a part of a file beside the book."""
    return {"file": file, "from": start, "to": end}


def differing(raw: bytes, file: str) -> list[Piece]:
    """``raw`` as pieces of a file beside the book and what differs from it; short runs that are alike are not told
    apart."""
    sound = (HERE / file).read_bytes()
    assert len(raw) == len(sound)
    pieces: list[Piece] = []
    at = 0
    while at < len(raw):
        start, is_same = at, raw[at : at + 64] == sound[at : at + 64]
        while at < len(raw) and (raw[at : at + 64] == sound[at : at + 64]) is is_same:
            at += 64
        at = min(at, len(raw))
        pieces.append(part_of(file, start, at) if is_same else plain(raw[start:at]))
    return pieces


def _piece(piece: Piece) -> bytes:
    if "file" in piece:
        return (HERE / piece["file"]).read_bytes()[piece["from"] : piece["to"]]
    raw = str(piece["text"]).encode() if "text" in piece else bytes.fromhex(piece["hex"])
    return raw * int(piece.get("times", 1))
