"""After a week is retired its envelopes stay closed, though everything of today is in one hand."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from crypto.keys import minisign
from crypto.primitives.week import Week
from reviewer.home.home import open_home
from reviewer.terminal.secret_entry import SecretEntry
from tests.end_to_end.everything_in_hand import Hand, file_key
from tests.end_to_end.real_server import RealServer
from tests.fakes_server import FakeServer
from tests.reviewer.desk_stage import Desk
from tipline.bundles.manifest_update import read_run


class Scene:
    """A reviewer with a twin and two backups; one server that was carried, and one that was seized before."""

    def __init__(self, folder: Path, captured: pytest.CaptureFixture[str]) -> None:
        self.desk = Desk(folder, captured)
        self.twin = folder / "twin"
        self.desk.found()
        seized = FakeServer("seized")
        for server in (self.desk.server, seized):
            self.desk.know_server(server)
        self.desk.issue("--twin", self.twin)
        root = minisign.parse_public_key_file((self.desk.root / "root.pub").read_bytes())
        self.servers = []
        for keys in (self.desk.server.keys, seized.keys):
            (folder / keys.name).mkdir()
            self.servers.append(RealServer(folder / keys.name, root, keys))
            self.servers[-1].adopt(read_run(folder / "manifest.json"))
        self.week = self.servers[0].policy.intake().week
        self.backups: list[Path] = []

    def carry_out(self) -> None:
        stick = self.desk.folder / "stick"
        stick.write_bytes(self.servers[0].export())
        self.desk.do("import", self.desk.home, stick)

    def backup(self) -> None:
        path = self.desk.folder / f"casebook-{len(self.backups)}.age"
        self.desk.do("backup", self.desk.home, "--to", path)
        self.backups.append(path)

    def hand(self) -> Hand:
        """Everything, as it is now."""
        return Hand(self.desk, self.twin, self.servers, self.backups).take()


@pytest.fixture
def scene(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Scene]:
    made = Scene(tmp_path, capsys)
    yield made
    for server in made.servers:
        server.store.close()


def _envelope(server: RealServer) -> bytes:
    (stored,) = server.store.submissions.waiting()
    return b"".join(server.store.submissions.pieces(stored.submission))


def _seed(desk: Desk, week: Week) -> bytes:
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        return home.keyring.intake_key(week).seed()


def test_with_everything_of_today_in_hand_no_envelope_of_a_retired_week_opens(scene: Scene) -> None:
    desk, week = scene.desk, scene.week
    for server in scene.servers:
        server.receive("What I saw, and when.")
    carried, seized = map(_envelope, scene.servers)
    scene.carry_out()
    scene.backup()
    seed, key_of_carried = _seed(desk, week), file_key(desk, carried, week)

    # The control: with the same things in hand a day before, the same search opens both.
    before = scene.hand()
    assert before.opens(carried)
    assert before.opens(seized)
    assert before.holds(seed)
    assert not before.holds(key_of_carried), "it was never written down, so nothing of it can lie in a free block"

    scene.servers[0].clock.day = week.last_day + dt.timedelta(days=1)
    scene.carry_out()
    scene.backup()
    desk.do("servers", "remove", desk.home, "seized")
    desk.issue("--twin", scene.twin)
    desk.do("keys", "retire", desk.home, "--week", str(week), "--twin", scene.twin)
    assert f"server seized was removed and never signed that week {week} is closed" in desk.err

    after = scene.hand()
    assert len(after.opened) > 100
    assert not after.opens(carried)
    assert not after.opens(seized)
    assert not after.holds(seed)
    assert not after.holds(key_of_carried)

    # Only the week that was retired is closed.
    next_week = _seed(desk, week.next())
    assert after.holds(next_week)
