"""``look`` and ``viewers``: the same at a terminal, where pictures go into memory only."""

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from reviewer.files.memory_only import require_in_memory
from system.errors import ProgramError
from tests.reviewer.clean_copy import photos
from tests.reviewer.desk_stage import Desk
from tests.reviewer.viewers.samples import EMAIL, pdf

FILES = [("a.jpg", "image/jpeg", photos.jpeg()), ("m.eml", "", EMAIL + b"\x1b[2J"), ("p.pdf", "", pdf(3))]


@pytest.fixture
def in_memory() -> Iterator[Path]:
    folder = Path(f"/dev/shm/look-{os.getpid()}")  # noqa: S108 -- a folder in memory is what this is about
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def test_look_prints_text_and_writes_pictures_into_memory_only(desk: Desk, in_memory: Path, on_disk: Path) -> None:
    (short_id,) = desk.take_in(desk.server.seal(files=FILES))
    listed = desk.json("look", desk.home, short_id)
    assert [one["file"] for one in listed["files"]] == ["1", "2", "3"]
    assert "a.jpg" in desk.do("look", desk.home, short_id)

    mail = desk.do("look", desk.home, short_id, "2")
    assert "file 2: an e-mail" in mail
    assert "From: A Friend" in mail
    assert "\x1b" not in mail

    assert desk.run("look", desk.home, short_id, "1") == 1
    assert "--out /dev/shm/look" in desk.err
    assert desk.run("look", desk.home, short_id, "1", "--out", on_disk / "look") == 1
    assert "is not in memory" in desk.err
    assert not (on_disk / "look").exists()

    desk.do("look", desk.home, short_id, "3", "--out", in_memory, "--see", "colour", "--from", "2")
    assert sorted(path.name for path in in_memory.iterdir()) == ["picture-2.png", "picture-3.png"]
    assert {path.stat().st_mode & 0o777 for path in in_memory.iterdir()} == {0o600}
    acts = [one["subject"] for one in desk.json("log", "show", desk.home) if one["act"] == "look"]
    assert [one.rpartition("file ")[2] for one in acts] == ["2", "1", "3"]

    (saved,) = desk.json("saved", desk.home)["saved"]
    assert (saved["folder"], saved["files_there"], saved["in_memory"]) == (str(in_memory), 2, True)
    desk.do("saved", desk.home, "--destroy-all")
    assert not in_memory.exists()


def test_a_folder_in_memory_is_told_from_one_on_a_disk_by_its_mount(tmp_path: Path) -> None:
    mounts, memory = tmp_path / "mounts", tmp_path / "memory"
    (memory / "disk").mkdir(parents=True)
    mounts.write_text(
        "1 0 8:1 / / rw - ext4 /dev/sda rw\n"
        f"2 1 0:2 / {memory} rw - tmpfs tmpfs rw\n"
        f"3 2 8:2 / {memory}/disk rw - ext4 /dev/sdb rw\n",
        encoding="utf-8",
    )
    require_in_memory(memory / "not" / "there yet", mounts=mounts)
    for place in (tmp_path, memory / "disk" / "a", Path(f"{memory}2")):
        with pytest.raises(ProgramError, match="not in memory"):
            require_in_memory(place, mounts=mounts)


def test_viewers_are_listed_with_what_they_open_and_their_limits(desk: Desk) -> None:
    listed = json.loads(desk.do("viewers", "--json"))["viewers"]
    assert len(listed) == 6
    assert {one["seconds"] for one in listed} == {20, 60}
    assert "PDF\n  installed" in desk.do("viewers")
