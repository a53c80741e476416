"""Ears of a relay whose adapter another program drives, and what every pair of ears can do.

That program writes a line for each advertisement: an adapter that BlueZ does not drive, or virtual controllers.
"""

import threading
from contextlib import suppress
from typing import Protocol

from relay.relay import Relay

_LONGEST_LINE = 200
_LARGEST_RSSI = 127
_WORDS = 3


class Radio(Protocol):
    """Hears advertisements for a relay, in a thread of its own."""

    trouble: str
    """The reason why it does not listen; empty while it listens."""

    def start(self, relay: Relay) -> None:
        """Hear for this relay from now on."""
        ...

    def close(self) -> None:
        """End, and wait for the thread."""
        ...


class PipeRadio:
    """Reads advertisements that another program hears, a line each.

    A line has address, bytes in hex digits, and strength. It is for an adapter that BlueZ does not drive, and for
    virtual controllers. Other lines are passed over.
    """

    def __init__(self, descriptor: int) -> None:
        self.trouble = "not started"
        self._descriptor = descriptor
        self._thread: threading.Thread | None = None
        self._is_closed = False

    def start(self, relay: Relay) -> None:
        """Read in a thread until the pipe ends."""
        self.trouble = ""
        self._thread = threading.Thread(target=self._run, args=(relay,), name="radio", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """The thread ends with its pipe, or with this process."""
        self._is_closed = True

    def _run(self, relay: Relay) -> None:
        with open(self._descriptor, "rb", closefd=False) as lines:
            while not self._is_closed:
                line = lines.readline(_LONGEST_LINE)
                if not line:
                    break
                found = advertisement_of(line)
                if found is not None:
                    relay.take_frame(found[0], rssi=found[1])
        self.trouble = "the program that hears advertisements has ended"


def advertisement_of(untrusted_line: bytes) -> tuple[bytes, int] | None:
    """Bytes and strength in dBm of a line ``ADDRESS HEX RSSI``; None for any other line."""
    words = untrusted_line.split()
    with suppress(ValueError, UnicodeDecodeError):
        if len(words) == _WORDS:
            rssi = int(words[2])
            raw = bytes.fromhex(words[1].decode("ascii"))
            return raw, max(-_LARGEST_RSSI, min(_LARGEST_RSSI, rssi))
    return None
