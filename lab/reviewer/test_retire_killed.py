"""Power that fails in the middle of a retirement: at each step, and the same command finishes it."""

from pathlib import Path

import pytest

from crypto.age.envelope import open_envelope
from crypto.bundles.bundle import ItemType
from crypto.bundles.bundle_items import WeekClosed
from crypto.errors import CryptoError
from crypto.keys.keys import HybridSecretKey
from crypto.primitives.week import Week
from reviewer.home.home import open_home
from reviewer.home.keyring import Keyring
from reviewer.terminal.secret_entry import SecretEntry
from reviewer.twin.sole_copies import twin_ring
from system.errors import ProgramError
from tests.reviewer.cut_short import CutShort
from tests.reviewer.desk_stage import Desk

EVERY = {"unlink": 1, "fsync": 4, "rename": 1}
"""Each file that goes or is replaced, and every fourth time that the program waits for a disk."""


class Scene:
    """A week that is proved, with a twin, an envelope that opened and one that did not; put back as it was."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.twin = desk.folder / "twin"
        desk.issue("--twin", self.twin)
        self.week = Week.parse(desk.json("keys", "status", desk.home)["weeks"][0]["week"])
        self.envelope = desk.server.seal()
        broken = bytearray(desk.server.seal(submission_id=bytes(16)))
        broken[-1] ^= 1
        (self.opened, _unopened) = desk.take_in(self.envelope, bytes(broken))
        closed = (ItemType.WEEK_CLOSED, WeekClosed(self.week, 2).to_bytes())
        desk.do("import", desk.home, desk.write(desk.server.bundle(closed)))
        desk.backup()
        command = (
            "keys",
            "retire",
            desk.home,
            "--week",
            str(self.week),
            "--twin",
            self.twin,
            "--give-up-unopenable",
        )
        self.retirement = CutShort(desk, command, folders=[desk.home, self.twin])

    def opens(self) -> list[str]:
        """The places in which something opens the envelope, or makes it again: home, twin, its first bytes."""
        ways = []
        with open_home(self.desk.home, entry=SecretEntry(None)) as home:
            rings: list[tuple[str, Keyring]] = [("home", home.keyring), ("twin", twin_ring(home, self.twin))]
            ways += [name for name, ring in rings if self._opens(ring)]
            if home.casebook.submissions.beginning(home.casebook.submissions.find(self.opened)) is not None:
                ways.append("beginning")
        return ways

    def _opens(self, ring: Keyring) -> bool:
        path = self.desk.folder / "try.age"
        path.write_bytes(self.envelope)
        try:
            with path.open("rb") as source:
                open_envelope(source, keys=[HybridSecretKey(ring.secret(f"intake-{self.week}"))])
        except (CryptoError, ProgramError):  # gone, half overwritten, or another key
            return False
        return True


@pytest.fixture
def scene(desk: Desk) -> Scene:
    return Scene(desk)


def test_killed_at_many_steps_it_either_did_nothing_or_the_same_command_finishes_it(scene: Scene) -> None:
    desk = scene.desk
    moments = list(scene.retirement.moments(EVERY))
    assert len(moments) >= 12
    cut_short = 0
    for moment in moments:
        assert scene.retirement.run(moment) < 0, moment
        with open_home(desk.home, entry=SecretEntry(None)) as home:
            retired = scene.week in home.casebook.retired.all()
        if not retired:
            assert scene.opens() == ["home", "twin", "beginning"], moment
        cut_short += retired
        # Whatever was left, the rest of the program works beside it.
        assert desk.run("keys", "status", desk.home) == 0, (moment, desk.err)
        assert desk.run("import", desk.home, desk.folder / "tips.bundle") == 0, (moment, desk.err)
        again = ("keys", "retire", desk.home, "--week", str(scene.week), "--twin", scene.twin)
        assert desk.run(*again, "--give-up-unopenable") == 0, (moment, desk.err)
        assert scene.opens() == [], moment
        assert list((desk.home / "unopened").iterdir()) == [], moment
        assert _names(scene.twin) == _names(desk.home), moment
        scene.retirement.put_back()
    assert cut_short >= 6


def test_a_disk_that_fails_in_the_middle_is_a_reason_and_the_same_command_finishes_it(scene: Scene) -> None:
    desk = scene.desk
    for number in (1, 2, 3):
        assert scene.retirement.run(f"unlink:error=EIO:when={number}") == 1, number
        again = ("keys", "retire", desk.home, "--week", str(scene.week), "--twin", scene.twin)
        assert desk.run(*again, "--give-up-unopenable") == 0, (number, desk.err)
        assert scene.opens() == [], number
        scene.retirement.put_back()


def _names(folder: Path) -> set[str]:
    return {path.name for path in (folder / "keys").glob("*.key")}
