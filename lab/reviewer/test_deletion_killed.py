"""A deletion, the bin and the way back, killed at each step: all is there, or nothing is, and never a part."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tests.reviewer.cases.test_deleting import canary, found, tip_with_canaries
from tests.reviewer.cut_short import CutShort
from tests.reviewer.desk_stage import Desk
from tests.reviewer.raw_pages import RawCasebook

EVERY = {"fsync": 1, "ftruncate": 3, "pwrite64": 900}
"""Each wait for a disk, some ends of journals, and some of the thousands of pages that are written."""
SOME = {"fsync": 3, "pwrite64": 1500}


class Scene:
    """A tip with a canary at every place, and one of others."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        (self.other,) = desk.take_in(desk.server.seal(fields=[("text", "of others")], submission_id=b"2" * 16))
        self.short_id = tip_with_canaries(desk)
        desk.do("outbox", desk.home, "--out", desk.folder / "out.bundle")
        self.whole = desk.show(self.short_id)
        self.before = RawCasebook(desk.home)

    def killed_everywhere(self, *command: str | Path, every: Mapping[str, int]) -> tuple[int, int]:
        """Kill the command at each moment; how often the tip was still here, and how often it was not."""
        cut = CutShort(self.desk, command, folders=[self.desk.home])
        here = gone = 0
        for moment in cut.moments(every):
            assert cut.run(moment) < 0, moment
            ids = [one["id"] for one in self.desk.submissions()]
            assert self.other in ids, moment
            if self.short_id in ids:
                here += 1
                self.require_whole(moment)
            else:
                gone += 1
                self.require_gone(moment, command)
            self.desk.do("log", "verify", self.desk.home)
            cut.put_back()
        return here, gone

    def require_whole(self, moment: str) -> None:
        shown = self.desk.show(self.short_id)
        assert shown == self.whole, (moment, json.dumps(shown)[:200])
        raw = self.desk.folder / "raw.age"
        raw.unlink(missing_ok=True)
        self.desk.do("raw", self.desk.home, self.short_id, "--out", raw)  # of all its files, by their digest

    def require_gone(self, moment: str, command: Sequence[str | Path]) -> None:
        if "--put" in command:
            assert [one["id"] for one in self.desk.json("bin", self.desk.home)["bin"]] == [self.short_id], moment
            self.desk.do("bin", self.desk.home, "--back", self.short_id)
            self.require_whole(moment)
            return
        self.desk.do("list", self.desk.home)  # the next opening finishes what was cut short
        assert found(self.desk, self.before) == set(), moment


@pytest.fixture
def scene(desk: Desk) -> Scene:
    return Scene(desk)


def test_98_a_killed_deletion_deleted_all_or_nothing(scene: Scene) -> None:
    here, gone = scene.killed_everywhere(
        "delete", scene.desk.home, scene.short_id, "--because", "harm", every=EVERY
    )
    assert here >= 4
    assert gone >= 3


def test_98_a_tip_that_is_killed_on_its_way_into_the_bin_is_here_or_there_with_everything(scene: Scene) -> None:
    here, gone = scene.killed_everywhere("bin", scene.desk.home, "--put", scene.short_id, every=SOME)
    assert here >= 2
    assert gone >= 1


def test_98_a_tip_that_is_killed_on_its_way_back_is_here_or_there_with_everything(scene: Scene) -> None:
    scene.desk.do("bin", scene.desk.home, "--put", scene.short_id)
    cut = CutShort(scene.desk, ("bin", scene.desk.home, "--back", scene.short_id), folders=[scene.desk.home])
    for moment in cut.moments(SOME):
        assert cut.run(moment) < 0, moment
        if scene.short_id not in [one["id"] for one in scene.desk.submissions()]:
            scene.desk.do("bin", scene.desk.home, "--back", scene.short_id)
        scene.require_whole(moment)
        assert scene.desk.json("bin", scene.desk.home)["bin"] == []
        cut.put_back()


def test_98_a_single_file_is_deleted_or_all_of_them_are_here(scene: Scene) -> None:
    shown = ("delete", scene.desk.home, scene.short_id, "--file", "1")
    scene.desk.do(*shown)
    code = scene.desk.err.partition("--code ")[2].split()[0]
    command = (*shown, "--because", "harm", "--code", code)
    cut = CutShort(scene.desk, command, folders=[scene.desk.home])
    outcomes = set()
    for moment in cut.moments(SOME):
        assert cut.run(moment) < 0, moment
        shown = scene.desk.show(scene.short_id)
        outcomes.add(len(shown["files"]))
        if len(shown["files"]) == 2:
            scene.require_whole(moment)
        else:
            scene.desk.do("list", scene.desk.home)
            assert not {"Bytes", "Name"} & found(scene.desk, scene.before), moment
            folder = scene.desk.folder / f"saved-{moment.replace(':', '-')}"
            scene.desk.do("save", scene.desk.home, scene.short_id, "--to", folder, "--on-disk")
            saved = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
            assert canary("Sealedbytes").encode() in saved
        cut.put_back()
    assert outcomes == {1, 2}
