"""Nuisance clients: idle, slow, huge, and those that post junk without pause."""

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

from light_client import LightAnswer, LightClient, file_form, form_of, header, line_of

LONG_BYTES = 100_000
MB = 1_000_000
NO_RECEIPT = "junk: 200 without a receipt"


@contextlib.asynccontextmanager
async def idle(socket: Path, count: int) -> AsyncIterator[list[asyncio.StreamReader]]:
    """Connections that say nothing; one that was hung up on is at its end of file."""
    async with _open(socket, count) as streams:
        yield [reader for reader, _ in streams]


@contextlib.asynccontextmanager
async def slow_uploads(socket: Path, count: int, *, first_circuit: int) -> AsyncIterator[list[asyncio.Task[bytes]]]:
    """Uploads of a byte a second, each on its own circuit; a task ends with an answer or a hang-up."""
    begin = form_of({"nonce": "0" * 32, "text": "slow"}, tail=False)
    async with _open(socket, count) as streams:
        writers = [writer for _, writer in streams]
        answers = [asyncio.ensure_future(_first_byte(reader)) for reader, _ in streams]
        for number, writer in enumerate(writers):
            writer.write(line_of(first_circuit + number) + header(b"POST", "/", LONG_BYTES) + begin)

        async def drip() -> None:
            while True:
                await asyncio.sleep(1)
                for writer in writers:
                    writer.write(b"x")

        async with background(drip(), *answers):
            yield answers


async def _first_byte(reader: asyncio.StreamReader) -> bytes:
    with contextlib.suppress(OSError):
        return await reader.read(1)
    return b""


async def upload(client: LightClient, nonce: str, mark: str, *, length_bytes: int, circuit: int) -> LightAnswer:
    """One file of this number of bytes, beside a text."""
    pieces, length = file_form({"nonce": nonce, "text": mark}, name="long.bin", length_bytes=length_bytes)
    return await client.ask(b"POST", "/", pieces, length, circuit=circuit)


class Junk:
    """The answers to the posters of junk, counted."""

    def __init__(self) -> None:
        self.statuses: dict[int, int] = {}
        self.faults: list[str] = []

    def note(self, answer: LightAnswer) -> None:
        """A receipt, a redirect and a polite refusal are as they should be; anything else is a fault."""
        self.statuses[answer.status] = self.statuses.get(answer.status, 0) + 1
        refused = answer.status in (429, 503) and answer.is_polite()
        if answer.status == 200 and b"data-passphrase" not in answer.body:
            self.faults.append(NO_RECEIPT)
        elif answer.status != 200 and not 300 <= answer.status < 400 and not refused:
            self.faults.append(f"junk: {answer.status}")

    @property
    def posts(self) -> int:
        return sum(self.statuses.values())

    @property
    def answered(self) -> int:
        return self.posts - self.statuses.get(0, 0)

    @property
    def taken(self) -> int:
        return self.statuses.get(200, 0) - self.faults.count(NO_RECEIPT)


@contextlib.asynccontextmanager
async def junk(
    client: LightClient, circuits: Sequence[int], *, a_minute: float | None = None
) -> AsyncIterator[Junk]:
    """A poster for each of ``circuits``, which may repeat.

    Together they post ``a_minute`` texts, each when it is due, or without pause.
    """
    said = Junk()
    pause_seconds = 60 / a_minute * len(circuits) if a_minute else 0.0

    async def post(place: int, circuit: int) -> None:
        # When each is due, so that a slow answer does not make them fewer.
        now = asyncio.get_running_loop().time
        due = now() + pause_seconds * place / len(circuits)
        while True:
            await asyncio.sleep(due - now())
            due += pause_seconds
            form = await client.get("/", circuit=circuit)
            answer = form
            if form.status == 200:
                fields = {"nonce": form.hidden("nonce"), "text": "junk"}
                answer = await client.post("/", fields, circuit=circuit)
            said.note(answer)

    async with background(*itertools.starmap(post, enumerate(circuits))):
        yield said


@contextlib.asynccontextmanager
async def _open(socket: Path, count: int) -> AsyncIterator[list[tuple[asyncio.StreamReader, asyncio.StreamWriter]]]:
    streams = [await asyncio.open_unix_connection(str(socket)) for _ in range(count)]
    try:
        yield streams
    finally:
        for _, writer in streams:
            writer.close()


@contextlib.asynccontextmanager
async def background(*tasks: object) -> AsyncIterator[None]:
    """These go on while it lasts.

    Raises:
        ExceptionGroup: some of them ended with an error before: what was measured was not beside all of them.
    """
    running = [asyncio.ensure_future(task) for task in tasks]  # type: ignore[call-overload]  # coroutines
    try:
        yield
    finally:
        for task in running:
            task.cancel()
        ended = await asyncio.gather(*running, return_exceptions=True)
        if broken := [one for one in ended if isinstance(one, Exception)]:
            raise ExceptionGroup("nuisances that ended by themselves", broken)
