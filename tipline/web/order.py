"""The order by which the web process learns what to serve; it comes through its standard input."""

import json
import sys
from dataclasses import dataclass
from pathlib import Path

from tipline.web.connection_slots import Room


@dataclass(frozen=True, slots=True)
class Order:
    """What the parent tells."""

    folder: Path
    key: bytes
    listeners: tuple[int, ...]  # inherited descriptors
    courier_socket: str
    behind_tor: bool
    address: str
    parent: int
    room: Room

    @classmethod
    def read(cls) -> "Order":
        told = json.loads(sys.stdin.buffer.readline())
        return cls(
            Path(told["folder"]),
            bytes.fromhex(told["key"]),
            tuple(told["listeners"]),
            told["courier_socket"],
            told["behind_tor"],
            told["address"],
            told["parent"],
            Room(**told["room"]),
        )
