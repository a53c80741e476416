"""A twin is written over from its home only: what the home has lost meanwhile stays on it, and is named."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from crypto.keys.keys import IntakeSecretKey
from crypto.primitives.week import Week
from reviewer.home.home import open_home
from reviewer.terminal.secret_entry import SecretEntry
from tests.reviewer.desk_stage import Desk
from tests.reviewer.weeks import close_week

OLD_WEEK = "intake-2020-W01"
"""Of which no manifest tells, so that nothing else looks at its key."""


class Scene:
    """A desk with a twin, and each command that writes it."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.twin = desk.folder / "twin"
        with open_home(desk.home, entry=SecretEntry(None)) as home:
            home.keyring.keep(OLD_WEEK, IntakeSecretKey.generate().seed())
        desk.issue("--twin", self.twin)
        self.week = first_week_of_now(desk)
        close_week(desk, self.week)
        desk.backup()

    def command(self, name: str, *options: str | Path) -> list[str | Path]:
        out = self.desk.folder / "out"
        rest: dict[str, list[str | Path]] = {
            "issue": ["--root", self.desk.root, "--out", out / "manifest.json", "--weeks", "9"],
            "offer": ["--out", out / "offer", "--weeks", "9"],
            "retire": ["--week", str(self.week)],
        }
        out.mkdir(exist_ok=True)
        return ["keys", name, self.desk.home, *rest[name], "--twin", self.twin, *options]

    def at_home(self, name: str) -> Path:
        return self.desk.home / "keys" / f"{name}.key"

    def on_twin(self, name: str) -> Path:
        return self.twin / "keys" / f"{name}.key"

    def everything(self) -> dict[Path, bytes]:
        """All that a refusal must leave as it was: keys here, the twin, the manifests."""
        folders = (self.desk.home / "keys", self.twin, self.desk.root)
        return {path: path.read_bytes() for folder in folders for path in folder.rglob("*") if path.is_file()}

    def assert_same(self) -> None:
        names = [{path.name for path in (folder / "keys").iterdir()} for folder in (self.desk.home, self.twin)]
        assert names[0] == names[1]


def first_week_of_now(desk: Desk) -> Week:
    """The oldest one that servers can seal to."""
    weeks = [Week.parse(one["week"]) for one in desk.json("keys", "status", desk.home)["weeks"]]
    return min(week for week in weeks if str(week) not in OLD_WEEK)


@pytest.fixture
def scene(desk: Desk) -> Scene:
    return Scene(desk)


def _change(path: Path) -> None:
    raw = bytearray(path.read_bytes())
    raw[40] ^= 1
    path.write_bytes(raw)


def _make_unreadable(path: Path) -> None:
    """As a bad sector does, also for who may read everything."""
    path.unlink()
    path.mkdir()


DAMAGES: dict[str, Callable[[Path], None]] = {
    "changed": _change,
    "cut": lambda path: path.write_bytes(path.read_bytes()[:20]),
    "unreadable": _make_unreadable,
}
COMMANDS = pytest.mark.parametrize("name", ["issue", "offer", "retire"])


@COMMANDS
@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_key_at_home_is_named_and_its_good_copy_on_the_twin_stays(
    scene: Scene, name: str, damage: str
) -> None:
    desk = scene.desk
    DAMAGES[damage](scene.at_home(OLD_WEEK))
    before = scene.everything()
    assert desk.run(*scene.command(name)) == 1
    assert f"the twin may have the only good copies: {OLD_WEEK}\n" in desk.err
    assert f"move {scene.at_home(OLD_WEEK)} elsewhere" in desk.err
    assert scene.everything() == before
    scene.at_home(OLD_WEEK).rename(desk.folder / "aside")
    desk.do("keys", "restore", desk.home, "--twin", scene.twin)
    assert f"  {OLD_WEEK}\n" in desk.out
    desk.do(*scene.command(name))
    scene.assert_same()
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        assert home.keyring.secret(OLD_WEEK)


@COMMANDS
@pytest.mark.parametrize("kind", ["week", "quarter", "week from before"])
def test_a_key_that_vanished_at_home_is_neither_replaced_nor_taken_from_the_twin(
    scene: Scene, name: str, kind: str
) -> None:
    desk = scene.desk
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        lost = {
            "week": f"intake-{scene.week.next()}",
            "quarter": f"sealed-{home.keyring.sealed_quarters()[0]}",
            "week from before": OLD_WEEK,
        }[kind]
        secret = home.keyring.secret(lost)
    scene.at_home(lost).unlink()
    before = scene.everything()
    assert desk.run(*scene.command(name)) == 1
    assert f"this home lacks, or has otherwise, and never retired: {lost}\n" in desk.err
    assert f"keys restore HOME --twin {scene.twin}" in desk.err
    assert scene.everything() == before
    desk.do("keys", "restore", desk.home, "--twin", scene.twin)
    desk.do(*scene.command(name))
    scene.assert_same()
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        assert home.keyring.secret(lost) == secret


@COMMANDS
def test_a_key_that_was_replaced_at_home_stays_on_the_twin_until_it_stands_beside_the_new_one(
    scene: Scene, name: str
) -> None:
    """The twin was not at hand when the new one was made; what was sealed to the lost one is still on its way."""
    desk, week = scene.desk, scene.week.next()
    tip = desk.server.seal(week=week)
    scene.at_home(f"intake-{week}").unlink()
    desk.issue()
    assert f"renewed weeks    {week}" in desk.out
    desk.take_in(tip)
    assert [one["unopenable"] for one in desk.submissions()] == ["no key opens"]
    before = scene.everything()
    assert desk.run(*scene.command(name)) == 1
    assert f"or has otherwise, and never retired: intake-{week}\n" in desk.err
    assert scene.everything() == before
    desk.do("keys", "restore", desk.home, "--twin", scene.twin)
    assert f"  intake-{week}-2\n" in desk.out
    assert [one["unopenable"] for one in desk.submissions()] == [None]
    desk.backup()
    desk.do(*scene.command(name))
    scene.assert_same()


def test_a_week_is_not_retired_while_the_twin_has_a_key_of_it_that_was_never_tried(scene: Scene) -> None:
    """All proof is here; but what came sealed to that key did not open, and no one knows of which week it is."""
    desk = scene.desk
    tip = desk.server.seal()
    scene.at_home(f"intake-{scene.week}").unlink()
    desk.issue()
    desk.take_in(tip)
    close_week(desk, scene.week)
    desk.backup()
    assert desk.run(*scene.command("retire")) == 1
    assert f"never retired: intake-{scene.week}\n" in desk.err
    assert scene.on_twin(f"intake-{scene.week}").exists()
    assert str(scene.week) not in desk.json("keys", "status", desk.home)["retired"]
    desk.do("keys", "restore", desk.home, "--twin", scene.twin)
    assert [one["unopenable"] for one in desk.submissions()] == [None]
    desk.backup()
    desk.do(*scene.command("retire"))
    assert not list(scene.twin.glob(f"keys/intake-{scene.week}*"))
    scene.assert_same()


def test_the_reviewers_own_keys_stay_on_the_twin_when_they_are_gone_at_home(scene: Scene) -> None:
    scene.at_home("reviewer").unlink()
    before = scene.everything()
    assert scene.desk.run(*scene.command("retire")) == 1
    assert "the twin may have the only good copies: reviewer\n" in scene.desk.err
    assert "copy reviewer.key again from the twin medium" in scene.desk.err
    assert scene.everything() == before
    shutil.copy(scene.on_twin("reviewer"), scene.at_home("reviewer"))
    scene.desk.do(*scene.command("retire"))


def test_a_damaged_key_on_the_twin_is_written_anew_from_a_home_that_has_it(scene: Scene) -> None:
    _change(scene.on_twin(OLD_WEEK))
    scene.desk.do(*scene.command("offer"))
    assert scene.on_twin(OLD_WEEK).read_bytes() == scene.at_home(OLD_WEEK).read_bytes()


def test_what_a_retirement_that_was_cut_short_half_overwrote_holds_up_no_other_command(scene: Scene) -> None:
    desk, name = scene.desk, f"intake-{scene.week}"
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        home.casebook.retired.add(scene.week, today=scene.week.monday)
    for path in (scene.at_home(name), scene.on_twin(name)):
        path.write_bytes(bytes(72))
    desk.do(*scene.command("offer"))
    desk.do(*scene.command("retire"))
    assert f"destroyed        {name}" in desk.out
    scene.assert_same()


def test_a_new_twin_is_not_begun_from_a_home_with_a_damaged_key(scene: Scene) -> None:
    """The one before may be lost only as far as anyone knows, and has the good copy."""
    _change(scene.at_home(OLD_WEEK))
    other = scene.desk.folder / "other"
    offer = ("keys", "offer", scene.desk.home, "--out", scene.desk.folder / "offer", "--twin", other, "--new-twin")
    assert scene.desk.run(*offer) == 1
    assert OLD_WEEK in scene.desk.err
    assert not other.exists()
    scene.at_home(OLD_WEEK).rename(scene.desk.folder / "aside")
    scene.desk.do("keys", "restore", scene.desk.home, "--twin", scene.twin)
    scene.desk.do(*offer)
    assert (other / "keys" / f"{OLD_WEEK}.key").read_bytes() == scene.at_home(OLD_WEEK).read_bytes()
