"""Clients that send costly texts, and clients that read no answer: a nuisance of few bytes."""

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator, Sequence

from dear_requests import dear_texts
from light_client import EDGE, LightClient, form_of, header, line_of
from nuisance_crowd import background

LETTERS = 50_000
LARGEST_BYTES = 256 << 10
"""Of a text that is shown again."""

_KINDS = ("groups of digits", "runs of digits", "words of the list", "groups of the list", "letters and digits")
_HANG_UP_AFTER = 3
"""One in this number sends all but the end, and hangs up; the others wait for the answer."""


class JunkTexts:
    """How many were answered or cut off."""

    def __init__(self) -> None:
        self.posts = 0
        self.statuses: dict[int, int] = {}


@contextlib.asynccontextmanager
async def junk_texts(client: LightClient, circuits: Sequence[int]) -> AsyncIterator[JunkTexts]:
    """A stream for each of ``circuits``, which may repeat, that sends texts without pause.

    Each text is followed by the first bytes of a file.
    """
    said = JunkTexts()
    texts = dict(dear_texts(LETTERS))
    file = f'--{EDGE}\r\nContent-Disposition: form-data; name="files"; filename="a"\r\n\r\n{"x" * 3000}'
    bodies = [
        form_of({"nonce": "ab" * 16, "answer": "no", "text": texts[kind]}, tail=False)
        + f"{file}\r\n--{EDGE}--\r\n".encode()
        for kind in _KINDS
    ]

    async def post(place: int, circuit: int) -> None:
        for number in itertools.count(place):
            body = bodies[number % len(bodies)]
            is_cut = number % _HANG_UP_AFTER == 0
            if is_cut:
                await _cut(client, body, circuit)
            else:
                answer = await client.ask(b"POST", "/", [body], len(body), circuit=circuit)
                said.statuses[answer.status] = said.statuses.get(answer.status, 0) + 1
            said.posts += 1

    async with background(*itertools.starmap(post, enumerate(circuits))):
        yield said


async def _cut(client: LightClient, body: bytes, circuit: int) -> None:
    """All but the end; the client is then gone."""
    with contextlib.suppress(OSError):
        reader, writer = await asyncio.open_unix_connection(str(client.socket))
        try:
            writer.write(line_of(circuit) + header(b"POST", "/", len(body)) + body[:-10])
            writer.write_eof()
            await reader.read(-1)
        finally:
            writer.close()


@contextlib.asynccontextmanager
async def unread_answers(client: LightClient, circuits: Sequence[int]) -> AsyncIterator[None]:
    """A stream for each of ``circuits`` that requests the largest page and reads only its beginning."""
    body = form_of({"nonce": "ab" * 16, "lang": "es", "text": "&" * (LARGEST_BYTES - 1)})
    writers: list[asyncio.StreamWriter] = []
    try:
        for circuit in circuits:
            reader, writer = await asyncio.open_unix_connection(str(client.socket), limit=1)  # and reads no more
            writers.append(writer)
            writer.write(line_of(circuit) + header(b"POST", "/", len(body)) + body)
            await writer.drain()
            await reader.read(1)  # it is on its way
        yield
    finally:
        for writer in writers:
            writer.close()
