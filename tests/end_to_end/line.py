"""Two reviewers and two servers of one organisation, made once in a run and copied for each test."""

from functools import cache
from pathlib import Path

import pytest

from crypto.keys import minisign
from tests.end_to_end.real_server import RealServer
from tests.fakes_server import FakeServer
from tests.reviewer.colleagues import Colleague, a_colleague
from tests.reviewer.desk_stage import Desk
from tests.reviewer.furniture import Furniture
from tipline.bundles.importer import ImportResult
from tipline.bundles.manifest_update import read_run


@cache
def the_other_server() -> FakeServer:
    return FakeServer("other")


def of_two_reviewers(desk: Desk) -> None:
    """Two reviewers, and the keys of two servers."""
    desk.found()
    for server in (desk.server, the_other_server()):
        desk.know_server(server)
    a_colleague(desk)


class Line:
    """One organisation with its machines, and the stick that goes between them."""

    def __init__(self, folder: Path, captured: pytest.CaptureFixture[str], furnish: Furniture) -> None:
        self.first = Desk(folder, captured)
        furnish(self.first)
        self.second = Colleague(self.first, "second")
        other = the_other_server()
        root = minisign.parse_public_key_file((self.first.root / "root.pub").read_bytes())
        self.servers = []
        for keys in (self.first.server.keys, other.keys):
            (folder / keys.name).mkdir()
            self.servers.append(RealServer(folder / keys.name, root, keys))
        self.adopt(folder / "manifest.json")
        self._stick = folder / "stick"

    def adopt(self, manifest: Path) -> None:
        for server in self.servers:
            server.adopt(read_run(manifest))

    def carry_out(self, *reviewers: Desk) -> None:
        for server in self.servers:
            self._stick.write_bytes(server.export())
            for one in reviewers:
                one.do("import", one.home, self._stick)

    def carry_in(self, reviewer: Desk) -> list[ImportResult]:
        reviewer.do("outbox", reviewer.home, "--out", self._stick)
        return [server.take_in(self._stick) for server in self.servers]

    def waiting(self) -> list[int]:
        return [server.tips_waiting() for server in self.servers]
