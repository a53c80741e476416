"""A real tor without a network: it publishes nothing, and answers for its settings."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from onion.client_auth import AuthorizedClients, ClientKey
from onion.host import AttachedTor, OnionHost, OwnTor
from onion.runtime_dir import RuntimeDir
from onion.service import CourierService, PublicService
from onion.tor_process import TorProcess, TorSettings
from onion.tor_program import TorProgram

ALONE = "DisableNetwork 1"
SINGLE_HOP = ("HiddenServiceNonAnonymousMode 1", "HiddenServiceSingleHopMode 1")


class Alone:
    """A place for a tor without a network, and for services on it."""

    def __init__(self, folder: Path, run: Path) -> None:
        self.folder = folder
        self.run = run
        self.reports: list[str] = []
        clients = AuthorizedClients(folder / "couriers")
        clients.add("one", ClientKey.make().public)
        self.public = PublicService(folder / "public", run / "public.socket")
        self.courier = CourierService(folder / "courier", run / "courier.socket", clients)

    def tor(self, *settings: str) -> TorProcess:
        told = TorSettings(self.folder / "tor", self.run / "c", network=(ALONE, *settings), sandbox=False)
        return TorProcess.start(TorProgram.find(), told)

    def host(self, tor: OwnTor | AttachedTor | None = None) -> OnionHost:
        return OnionHost(
            tor or AttachedTor(self.run / "c"),
            public=self.public,
            courier=self.courier,
            report=self.reports.append,
            network_seconds=0.5,
        )


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[Alone]:
    with RuntimeDir(tmp_path / "run") as run:
        yield Alone(tmp_path, run.path)
