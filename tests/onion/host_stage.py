"""A place for one host on a real tor."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from onion.client_auth import AuthorizedClients
from onion.host import AttachedTor, OnionHost, OwnTor
from onion.private_network import PrivateNetwork
from onion.runtime_dir import RuntimeDir
from onion.service import CourierService, PublicService
from tests.tor_network import UnixPage, fetch


class Stage:
    """A folder for one host: sockets with short paths, two services, and what was reported."""

    def __init__(self, folder: Path, run: Path, network: PrivateNetwork) -> None:
        self.network = network
        self.run = run
        self.clients = AuthorizedClients(folder / "couriers")
        self.public = PublicService(folder / "public", run / "public.socket")
        self.courier = CourierService(folder / "courier", run / "courier.socket", self.clients)
        self.own = OwnTor(folder / "tor", run / "tor.socket", network.map.torrc)
        self.reports: list[str] = []

    def host(self, tor: OwnTor | AttachedTor | None = None, *, watch_seconds: float = 15.0) -> OnionHost:
        return OnionHost(
            tor or self.own,
            public=self.public,
            courier=self.courier,
            report=self.reports.append,
            watch_seconds=watch_seconds,
        )

    def fetch(self, address: str) -> str:
        return fetch(address, self.network.map.socks_ports[0])


@pytest.fixture
def stage(tmp_path: Path, tor_network: PrivateNetwork) -> Iterator[Stage]:
    with (
        RuntimeDir(tmp_path / "run") as run,
        UnixPage(run.path / "public.socket"),
        UnixPage(run.path / "courier.socket"),
    ):
        yield Stage(tmp_path, run.path, tor_network)
