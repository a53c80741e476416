"""A place for contents that remembers what it was told, in order: the fake of every reader's ``Contents``."""

import hashlib
from typing import Any


class Collected:
    """``events`` as the container vectors name them; ``pieces`` with the data of the file that was last begun."""

    def __init__(self) -> None:
        self.events: list[list[Any]] = []
        self.pieces: list[bytes] = []

    def field(self, name: str, value: str) -> None:
        self.events.append(["field", name, value])

    def begin_file(self, name: str, media_type: str) -> None:
        self.events.append(["file", name, media_type])
        self.pieces = []

    def data(self, piece: bytes) -> None:
        self.pieces.append(piece)

    def end_file(self, sha256: bytes) -> None:
        content = b"".join(self.pieces)
        assert hashlib.sha256(content).digest() == sha256
        self.events[-1] += [len(content), sha256.hex()]


class Rewritten:
    """Writes again what it is told, through a writer with the same calls."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, tuple[Any, ...]]] = []

    def field(self, name: str, value: str) -> None:
        self.calls.append(("field", (name, value)))

    def begin_file(self, name: str, media_type: str) -> None:
        self.calls.append(("begin_file", (name, media_type)))

    def data(self, piece: bytes) -> None:
        self.calls.append(("data", (piece,)))

    def end_file(self, _sha256: bytes) -> None:
        self.calls.append(("end_file", ()))

    def onto(self, writer: Any) -> None:
        for method, arguments in self.calls:
            getattr(writer, method)(*arguments)
