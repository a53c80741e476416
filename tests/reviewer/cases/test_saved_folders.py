"""Saved files lie in memory unless staff confirm a disk; each folder is remembered, and can be destroyed."""

import shutil
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

from reviewer.terminal.plain_text import readable_text
from system.memory import SWAPS
from system.memory_folders import lies_in_memory, memory_place
from tests.fakes_server import a_mailbox
from tests.kernel_files import other_machine
from tests.reviewer.clean_copy import photos
from tests.reviewer.desk_stage import Desk

HOSTILE = "\x1b]0;owned\x07\x1b[2J\u202egpj.exe\r\nnext\u200b\u200b\x9b0m\0\ttab"


@pytest.fixture
def in_memory() -> Iterator[list[Path]]:
    """Folders in memory that a test made, removed at its end."""
    made: list[Path] = []
    yield made
    for folder in made:
        shutil.rmtree(folder, ignore_errors=True)


def _saved(desk: Desk) -> list[dict[str, object]]:
    folders: list[dict[str, object]] = desk.json("saved", desk.home)["saved"]
    return folders


def test_without_a_folder_the_files_lie_in_memory_and_never_in_the_home(
    desk: Desk, in_memory: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(desk.folder / "user"))
    (short_id,) = desk.take_in(desk.server.seal(files=[("a.jpg", "", photos.jpeg())], mailbox=a_mailbox()))
    desk.do("save", desk.home, short_id)
    desk.do("save", desk.home, short_id)
    desk.do("save", desk.home, short_id, "--without-traces")
    folders = [Path(str(one["folder"])) for one in _saved(desk)]
    in_memory += folders
    assert folders[0].name.startswith(f"tip-{short_id}")
    assert len(set(folders)) == 3
    assert short_id not in folders[2].name
    for one, folder in zip(_saved(desk), folders, strict=True):
        assert one["in_memory"] is True
        assert lies_in_memory(folder)
        assert folder.parent.stat().st_mode & 0o777 == 0o700
        assert not folder.is_relative_to(desk.folder)


def test_a_disk_needs_a_second_confirmation_and_memory_with_swap_does_too(
    desk: Desk, in_memory: list[Path], on_disk: Path
) -> None:
    (short_id,) = desk.take_in(desk.server.seal(files=[("a.jpg", "", photos.jpeg())]))
    case = on_disk / "case"
    for options in ((), ("--without-traces",)):
        assert desk.run("save", desk.home, short_id, "--to", case, *options) == 1
        assert "does not lie in memory" in desk.err
        assert "--on-disk" in desk.err
        assert not case.exists()
    assert _saved(desk) == []
    desk.do("save", desk.home, short_id, "--to", case, "--on-disk")
    assert [one["in_memory"] for one in _saved(desk)] == [False]
    place = memory_place()
    assert place is not None
    swaps = desk.folder / "swaps"
    swaps.write_text("Filename Type Size Used Priority\n/dev/sda2 partition 100 0 -2\n")
    with_swap = place / f"with-swap-{desk.folder.name}"
    in_memory.append(with_swap)
    with other_machine({SWAPS: swaps}):
        assert desk.run("save", desk.home, short_id, "--to", with_swap) == 1
    assert "swap is on" in desk.err
    assert not with_swap.exists()


def test_a_destroyed_folder_is_gone_and_files_of_others_in_it_are_not_touched(desk: Desk, on_disk: Path) -> None:
    (short_id,) = desk.take_in(desk.server.seal(files=[("a.jpg", "", b"a canary of the file")]))
    first, second = on_disk / "first", on_disk / "second"
    for folder in (first, second):
        desk.do("save", desk.home, short_id, "--to", folder, "--on-disk")
    (second / "mine").write_text("mine", encoding="utf-8")
    linked = on_disk / "linked"
    linked.hardlink_to(second / "a.jpg")
    numbers = [str(one["number"]) for one in _saved(desk)]
    said = desk.do("saved", desk.home, "--destroy", numbers[0])
    assert not first.exists()
    assert "A disk may still hold them" in said
    desk.do("saved", desk.home, "--destroy-all")
    assert [path.name for path in second.iterdir()] == ["mine"]
    assert "1 other files" in desk.err
    assert linked.read_bytes() == b"a canary of the file"  # its bytes have another name
    assert _saved(desk) == []
    assert desk.run("saved", desk.home, "--destroy", numbers[0]) == 1
    assert desk.do("log", "show", desk.home).count("saved folder destroyed") == 2


def test_destroying_overwrites_the_bytes_in_place(desk: Desk) -> None:
    (short_id,) = desk.take_in(desk.server.seal(files=[("a.dat", "", b"canary" * 500_000)]))
    case = desk.folder / "case"
    desk.do("save", desk.home, short_id, "--to", case, "--on-disk")
    held = (case / "a.dat").open("rb")
    with held:
        desk.do("saved", desk.home, "--destroy-all")
        assert set(held.read()) == {0}
    assert not case.exists()


def test_a_folder_that_is_not_there_stays_listed_until_staff_say_that_it_is_gone(desk: Desk) -> None:
    (short_id,) = desk.take_in(desk.server.seal())
    case = desk.folder / "case"
    desk.do("save", desk.home, short_id, "--to", case, "--on-disk")
    case.rename(desk.folder / "moved")
    (desk.folder / "case").symlink_to(desk.folder / "moved")
    (number,) = [str(one["number"]) for one in _saved(desk)]
    assert _saved(desk)[0]["files_there"] == 0
    assert desk.run("saved", desk.home, "--destroy", number) == 1
    assert "none of these files" in desk.err
    desk.do("saved", desk.home, "--destroy", number, "--gone")
    assert (desk.folder / "moved" / "message.txt").exists()
    assert _saved(desk) == []


def test_what_a_killed_save_left_is_listed_and_destroyed(desk: Desk) -> None:
    (short_id,) = desk.take_in(desk.server.seal(files=[("a.jpg", "", b"a canary of the file")]))
    desk.do("save", desk.home, short_id, "--to", desk.folder / "case", "--on-disk")
    # As kill -9 leaves it: the row without names, and the folder under the name of a process that is gone.
    (desk.folder / "case").rename(desk.folder / ".case.4194305.part")
    desk.tamper("UPDATE saved_folders SET names = '[]'")
    assert "UNFINISHED, 4 files there" in desk.do("saved", desk.home)
    desk.do("saved", desk.home, "--destroy-all")
    assert not [path for path in desk.folder.iterdir() if "case." in path.name and path.is_dir()]
    assert _saved(desk) == []


def test_a_save_that_is_refused_is_not_remembered(desk: Desk) -> None:
    (short_id,) = desk.take_in(desk.server.seal(files=[("a", "b", bytes(200_000))]))
    desk.tamper("UPDATE files SET sha256 = zeroblob(32)")
    assert desk.run("save", desk.home, short_id, "--to", desk.folder / "case", "--on-disk") == 1
    assert _saved(desk) == []


def test_the_saved_message_names_control_characters_and_the_bytes_as_sent_lie_beside_it(desk: Desk) -> None:
    (short_id,) = desk.take_in(desk.server.seal(fields=[("text", HOSTILE)]))
    case = desk.folder / "case"
    desk.do("save", desk.home, short_id, "--to", case, "--on-disk")
    message = (case / "message.txt").read_text(encoding="utf-8")
    assert message == (
        "<U+001B>]0;owned<U+0007><U+001B>[2J<U+202E>gpj.exe\nnext<U+200B × 2><U+009B>0m<U+0000>    tab"
    )
    assert (case / "message.raw").read_bytes() == HOSTILE.encode()
    for name in ("message.txt", "contents.json"):
        letters = set((case / name).read_text(encoding="utf-8")) - {"\n"}
        assert not {letter for letter in letters if unicodedata.category(letter) in ("Cc", "Cf")}


@pytest.mark.parametrize("text", ["", "What I saw.", "a\n\nb\n", "рассказ\nقصة\n故事"])
def test_a_plain_message_is_saved_as_it_was_sent(text: str) -> None:
    assert readable_text(text) == text
