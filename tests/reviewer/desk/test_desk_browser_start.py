"""The desk starts no browser where something that it shows could reach a disk, and says why."""

import json
from pathlib import Path

import pytest

from reviewer.desk import browser
from reviewer.desk.browser_profile import PREFERENCES, write_profile
from reviewer.errors import DiskSwapOn
from tests.reviewer.desk_stage import Desk

LINK = "http://127.0.0.1:1/open/canary-link"


def _swap_is_on() -> None:
    raise DiskSwapOn("swap on a disk is on (/dev/sda2)")


@pytest.mark.parametrize(
    ("name", "replaced", "reason"),
    [
        ("require_no_disk_swap", _swap_is_on, "swap on a disk is on"),
        ("memory_place", lambda: None, "no folder of this machine lies in memory"),
        ("_PROGRAMS", ("no-such-firefox",), "Firefox is not installed"),
    ],
)
def test_it_refuses_by_name_before_the_home_is_opened(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, name: str, replaced: object, reason: str
) -> None:
    if name != "_PROGRAMS":
        monkeypatch.setattr(browser, "_PROGRAMS", ("true",))
    monkeypatch.setattr(browser, name, replaced)
    assert desk.run("desk", desk.home, "--browser") == 1
    assert reason in desk.err
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


def test_a_killed_desk_leaves_no_folder_after_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(browser, "_PROGRAMS", ("true",))
    monkeypatch.setattr(browser, "memory_place", lambda: tmp_path)
    monkeypatch.setattr(browser, "require_no_disk_swap", lambda: None)
    with browser.memory_browser() as first:
        above = first.folder.parent
        killed = above / "4194305-left"  # no process has so high a number
        (killed / "profile").mkdir(parents=True)
        (killed / "profile" / "user.js").write_text(LINK, encoding="ascii")
        with browser.memory_browser() as second:
            assert set(above.iterdir()) == {first.folder, second.folder}
    assert list(above.iterdir()) == []
