"""Streams in great number that each send a byte every few minutes, and a real upload over a slow line.

What a stream says at first goes round: half have begun a text, as it costs least; the others have a header without
a body, a header without an end, nothing, and a file of which 32 KiB have come. A stream that was ended is opened
again at once, on the same circuit.
"""

import asyncio
import contextlib
import errno
import itertools
import socket
import time
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

from light_client import LightClient, file_form, form_of, header, line_of
from nuisance_crowd import background

BYTE_SECONDS = 150.0
OPENING_SECONDS = 60.0
SLOW_BYTES_A_SECOND = 3 << 10
_AGAIN_SECONDS = 0.05
_LENGTH_BYTES = 900_000
_UNFINISHED = header(b"POST", "/", _LENGTH_BYTES)[:-2] + b"X-Slow: "
_WHOLE = header(b"POST", "/", _LENGTH_BYTES)
_TEXT = _WHOLE + form_of({"nonce": "0" * 32, "text": ""}, tail=False)
_FILE = _WHOLE + b"".join(file_form({"nonce": "0" * 32}, name="x", length_bytes=_LENGTH_BYTES)[0])[: 32 << 10]
OF_ALL_KINDS = (_TEXT, _WHOLE, _TEXT, _UNFINISHED, _TEXT, b"", _TEXT, _FILE)
FILES = (_FILE,)


class SlowStreams:
    """Those that are open, and how many were ended so far."""

    def __init__(self, path: Path, circuits: list[int], say: Sequence[bytes]) -> None:
        """A stream for each of ``circuits``, which repeat."""
        self._say = say
        self._path = path
        self._streams: list[socket.socket | None] = [None] * len(circuits)
        self._circuits = circuits
        self._to_open = list(range(len(circuits)))
        self.ended = 0
        self.all_there = asyncio.Event()
        self.most = 0
        """Open when all that the server takes had come."""

    @property
    def open(self) -> int:
        return sum(each is not None for each in self._streams)

    async def keep_open(self) -> None:
        """Opens each, and again when it was ended."""
        while True:
            while self._to_open and self._has_opened(self._to_open[-1]):
                self._to_open.pop()
                if len(self._to_open) % 50 == 0:
                    await asyncio.sleep(0)
            if not self._to_open:
                self.all_there.set()
            await asyncio.sleep(_AGAIN_SECONDS)

    async def drip(self) -> None:
        """One byte to each in two and a half minutes."""
        for number in itertools.cycle(range(len(self._streams))):
            await asyncio.sleep(BYTE_SECONDS / len(self._streams))
            if (each := self._streams[number]) is not None:
                with contextlib.suppress(OSError):
                    each.send(b"x")

    def close(self) -> None:
        for number in range(len(self._streams)):
            self._hang_up(number)

    def _has_opened(self, number: int) -> bool:
        each = socket.socket(socket.AF_UNIX)
        each.setblocking(False)
        try:
            each.connect(str(self._path))
            each.send(line_of(self._circuits[number]) + self._say[number % len(self._say)])
        except OSError as error:
            each.close()
            # The server's queue is full; of the others each has ended already.
            if error.errno == errno.EAGAIN:
                return False
            self.ended += 1
            return False
        self._streams[number] = each
        asyncio.get_running_loop().add_reader(each, self._has_ended, number)
        return True

    def _has_ended(self, number: int) -> None:
        self.ended += 1
        self._hang_up(number)
        self._to_open.insert(0, number)

    def _hang_up(self, number: int) -> None:
        each = self._streams[number]
        if each is not None:
            asyncio.get_running_loop().remove_reader(each)
            each.close()
            self._streams[number] = None


@contextlib.asynccontextmanager
async def slow_streams(
    path: Path, circuits: list[int], say: Sequence[bytes] = OF_ALL_KINDS
) -> AsyncIterator[SlowStreams]:
    """All open, as far as the server accepts them within a minute."""
    streams = SlowStreams(path, circuits, say)
    try:
        async with background(streams.keep_open(), streams.drip()):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(streams.all_there.wait(), OPENING_SECONDS)
            streams.most = streams.open
            yield streams
    finally:
        streams.close()


async def slow_upload(client: LightClient, nonce: str, mark: str, *, seconds: float, circuit: int) -> bool:
    """A file over a line of 3 KiB a second; whether it got its receipt."""
    length_bytes = int(seconds * SLOW_BYTES_A_SECOND)
    pieces, length = file_form({"nonce": nonce, "text": mark}, name="slow.bin", length_bytes=length_bytes)
    whole = header(b"POST", "/", length) + b"".join(pieces)
    reader, writer = await asyncio.open_unix_connection(str(client.socket), limit=1 << 20)
    writer.write(line_of(circuit))
    begun = time.perf_counter()
    try:
        for place, begin in enumerate(range(0, len(whole), SLOW_BYTES_A_SECOND)):
            await asyncio.sleep(begun + place - time.perf_counter())
            writer.write(whole[begin : begin + SLOW_BYTES_A_SECOND])
            await writer.drain()
        return b"data-passphrase" in await reader.read(-1)
    except OSError:
        return False
    finally:
        writer.close()
