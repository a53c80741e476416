"""A button on virtual Bluetooth controllers, and two relays that hear what its radio sends.

The button runs in an environment of its own (``scripts/radio``), and is the second implementation of the formats.
"""

import contextlib
import json
import os
import subprocess
import threading
from pathlib import Path
from typing import IO

CHECKOUT = Path(__file__).parent.parent


class VirtualAir:
    """Starts the button; what the other controller hears is written to one pipe for each relay."""

    def __init__(self, python: Path, *, relays: int) -> None:
        """``python`` is that of the environment with the virtual controllers."""
        self.heard: list[str] = []
        pipes = [os.pipe() for _ in range(relays)]
        self.ears = [reading for reading, _writing in pipes]
        self._mouths = [writing for _reading, writing in pipes]
        self._process = subprocess.Popen(
            [python, "-m", "lab.beacon.virtual_button"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=CHECKOUT,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(CHECKOUT)},
        )
        self._thread = threading.Thread(target=self._carry, name="air", daemon=True)
        self._thread.start()

    def provision(self, record: bytes) -> None:
        """Give the button what ``beacon provision`` wrote: seed, mark key, and the time."""
        self._say({"seed": record[:32].hex(), "mark_key": record[32:64].hex()})

    def press(self, meaning: str, *, at: int, seconds: float) -> None:
        """Press it: it sends for ``seconds``, by a clock that says ``at`` in Unix seconds."""
        self._say({"meaning": meaning, "time": at, "seconds": seconds})

    def send_other(self, frame: bytes = b"\x02\x01\x06") -> None:
        """An advertisement of another device, so that no relay is deaf."""
        self._write(f"00:00 {frame.hex()} -60\n".encode())

    def close(self) -> None:
        entry = self._process.stdin
        if entry is not None:
            with contextlib.suppress(OSError):
                entry.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._thread.join(5)
        for descriptor in (*self.ears, *self._mouths):
            with contextlib.suppress(OSError):
                os.close(descriptor)

    def _say(self, told: dict[str, object]) -> None:
        entry: IO[str] | None = self._process.stdin
        if entry is not None:
            entry.write(json.dumps(told) + "\n")
            entry.flush()

    def _carry(self) -> None:
        for line in self._process.stdout or ():
            self.heard.append(line.strip())
            self._write(line.encode())

    def _write(self, line: bytes) -> None:
        for descriptor in self._mouths:
            with contextlib.suppress(OSError):  # a relay has ended
                os.write(descriptor, line)
