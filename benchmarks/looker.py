"""A visitor who opens the first page repeatedly: times of the pages, and memory meanwhile.

It runs in a process of its own: in that of the crowd it would measure how busy the crowd is.
"""

import asyncio
import contextlib
import json
import math
import sys
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from light_client import LightClient

EVERY_SECONDS = 0.05
CIRCUIT = 7


class Looker:
    """Seconds of each page, the highest resident memory, and statuses other than 200."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self.faults: list[str] = []
        self.resident_bytes = 0

    @property
    def p95(self) -> float:
        return percentile(self.seconds, 95)

    @property
    def slowest(self) -> float:
        return percentile(self.seconds, 100)


@contextlib.asynccontextmanager
async def looking(client: LightClient, resident_bytes: Callable[[], int]) -> AsyncIterator[Looker]:
    """While this lasts."""
    looker = Looker()
    command = [sys.executable, __file__, str(client.socket)]
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, limit=1 << 24)
    if process.stdin is None or process.stdout is None:
        raise RuntimeError("a looker is spoken with through pipes")
    await process.stdout.readline()  # it looks now

    async def weigh() -> None:
        while True:
            looker.resident_bytes = max(looker.resident_bytes, resident_bytes())
            await asyncio.sleep(EVERY_SECONDS)

    task = asyncio.create_task(weigh())
    try:
        yield looker
    finally:
        task.cancel()
        process.stdin.close()
        told = json.loads(await process.stdout.readline())
        await process.wait()
        looker.seconds, looker.faults = told["seconds"], told["faults"]


async def look(client: LightClient, over: asyncio.Event) -> dict[str, list[object]]:
    """Look until ``over``.

    The next page is asked for at a moment that was planned before, however long the one before took, and its time
    counts from then: a server that stands still for a second is as late for all who would have come in it. What
    was due and not answered in the end counts with its age.
    """
    seconds: list[object] = []
    faults: list[object] = []
    due = time.perf_counter()

    async def go_on() -> None:
        nonlocal due
        while True:
            await asyncio.sleep(due - time.perf_counter())
            page = await client.get("/", circuit=CIRCUIT)
            seconds.append(time.perf_counter() - due)
            due += EVERY_SECONDS
            if page.status != 200:
                faults.append(f"first page: {page.status}")

    task = asyncio.create_task(go_on())
    await over.wait()
    ended = time.perf_counter()
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
    while due < ended:
        seconds.append(ended - due)
        due += EVERY_SECONDS
    return {"seconds": seconds, "faults": faults}


def percentile(values: list[float], percent: int) -> float:
    """The value that ``percent`` of all do not exceed; infinite of none, which is below no bound."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)] if ordered else math.inf


async def main() -> None:
    over = asyncio.Event()
    asyncio.get_running_loop().add_reader(sys.stdin, over.set)
    print("looking", flush=True)
    print(json.dumps(await look(LightClient(Path(sys.argv[1])), over)), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
