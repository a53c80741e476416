"""A private Tor network on loopback, with no internet: for tests, the demo and developers.

    python -m onion.private_network FOLDER [--clients N]

Four authorities that also relay, one host for services, N clients with SOCKS ports. It takes about ten seconds to
the first page over an onion service. No packet leaves 127.0.0.1. It gives no anonymity at all.
"""

import argparse
import shutil
import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

from onion.errors import NetworkNotReady, OnionError
from onion.network_map import FILE_NAME, NetworkMap
from onion.private_authority import Authority, free_ports
from onion.private_file import private_folder
from onion.runtime_dir import RuntimeDir
from onion.tor_process import TorProcess, TorSettings, wait_until
from onion.tor_program import TorProgram

_AUTHORITIES = 4
_ATTEMPTS = 4
# The authorities vote at full five seconds of the clock. A start between these two places in that cycle can give a
# first consensus with one relay in it, from which a network recovers late or never.
_BAD_START = (1.2, 3.0)
_CYCLE_SECONDS = 5.0
_CONSENSUS_SECONDS = 12.0
_READY_SECONDS = 30.0
_FOR_ALL = (
    "TestingTorNetwork 1",
    # From a hundred circuits a tor learns how long one may take: here some 60 ms, which a busy machine exceeds. It
    # gives up good ones then, and a page comes seconds later or not at all.
    "LearnCircuitBuildTimeout 0",
    "CircuitBuildTimeout 10",
)


class PrivateNetwork:
    """Use it in a `with`: on entering it boots, on leaving no process of it is left.

    Keys stay in `folder` and are used again by the next network there, which starts a little quicker.
    """

    def __init__(self, folder: Path, *, clients: int = 1) -> None:
        self.folder = folder
        self._clients = clients
        self._run: RuntimeDir | None = None
        self._tors: list[TorProcess] = []
        self._map: NetworkMap | None = None

    @property
    def map(self) -> NetworkMap:
        if self._map is None:
            raise RuntimeError("this network was not booted")
        return self._map

    @property
    def authorities(self) -> list[TorProcess]:
        """The four that are all the relays too."""
        return self._tors[:_AUTHORITIES]

    @property
    def host(self) -> TorProcess:
        """The tor that offers services."""
        return self._tors[_AUTHORITIES]

    @property
    def clients(self) -> list[TorProcess]:
        return self._tors[_AUTHORITIES + 1 :]

    def boot(self) -> NetworkMap:
        """Starts everything, also at a bad moment; raises OnionError, and leaves nothing running then."""
        if self.folder.exists() and any(self.folder.iterdir()) and not (self.folder / "a0").exists():
            raise NetworkNotReady(
                f"expected {self.folder} to be missing, empty or the folder of a private network",
                hint="give another folder",
            )
        private_folder(self.folder)
        self._run = RuntimeDir(self.folder / "run")
        program = TorProgram.find()
        if "dirauth" not in program.modules:
            raise NetworkNotReady(
                "expected a tor built with directory authorities", hint="use Debian's package tor"
            )
        try:
            for attempt in range(1, _ATTEMPTS + 1):
                try:
                    self._map = self._boot_once(program, self._run.path)
                    break
                except OnionError:
                    self._stop_all()
                    if attempt == _ATTEMPTS:
                        raise
            self.map.keep(self.folder)
        except BaseException:
            self.close()
            raise
        return self.map

    def close(self) -> None:
        (self.folder / FILE_NAME).unlink(missing_ok=True)
        self._stop_all()
        if self._run is not None:
            self._run.close()

    def __enter__(self) -> "PrivateNetwork":
        self.boot()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _boot_once(self, program: TorProgram, run: Path) -> NetworkMap:
        names = [f"a{number}" for number in range(_AUTHORITIES)]
        with ThreadPoolExecutor(_AUTHORITIES) as pool:
            authorities = list(pool.map(lambda name: Authority.make(name, self.folder / name, program), names))
            for name in [*names, "host", *(f"c{number}" for number in range(self._clients))]:
                _forget_earlier_network(self.folder / name)
            network = (*_FOR_ALL, *(authority.directory_line() for authority in authorities))
            _await_good_moment()
            starts = [
                pool.submit(self._start, program, run, each.nickname, network, more=each.torrc_lines())
                for each in authorities
            ]
            self._await_consensus([start.result() for start in starts])
            ports = free_ports(self._clients)
            starts = [pool.submit(self._start, program, run, "host", network)] + [
                pool.submit(self._start, program, run, f"c{number}", network, socks_port=port)
                for number, port in enumerate(ports)
            ]
            for start in starts:
                start.result().control.await_network(seconds=_READY_SECONDS)
        order = {name: place for place, name in enumerate([*names, "host"])}
        self._tors.sort(key=lambda tor: (order.get(tor.name, len(order)), tor.name))
        return NetworkMap(
            network, tuple(ports), tuple(str(run / f"c{n}") for n in range(self._clients)), str(run / "host")
        )

    def _start(
        self,
        program: TorProgram,
        run: Path,
        name: str,
        network: tuple[str, ...],
        *,
        socks_port: int | None = None,
        more: "list[str] | tuple[str, ...]" = (),
    ) -> TorProcess:
        settings = TorSettings(self.folder / name, run / name, socks_port, network, more, sandbox=False)
        tor = TorProcess.start(program, settings, name=name)
        self._tors.append(tor)
        return tor

    def _await_consensus(self, authorities: list[TorProcess]) -> None:
        """Each authority must know all four, or clients would find a network with a hole in it."""

        def is_whole(tor: TorProcess) -> bool:
            flags = [line for line in tor.control.ask("ns/all").splitlines() if line.startswith("s ")]
            return sum("HSDir" in line.split() for line in flags) == _AUTHORITIES

        if not wait_until(lambda: all(map(is_whole, authorities)), seconds=_CONSENSUS_SECONDS, every=0.2):
            raise NetworkNotReady("the four authorities did not agree on a network of four")

    def _stop_all(self) -> None:
        if self._tors:
            with ThreadPoolExecutor(len(self._tors)) as pool:
                list(pool.map(lambda tor: tor.stop(), self._tors))
        self._tors.clear()


def _forget_earlier_network(folder: Path) -> None:
    """Keep only the keys of an earlier network. Its guards had other ports: tor would wait for them."""
    for path in folder.glob("*"):
        if path.is_dir() and path.name != "keys":
            shutil.rmtree(path)
        elif path.is_file() and path.name != "fingerprint":
            path.unlink()


def _await_good_moment() -> None:
    place = time.time() % _CYCLE_SECONDS
    if _BAD_START[0] < place < _BAD_START[1]:
        time.sleep(_BAD_START[1] - place)


class _EndAsked(BaseException):
    """A signal came while the network was booting."""


class _End:
    """SIGTERM and SIGINT: while booting they break that off, and nothing of it is left either."""

    def __init__(self) -> None:
        self.asked = Event()
        self.breaks_off = True
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)

    def _on_signal(self, *_: object) -> None:
        self.asked.set()
        if self.breaks_off:
            self.breaks_off = False  # a second one must not disturb the clearing up
            raise _EndAsked


def main(arguments: list[str] | None = None) -> int:
    """Runs a network until SIGTERM or SIGINT."""
    parser = argparse.ArgumentParser(
        prog="python -m onion.private_network",
        description="A private Tor network on loopback, for tests and looking at things. It gives no anonymity.",
        epilog="example: python -m onion.private_network /tmp/network --clients 2",
    )
    parser.add_argument("folder", type=Path, help="where its files go; network.json in it says how to reach it")
    parser.add_argument("--clients", type=int, default=1, help="how many SOCKS ports (default: 1)")
    options = parser.parse_args(arguments)
    if not 0 <= options.clients <= 16:
        parser.error("expected 0 to 16 clients")
    end = _End()
    begin = time.monotonic()
    try:
        with PrivateNetwork(options.folder.absolute(), clients=options.clients) as network:
            end.breaks_off = False
            ports = ", ".join(map(str, network.map.socks_ports)) or "none"
            sys.stdout.write(
                f"private network: ready after {time.monotonic() - begin:.1f} s, SOCKS ports: {ports}\n"
            )
            sys.stdout.flush()
            end.asked.wait()
    except _EndAsked:
        return 0
    except OnionError as error:
        sys.stderr.write(f"private network: error: {error}\n")
        if error.hint:
            sys.stderr.write(f"private network: hint: {error.hint}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
