"""Measures of the load: a source beside a part of it, and the lines of the table that all parts have."""

import asyncio
import itertools
import math
import sys
import time
from dataclasses import dataclass

from light_client import LightClient
from load_table import Table
from looker import Looker, looking, percentile
from running_server import RunningServer
from sources import LoadSource, Told

FIRST_CIRCUIT = 1000
SIXTEEN = "16 sources at once"
SECUREDROP_16_MS = 2080


@dataclass(frozen=True, slots=True)
class Quiet:
    """The 95th percentiles without other load, which were measured first."""

    first_page_ms: float | None = None
    text_seconds: float | None = None
    login_seconds: float | None = None


class Measured:
    """A server, a client on circuits of its own, and the table into which the measures go."""

    def __init__(self, server: RunningServer, table: Table) -> None:
        self._server = server
        self._table = table
        self._client = LightClient(server.socket)
        self._circuits = itertools.count(FIRST_CIRCUIT)
        self.shown: list[str] = []
        self._quiet = Quiet()

    async def _others(self, part: str, *, seconds: float, page_below: float, text_below: float = 2) -> list[str]:
        """One source after the other, each on a circuit of its own, twice a second; the faults that they met."""
        told = Told()
        until = time.perf_counter() + seconds
        waiting: list[asyncio.Task[bool]] = []
        async with looking(self._client, self._server.resident_bytes) as looker:
            while time.perf_counter() < until:
                waiting.append(asyncio.create_task(self._source(told, f"{part} {len(waiting)}").write()))
                await asyncio.sleep(0.5)
            await asyncio.gather(*waiting)
            last = self._source(told, "")
            last.words = "mystified nickname booting settle robust support studio spyglass"
            await last.come_back()
        self.shown += told.receipts
        self._first_page(part, looker, below=page_below)
        self._text(part, "text to receipt, p95", percentile(told.text_seconds, 95), below=text_below)
        self._table.add(part, "texts without a receipt", len(waiting) - len(told.receipts), "", below=1)
        self._log_in(part, "a log-in", max(told.login_seconds, default=math.inf))
        self._table.add(part, "resident", looker.resident_bytes / 2**20, "MiB", below=2048)
        return told.faults + looker.faults

    def _first_page(self, part: str, looker: Looker, *, below: float) -> None:
        securedrop = {"securedrop": SECUREDROP_16_MS} if part == SIXTEEN else {}
        quiet = self._quiet.first_page_ms
        self._table.add(part, "first page, p95", looker.p95 * 1000, "ms", below=below, quiet=quiet, **securedrop)
        self._table.add(part, "first page, slowest", looker.slowest * 1000, "ms")
        self._table.add(part, "first page, asked for so many times", len(looker.seconds), "")

    def _text(self, part: str, what: str, seconds: float, *, below: float | None = None) -> None:
        self._table.add(part, what, seconds, "s", below=below, quiet=self._quiet.text_seconds)

    def _log_in(self, part: str, what: str, seconds: float) -> None:
        self._table.add(part, what, seconds, "s", quiet=self._quiet.login_seconds)

    def _source(self, told: Told, mark: str) -> LoadSource:
        return LoadSource(self._client, told, mark=mark.replace(" ", "-"), circuit=next(self._circuits))

    def _faults(self, part: str, faults: list[str]) -> None:
        self._table.add(part, "answers that were neither good nor a polite refusal", len(faults), "", below=1)
        for fault in sorted(set(faults)):
            print(f"fault: {part}: {fault} ({faults.count(fault)})", file=sys.stderr)
