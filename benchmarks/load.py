"""The site under load on two cores: many sources, huge and slow uploads, idle connections, junk.

Run: ``.venv/bin/python benchmarks/load.py [--only PART ...] [--folder FOLDER]``; all parts take thirteen minutes.

It uses the real web process on its unix socket, with circuits named as tor names them. The load shares the two
cores with it, so it is light: one process, raw sockets, no parser. Its own waiting is part of each figure. First
the same is measured without other load: the ratios refer to that. It exits with 1 if a figure misses its goal.
"""

import argparse
import asyncio
import itertools
import resource
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from junk_texts import junk_texts, unread_answers
from light_client import LightAnswer
from load_measures import SIXTEEN, Measured, Quiet
from load_table import Table
from looker import looking, percentile
from nuisance_crowd import MB, idle, junk, slow_uploads, upload
from running_server import POOL_FILL_SECONDS, REFILL_SECONDS, running_web
from slow_streams import FILES, OF_ALL_KINDS, slow_streams, slow_upload
from sources import Told

POOL_READY = 64
JUNK_SECONDS = 12.0
JUNK_A_MINUTE_SECONDS = 36.0
"""So that each of fifty circuits comes once and more."""
QUIET_SECONDS, QUIET_TEXTS, QUIET_LOG_INS = 5.0, 20, 5
STREAMS_SECONDS, STREAMS_PATIENCE_SECONDS = 40.0, 30.0
FIRST_SLOW_CIRCUIT = 200_000
SECUREDROP_JUNK = 182
"""Without pause, in 15 seconds."""


class Load(Measured):
    """The parts; each adds its lines to the table, and to the marks of all receipts that were shown."""

    async def baseline(self) -> None:
        """Views of the first page, then sources one after another: the baseline of all ratios."""
        part, told = "no other load, p95 of each", Told()
        async with looking(self._client, self._server.resident_bytes) as looker:
            await asyncio.sleep(QUIET_SECONDS)
        sources = [self._source(told, f"quiet-{number}") for number in range(QUIET_TEXTS)]
        for source in sources:
            await source.write()
        for source in sources[:QUIET_LOG_INS]:
            await source.come_back()
        self.shown += told.receipts
        self._quiet = Quiet(
            looker.p95 * 1000, percentile(told.text_seconds, 95), percentile(told.login_seconds, 95)
        )
        self._table.add(part, "first page", looker.p95 * 1000, "ms")
        self._table.add(part, "text to receipt", percentile(told.text_seconds, 95), "s")
        self._table.add(part, "log-in", percentile(told.login_seconds, 95), "s")
        self._faults(part, told.faults + looker.faults)

    async def crowd(self, count: int) -> None:
        """``count`` sources at once, who write and then log in."""
        told = Told()
        sources = [self._source(told, f"crowd{count}-{number}") for number in range(count)]
        async with looking(self._client, self._server.resident_bytes) as looker:
            wrote = await asyncio.gather(*(source.write() for source in sources))
            await asyncio.gather(*(source.come_back() for source, one in zip(sources, wrote, strict=True) if one))
        self.shown += told.receipts
        part = SIXTEEN if count == 16 else f"{count} sources at once"
        first = told.text_seconds[:POOL_READY]
        self._first_page(part, looker, below=50)
        self._text(part, "text to receipt, p95 of the first 64", percentile(first, 95), below=2)
        self._text(part, "text to receipt, p95 of all", percentile(told.text_seconds, 95))
        self._table.add(part, "texts without a receipt", count - len(told.receipts), "", below=1)
        self._log_in(part, "log-in, p95 with all waiting", percentile(told.login_seconds, 95))
        self._table.add(part, "polite refusals of log-ins", told.polite_refusals, "")
        self._faults(part, told.faults + looker.faults)

    async def log_ins(self, count: int, moments: int) -> None:
        """This many log-ins in one moment, and again when all are in.

        Beside one crowd the first page is requested about sixty times; the four requests at its beginning decide.
        Each crowd is held to the limit.
        """
        told = Told()
        one = self._source(told, "login")
        await one.write()
        self.shown += told.receipts
        sources = [self._source(told, "") for _ in range(count)]
        for source in sources:
            source.words = one.words
        part = f"{count} log-ins at once"
        resident_bytes, faults = 0, list[str]()
        for _ in range(moments):
            async with looking(self._client, self._server.resident_bytes) as looker:
                await asyncio.gather(*(source.come_back() for source in sources))
            self._first_page(part, looker, below=50)
            resident_bytes, faults = max(resident_bytes, looker.resident_bytes), faults + looker.faults
        self._table.add(part, "resident", resident_bytes / 2**20, "MiB", below=2048)
        self._log_in(part, "log-in, p95 with all waiting", percentile(told.login_seconds, 95))
        self._table.add(part, "polite refusals", told.polite_refusals, "")
        self._faults(part, told.faults + faults)

    async def uploads(self, count: int, length_bytes: int) -> None:
        """``count`` large files at once."""
        told = Told()
        begun = time.perf_counter()
        async with looking(self._client, self._server.resident_bytes) as looker:
            answers = await asyncio.gather(*(self._upload(number, length_bytes) for number in range(count)))
            seconds = time.perf_counter() - begun
        arrived = sum(answer.status == 200 and b"data-passphrase" in answer.body for answer in answers)
        for answer in answers:
            if answer.status != 200:
                told.note("upload", answer)
        part = f"{count} x {length_bytes // MB} MB"
        self._first_page(part, looker, below=100)
        self._table.add(part, "uploads without a receipt", count - arrived, "", below=1)
        self._table.add(part, "all together", count * length_bytes / 2**20 / seconds, "MiB/s")
        self._table.add(part, "resident", looker.resident_bytes / 2**20, "MiB", below=2048)
        self._faults(part, told.faults + looker.faults)

    async def slow(self, slow: int, silent: int) -> None:
        """Uploads of a byte a second beside connections that say nothing."""
        async with (
            idle(self._server.socket, silent) as listening,
            slow_uploads(self._server.socket, slow, first_circuit=next(self._circuits) + 100_000) as answers,
        ):
            await asyncio.sleep(1)
            part = f"{slow} slow uploads, {silent} idle"
            faults = await self._others(part, seconds=6, page_below=50)
            ended = sum(answer.done() for answer in answers)
            hung_up = sum(reader.at_eof() for reader in listening)
        self._table.add(part, "slow uploads that were ended", ended, "", below=1)
        self._table.add(part, "idle connections that were ended", hung_up, "", below=1)
        self._faults(part, faults)

    async def streams(self, count: int, circuits: int, *, of_files: bool = False) -> None:
        """This many slow streams, which are reopened when they are ended.

        Beside them are a newcomer twice a second, and one real upload over a slow line that was there before them.
        """
        what = "begun files" if of_files else "slow streams"
        part, told = f"{count:,} {what} on {circuits} circuits", Told()
        mark = f"{what.replace(' ', '-')}-{count}"
        form = await self._client.get("/", circuit=next(self._circuits))
        real = asyncio.create_task(
            slow_upload(
                self._client,
                form.hidden("nonce"),
                f"{mark} ",
                seconds=STREAMS_SECONDS,
                circuit=next(self._circuits),
            )
        )
        held = [FIRST_SLOW_CIRCUIT + number % circuits for number in range(count)]
        async with (
            slow_streams(self._server.socket, held, FILES if of_files else OF_ALL_KINDS) as streams,
            looking(self._client, self._server.resident_bytes) as looker,
        ):
            processor, begun = self._server.processor_seconds(), time.perf_counter()
            came: list[asyncio.Task[Any]] = []
            while time.perf_counter() < begun + STREAMS_SECONDS:
                came.append(asyncio.create_task(self._source(told, f"{mark} {len(came)}").write()))
                await asyncio.sleep(0.5)
            done, late = await asyncio.wait([real, *came], timeout=STREAMS_PATIENCE_SECONDS)
            for each in late:
                each.cancel()
            is_complete = real in done and real.result()
            processor = (self._server.processor_seconds() - processor) / (time.perf_counter() - begun)
        self.shown += [*told.receipts, *([mark] if is_complete else [])]
        quiet = self._quiet.first_page_ms
        slowest = looker.slowest * 1000
        self._table.add(part, "first page, p95", looker.p95 * 1000, "ms", quiet=quiet)
        # Files that begin in one moment cost as much as that many uploads, whatever they are.
        self._table.add(part, "first page, slowest", slowest, "ms", below=None if of_files else 1000)
        self._table.add(part, "first page, asked for so many times", len(looker.seconds), "")
        self._text(part, "text to receipt, p95", percentile(told.text_seconds, 95))
        self._table.add(part, "texts without a receipt", len(came) - len(told.receipts), "", below=1)
        self._table.add(part, "real slow uploads without a receipt", 1 - is_complete, "", below=1)
        self._table.add(part, "slow streams open", streams.most, "")
        self._table.add(part, "slow streams that were ended, and came again", streams.ended, "")
        self._table.add(part, "processor time of a core", processor, "")
        self._table.add(part, "resident", looker.resident_bytes / 2**20, "MiB", below=2048)
        self._faults(part, told.faults + looker.faults)

    async def junk(self, part: str, circuits: list[int], *, a_minute: float | None = None) -> None:
        """Junk from these circuits, beside sources on others."""
        async with junk(self._client, circuits, a_minute=a_minute) as said:
            begun = time.perf_counter()
            seconds = JUNK_A_MINUTE_SECONDS if a_minute else JUNK_SECONDS
            faults = await self._others(part, seconds=seconds, page_below=50)
            if not said.answered:
                raise RuntimeError("no junk was answered")
            in_15_seconds = said.taken * 15 / (time.perf_counter() - begun)
        securedrop = {} if a_minute else {"securedrop": SECUREDROP_JUNK}
        self._table.add(part, "junk taken in 15 s", in_15_seconds, "", **securedrop)
        refused = said.posts - said.taken
        self._table.add(part, "junk refused", refused, "")
        self._faults(part, faults + said.faults)

    async def junk_texts(self, streams: int, circuits: int) -> None:
        """Texts of list words and digits without pause, from several streams on several circuits."""
        part = f"{streams} streams of dear texts"
        numbers = [next(self._circuits) for _ in range(circuits)]
        async with junk_texts(self._client, list(itertools.islice(itertools.cycle(numbers), streams))) as said:
            await asyncio.sleep(2)
            faults = await self._others(part, seconds=JUNK_SECONDS, page_below=100, text_below=1)
        self._table.add(part, "texts of junk", said.posts, "")
        self._faults(part, faults)

    async def unread(self, count: int, circuits: int) -> None:
        """This many unread answers of the largest kind from this many circuits, beside sources."""
        part = f"{count} unread long answers"
        numbers = [next(self._circuits) for _ in range(circuits)]
        before = self._server.at_rest_bytes()
        async with unread_answers(self._client, list(itertools.islice(itertools.cycle(numbers), count))):
            held = self._server.at_rest_bytes() - before
            self._table.add(part, "they hold together", held / 2**20, "MiB", below=64)
            faults = await self._others(part, seconds=6, page_below=50)
            fields = {"nonce": "ab" * 16, "lang": "es", "text": "x" * 50_000}
            shown = await self._client.post("/", fields, circuit=next(self._circuits))
        self._table.add(
            part, "texts that were not shown again", fields["text"].encode() not in shown.body, "", below=1
        )
        self._faults(part, faults)

    async def _upload(self, number: int, length_bytes: int) -> LightAnswer:
        circuit = next(self._circuits)
        form = await self._client.get("/", circuit=circuit)
        mark = f"upload-{number} "
        nonce = form.hidden("nonce")
        answer = await upload(self._client, nonce, mark, length_bytes=length_bytes, circuit=circuit)
        if answer.status == 200:
            self.shown.append(mark.strip())
        return answer


PARTS: dict[str, Callable[[Load], Awaitable[None]]] = {
    "crowd-16": lambda load: load.crowd(16),
    "crowd-64": lambda load: load.crowd(64),
    "crowd-200": lambda load: load.crowd(200),
    "log-ins": lambda load: load.log_ins(64, moments=3),
    "uploads": lambda load: load.uploads(16, 100 * MB),
    "slow": lambda load: load.slow(200, 1000),
    "streams-1500": lambda load: load.streams(1500, 75),
    "streams-3000": lambda load: load.streams(3000, 300),
    "streams-6000": lambda load: load.streams(6000, 600),
    "streams-files": lambda load: load.streams(3000, 300, of_files=True),
    "junk-minute-1": lambda load: load.junk("100 junk posts a minute, 1 circuit", [1], a_minute=100),
    "junk-minute-50": lambda load: load.junk("100 junk posts a minute, 50 circuits", list(range(50)), a_minute=100),
    "junk-1": lambda load: load.junk("junk without pause, 1 circuit", [1] * 20),
    "junk-texts": lambda load: load.junk_texts(100, 5),
    "unread": lambda load: load.unread(200, 10),
    "junk-50": lambda load: load.junk("junk without pause, 50 circuits", list(range(50, 100))),
}
"""In this order; twenty streams are what tor lets one circuit have."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--only", action="append", choices=[*PARTS], metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--folder", type=Path, default=None, help="where to work; needs 6 GB")
    wanted = parser.parse_args()
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 8192), hard))
    table = Table()
    chosen = [part for part in PARTS if not wanted.only or part in wanted.only]
    with (
        tempfile.TemporaryDirectory(dir=wanted.folder, prefix="bench-") as name,
        running_web(Path(name)) as server,
    ):
        load = Load(server, table)
        asyncio.run(_run(load, chosen))
        table.add("all parts", "receipts shown", len(load.shown), "")
        table.add("all parts", "receipts lost", len(server.lost(load.shown)), "", below=1)
    table.show()
    return table.outcome()


async def _run(load: Load, chosen: list[str]) -> None:
    await asyncio.sleep(POOL_FILL_SECONDS)
    print("part: no other load", file=sys.stderr, flush=True)
    await load.baseline()
    for part in chosen:
        await asyncio.sleep(REFILL_SECONDS)
        print(f"part: {part}", file=sys.stderr, flush=True)
        await PARTS[part](load)


if __name__ == "__main__":
    sys.exit(main())
