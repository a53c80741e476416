"""The site through an onion service of a private Tor network, beside a static page.

Run: ``.venv/bin/python benchmarks/through_onion.py [--pages 40] [--sources 16] [--folder FOLDER]``; about a minute.

Four relays, the service and the visitor share the two cores, so the times are those of this machine, not of the Tor
network; the ratio counts. The static page has the same length, and a few lines serve it. Both are fetched
alternately through the same tor, first alone and then beside sources that write, each on its own circuit.
"""

import argparse
import asyncio
import contextlib
import statistics
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

from light_client import LightClient
from looker import percentile
from nuisance_crowd import background
from running_server import POOL_FILL_SECONDS, running_web
from sources import LoadSource, Told

from onion.private_network import PrivateNetwork
from onion.service import PublicService
from onion.tor_program import TorProgram
from tipline.pages.padding import PAGE_BYTES

PUBLISH_SECONDS = 60.0
_REQUEST_ENDS = b"\r\n\r\n"


class OnionClient(LightClient):
    """One onion address through a SOCKS port; each circuit is one by its credentials."""

    def __init__(self, address: str, port: int) -> None:
        super().__init__(Path(address))
        self._address = address.encode()
        self._port = port

    async def _connect(self, circuit: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port, limit=1 << 20)
        name = b"%d" % circuit
        writer.write(b"\x05\x01\x02")
        await reader.readexactly(2)
        writer.write(b"\x01" + bytes([len(name)]) + name + b"\x01x")
        await reader.readexactly(2)
        port = (80).to_bytes(2, "big")
        writer.write(b"\x05\x01\x00\x03" + bytes([len(self._address)]) + self._address + port)
        answer = await reader.readexactly(10)
        if answer[1]:
            writer.close()
            raise ConnectionRefusedError("tor could not connect")
        return reader, writer


@contextlib.asynccontextmanager
async def static_page(socket: Path) -> AsyncIterator[None]:
    """Always the same page, as long as each of the site."""
    page = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n" + b" " * PAGE_BYTES

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            await reader.readuntil(_REQUEST_ENDS)
            writer.write(page)
            await writer.drain()
        writer.close()

    async with await asyncio.start_unix_server(answer, str(socket)):
        yield


async def _seconds_in_turn(clients: dict[str, OnionClient], pages: int) -> dict[str, list[float]]:
    """Seconds of the first page of each, fetched alternately.

    The first request, which builds the circuit, is left out.
    """
    taken: dict[str, list[float]] = {name: [] for name in clients}
    for turn in range(pages + 1):
        for name, client in clients.items():
            answer = await client.get("/", circuit=1)
            if answer.status != 200:
                raise RuntimeError(f"{name} answered {answer.status} through the onion")
            if turn:
                taken[name].append(answer.seconds)
    return taken


async def _measure(clients: dict[str, OnionClient], static_socket: Path, *, pages: int, sources: int) -> None:
    async with static_page(static_socket):
        await asyncio.sleep(POOL_FILL_SECONDS)
        _show("no other load", await _seconds_in_turn(clients, pages))
        told = Told()
        crowd = [
            LoadSource(clients["site"], told, mark=f"onion-{one}", circuit=100 + one) for one in range(sources)
        ]
        async with background(*map(_write_on, crowd)):
            _show(f"beside {sources} sources", await _seconds_in_turn(clients, pages))
        texts, others = told.text_seconds, told.polite_refusals + len(told.faults)
        if not texts:
            raise RuntimeError(f"no text got a receipt, and {others} got something else")
        print(
            f"texts with a receipt: {len(texts)}, median {statistics.median(texts):.2f} s, "
            f"p95 {percentile(texts, 95):.2f} s; without one: {others}"
        )


async def _write_on(source: LoadSource) -> None:
    """One text after the other, for as long as pages are fetched."""
    while True:
        await source.write()


def _show(beside: str, taken: dict[str, list[float]]) -> None:
    site, static = (statistics.median(taken[name]) for name in ("site", "static"))
    late = {name: percentile(taken[name], 95) for name in taken}
    print(
        f"{beside}: site {site * 1000:.0f} ms (p95 {late['site'] * 1000:.0f}), static page {static * 1000:.0f} ms "
        f"(p95 {late['static'] * 1000:.0f}), first page : static page {site / static:.2f}",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--pages", type=int, default=40)
    parser.add_argument("--sources", type=int, default=16)
    parser.add_argument("--folder", type=Path, default=None)
    wanted = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(dir=wanted.folder, prefix="bench-") as name,
        running_web(Path(name) / "line") as server,
        PrivateNetwork(Path(name) / "tor") as network,
    ):
        services = {
            "site": PublicService(Path(name) / "a", server.socket),
            "static": PublicService(Path(name) / "b", Path(name) / "static"),
        }
        control, program = network.host.control, TorProgram.find()
        for service in services.values():
            service.publish_at(control, program)
            control.await_descriptor(service.address, seconds=PUBLISH_SECONDS)
        port = network.map.socks_ports[0]
        clients = {name: OnionClient(service.address, port) for name, service in services.items()}
        asyncio.run(_measure(clients, Path(name) / "static", pages=wanted.pages, sources=wanted.sources))


if __name__ == "__main__":
    main()
