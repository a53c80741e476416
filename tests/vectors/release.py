"""Writes down which vectors are released: ``python -m tests.vectors.release``, with every release of the program.

A line of ``released.txt`` has the SHA-256 of a vector, its book and its name. Lines are only ever added: a vector
that was released never changes, never loses its name, and never goes.
"""

import hashlib
import json
from typing import Any

from tests.vectors.book import HERE, VectorBook, bytes_of

LIST = HERE / "released.txt"


def books() -> list[str]:
    return sorted(path.stem for path in HERE.glob("*.json"))


def digest(vector: dict[str, Any]) -> str:
    """Of all that a vector says; of bytes what they are, not how they are put together."""
    return hashlib.sha256(json.dumps(_settled(vector), sort_keys=True).encode()).hexdigest()


def _settled(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _settled(one) for name, one in value.items()}
    if isinstance(value, list):
        if value and all(isinstance(one, dict) and {"hex", "text", "file"} & set(one) for one in value):
            return {"sha256": hashlib.sha256(bytes_of(value)).hexdigest()}
        return [_settled(one) for one in value]
    return value


def present() -> dict[tuple[str, str], str]:
    """The digest of each vector that is there, by book and name."""
    return {(book, vector["name"]): digest(vector) for book in books() for vector in VectorBook(book)}


def released() -> dict[tuple[str, str], str]:
    """The digest of each vector that was released, by book and name."""
    lines = LIST.read_text(encoding="utf-8").splitlines() if LIST.exists() else []
    return {(book, name): found for found, book, name in (line.split(" ", 2) for line in lines)}


def main() -> None:
    known = released()
    for place, found in present().items():
        assert known.setdefault(place, found) == found, f"{' '.join(place)} was released, and is another one now"
    lines = sorted(f"{found} {book} {name}" for (book, name), found in known.items())
    lines.sort(key=lambda line: line.split(" ", 1)[1])
    LIST.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


if __name__ == "__main__":
    main()
