"""Landlock as each of its versions has it, the kernel's own and all before: what is left open, and what is not."""

import subprocess
import sys
from pathlib import Path

import pytest

from system.landlock import landlock_version

CODE = """
import os, sys
from pathlib import Path
from system import landlock
folder = Path(sys.argv[1])
landlock.landlock_version = lambda: int(sys.argv[2])
done = landlock.open_only(
    read=[folder / "read", folder / "alone", folder / "not there"], written=[folder / "written", Path("/dev/null")]
)
assert done == int(sys.argv[2]), done
def outcome(does):
    try:
        does()
    except PermissionError:
        return "refused"
    except OSError as error:
        return error.strerror
    return "done"
written = folder / "written"
for does in (
    (folder / "read" / "file").read_text,
    lambda: os.listdir(folder / "read"),
    (folder / "alone").read_text,
    lambda: (written / "new").write_text("x"),
    lambda: (written / "new").write_text("y"),
    lambda: (written / "new").rename(written / "newer"),
    (written / "newer").unlink,
    lambda: Path("/dev/null").write_text("x"),
    (folder / "secret").read_text,
    lambda: os.listdir(folder),
    lambda: (folder / "secret").open("r+"),
    lambda: (folder / "read" / "file").open("w"),
    lambda: (folder / "read" / "new").open("x"),
    (folder / "secret").unlink,
    lambda: (written / "folder").mkdir(),
    lambda: (written / "link").symlink_to("/"),
    lambda: os.mkfifo(written / "pipe"),
):
    print(outcome(does))
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("read", "written"):
        (tmp_path / name).mkdir()
    for name in ("read/file", "alone", "secret"):
        (tmp_path / name).write_text("as it was")
    return tmp_path


def outcomes(folder: Path, version: int) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-B", "-c", CODE, folder, str(version)],
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return done.stdout.splitlines()


def test_this_kernel_has_landlock() -> None:
    assert landlock_version() >= 1, "without it the tests of the files that a process keeps to tell nothing"


@pytest.mark.parametrize("version", [1, 2, 3, 4, 5, 6, 7])
def test_only_what_was_named_is_opened_with_every_version(folder: Path, version: int) -> None:
    found = outcomes(folder, min(version, landlock_version()))
    assert found[:8] == ["done"] * 8
    assert found[8:] == ["refused"] * 9
    assert (folder / "secret").read_text() == (folder / "read" / "file").read_text() == "as it was"


def test_without_it_nothing_is_changed(folder: Path) -> None:
    assert set(outcomes(folder, 0)) == {"done"}
