"""The order to the web process: one line of JSON on its standard input.

The database key travels in it, and so is in no argument and in no environment.
"""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import BinaryIO

from tipline.machine.listener import ListenAddress
from tipline.web.connection_slots import FULL_CAPACITY, Capacity


@dataclass(frozen=True, slots=True)
class WebOrder:
    """The site to serve, and its listeners. ``courier`` is None without a service for couriers."""

    folder: Path
    key: bytes = field(repr=False)
    public: ListenAddress
    courier: ListenAddress | None
    behind_tor: bool
    address: str = ""
    room: Capacity = FULL_CAPACITY
    listeners: tuple[int, ...] = ()
    """Inherited descriptors; the parent adds them when it starts the process."""
    parent: int = 0
    """The parent's process id, added with the listeners."""
    relays: ListenAddress | None = None
    """The listener of relays; None while the site has none."""

    @property
    def relays_socket(self) -> str:
        """Path of the relays' listener; empty without one."""
        return str(self.relays.path) if self.relays else ""

    @property
    def courier_socket(self) -> str:
        """Path of the couriers' listener; empty without one."""
        return str(self.courier.path) if self.courier else ""

    def to_line(self) -> bytes:
        """Encode the order for :meth:`read`."""
        told = asdict(self) | {
            "folder": str(self.folder.absolute()),
            "key": self.key.hex(),
            "public": str(self.public),
            "courier": self.courier and str(self.courier),
            "relays": self.relays and str(self.relays),
        }
        return json.dumps(told).encode() + b"\n"

    @classmethod
    def read(cls, stream: BinaryIO) -> "WebOrder":
        """Decode the line that the parent wrote to ``stream``."""
        told = json.loads(stream.readline())
        return cls(
            **told
            | {
                "folder": Path(told["folder"]),
                "key": bytes.fromhex(told["key"]),
                "public": ListenAddress.parse(told["public"]),
                "courier": ListenAddress.parse(told["courier"]) if told["courier"] else None,
                "relays": ListenAddress.parse(told["relays"]) if told["relays"] else None,
                "room": Capacity(**told["room"]),
                "listeners": tuple(told["listeners"]),
            }
        )
