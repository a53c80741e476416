"""The desk starts no browser where something that it shows could reach a disk, and says why."""

import json
from pathlib import Path

import pytest

from reviewer.desk import browser
from reviewer.desk.browser_profile import PREFERENCES, write_profile
from system.memory import SWAPS
from system.memory_folders import MOUNTS
from tests.kernel_files import other_machine
from tests.reviewer.desk_stage import Desk

LINK = "http://127.0.0.1:1/open/canary-link"


HEAD = "Filename Type Size Used Priority\n"
WITH_SWAP = HEAD + "/dev/sda2 partition 100 0 -2\n"


@pytest.fixture
def firefox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of programs with one that is called as Firefox is, and with no other."""
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "firefox-esr").symlink_to("/usr/bin/true")
    monkeypatch.setenv("PATH", str(programs))
    return programs / "firefox-esr"


def _machine(folder: Path, *, swaps: str = HEAD, mounts: str | None = None) -> dict[Path, Path]:
    """The kernel's files of a machine with these swap areas, and, where they are given, with these mounts."""
    shown = {SWAPS: folder / "swaps"}
    shown[SWAPS].write_text(swaps)
    if mounts is not None:
        shown[MOUNTS] = folder / "mounts"
        shown[MOUNTS].write_text(mounts)
    return shown


@pytest.mark.usefixtures("firefox")
@pytest.mark.parametrize(
    ("swaps", "mounts", "reason"),
    [
        (WITH_SWAP, None, "swap on a disk is on"),
        (HEAD, "", "no folder of this machine lies in memory"),
    ],
)
def test_it_refuses_by_name_before_the_home_is_opened(
    desk: Desk, tmp_path: Path, swaps: str, mounts: str | None, reason: str
) -> None:
    with other_machine(_machine(tmp_path, swaps=swaps, mounts=mounts)):
        assert desk.run("desk", desk.home, "--browser") == 1
    assert reason in desk.err
    assert desk.out == ""


def test_a_machine_without_firefox_is_told_so_before_the_home_is_opened(
    desk: Desk, tmp_path: Path, firefox: Path
) -> None:
    firefox.unlink()
    with other_machine(_machine(tmp_path)):
        assert desk.run("desk", desk.home, "--browser") == 1
    assert "Firefox is not installed" in desk.err
    assert desk.out == ""


def test_the_link_is_in_one_file_that_only_this_user_can_read(tmp_path: Path) -> None:
    write_profile(tmp_path, link=LINK)
    (file,) = tmp_path.iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    lines = file.read_text(encoding="ascii").splitlines()
    read = dict(json.loads(f"[{line.removeprefix('user_pref(').removesuffix(');')}]") for line in lines)
    assert read == PREFERENCES | {"browser.startup.homepage": LINK}
    assert read["browser.privatebrowsing.autostart"] is True
    assert read["browser.cache.disk.enable"] is False
    assert read["browser.privatebrowsing.forceMediaMemoryCache"] is True


@pytest.mark.usefixtures("firefox")
def test_a_killed_desk_leaves_no_folder_after_the_next_start(tmp_path: Path) -> None:
    with other_machine(_machine(tmp_path)), browser.memory_browser() as first:
        above = first.folder.parent
        killed = above / "4194305-left"  # no process has so high a number
        (killed / "profile").mkdir(parents=True)
        (killed / "profile" / "user.js").write_text(LINK, encoding="ascii")
        with browser.memory_browser() as second:
            assert not killed.exists()
            assert first.folder.is_dir()
            assert second.folder.is_dir()
    assert not first.folder.exists()
    assert not second.folder.exists()
