"""The processor time of costly requests, over all processes of the server, at 64 KiB and 4 MiB.

Run: ``.venv/bin/python benchmarks/request_cost.py [--folder FOLDER] [--rounds N] [--only-64-kib]``; four minutes.

It prints the most costly request of each length beside prose in the same form, and the ratio. It exits with 1 if
one of 64 KiB costs 50 ms or more, or a longer one more than 50 ms for each further MiB. No request takes prepared
words, or logs in.
"""

import argparse
import asyncio
import statistics
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from dear_requests import DearRequest, dear_requests, dear_texts, prose, text_forms
from light_client import LightClient, line_of
from load_table import Table
from running_server import POOL_FILL_SECONDS, RunningServer, running_web

SHORT_BYTES, LONG_BYTES = 64 << 10, 4 << 20
HEAD_BYTES = 1000
LETTERS = 50_000
LIMIT_MS, LIMIT_MS_A_MIB = 50.0, 50.0
SHOWN = 5


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--folder", type=Path, default=None)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only-64-kib", action="store_true")
    wanted = parser.parse_args()
    lengths = {"64 KiB": SHORT_BYTES} if wanted.only_64_kib else {"64 KiB": SHORT_BYTES, "4 MiB": LONG_BYTES}
    table = Table()
    with (
        tempfile.TemporaryDirectory(dir=wanted.folder, prefix="bench-") as name,
        running_web(Path(name)) as server,
    ):
        asyncio.run(_measure(server, table, lengths, wanted.rounds))
    table.show()
    return table.outcome()


async def _measure(server: RunningServer, table: Table, lengths: dict[str, int], rounds: int) -> None:
    await asyncio.sleep(POOL_FILL_SECONDS)
    client = LightClient(server.socket)
    ordinary = dict(text_forms(prose(LETTERS)))["first message"]
    for part, length_bytes in lengths.items():
        limit_ms = LIMIT_MS + LIMIT_MS_A_MIB * (length_bytes - SHORT_BYTES) / 2**20
        quiet_ms = await _milliseconds(server, client, ordinary, rounds)
        table.add(part, "prose, 50,000 letters", quiet_ms, "ms")
        costs = {one.name: await _milliseconds(server, client, one, rounds) for one in _requests(length_bytes)}
        for name in sorted(costs, key=costs.__getitem__, reverse=True)[:SHOWN]:
            table.add(part, name[:52], costs[name], "ms", below=limit_ms, quiet=quiet_ms)
        table.add(part, f"median of all {len(costs)}", statistics.median(costs.values()), "ms", quiet=quiet_ms)


def _requests(length_bytes: int) -> Iterator[DearRequest]:
    """All requests of about this length, by name.

    Texts of 64 KiB are no longer than a message may be, so that all checks run on them.
    """
    for text_name, text in dear_texts(LETTERS if length_bytes == SHORT_BYTES else length_bytes):
        for form_name, form in text_forms(text):
            rest = max(0, len(form.body) - length_bytes + HEAD_BYTES)
            fitting = text[: len(text) - len(text) * rest // max(1, len(form.body))]
            short = dict(text_forms(fitting if rest else text))[form_name]
            yield replace(short, name=f"{text_name}: {form_name}")
    for number, one in enumerate(dear_requests(length_bytes)):
        yield replace(one, name=f"{one.name}: {one.path} {number}")


async def _milliseconds(server: RunningServer, client: LightClient, one: DearRequest, rounds: int) -> float:
    """Of the processor for one such request, the median of ``rounds``."""
    costs = []
    for _ in range(rounds):
        before = _nanoseconds(server)
        await _ask(client, one)
        costs.append((_nanoseconds(server) - before) / 1e6)
    return statistics.median(costs)


async def _ask(client: LightClient, one: DearRequest) -> None:
    lines = [f"{one.method} {one.path} HTTP/1.1", "Host: x.onion", "Sec-Fetch-Site: same-origin"]
    lines += [f"{name}: {value}" for name, value in one.headers.items()]
    if one.method == "POST":
        lines += [f"Content-Type: {one.media_type}", f"Content-Length: {len(one.body)}"]
    head = "\r\n".join([*lines, "", ""]).encode("latin-1")
    reader, writer = await asyncio.open_unix_connection(str(client.socket))
    try:
        writer.write(line_of(1) + head + one.body)
        answer = await reader.read(-1)
    finally:
        writer.close()
    if not answer.startswith(b"HTTP/1.1 "):
        raise RuntimeError(f"no answer to {one.name}")


def _nanoseconds(server: RunningServer) -> int:
    """Processor time of all threads of all processes so far, finer than the system's hundredths."""
    return sum(
        int(path.read_text().split()[0])
        for pid in server.processes()
        for path in Path(f"/proc/{pid}/task").glob("*/schedstat")
    )


if __name__ == "__main__":
    sys.exit(main())
