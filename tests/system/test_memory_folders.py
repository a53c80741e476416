"""A folder counts as memory only where the kernel says so, and is never one that another user prepared."""

import os
from pathlib import Path

import pytest

from system.errors import ProgramError
from system.memory_folders import lies_in_memory, memory_place, own_folder

SHM = Path("/dev/shm")  # noqa: S108 -- asked about, never written


def _mounts(folder: Path, *, kind: str) -> Path:
    """A list of mounts that says of the file system of ``folder`` that it is of this kind."""
    device = folder.stat().st_dev
    path = folder / "mountinfo"
    number = f"{os.major(device)}:{os.minor(device)}"
    path.write_text(f"36 35 98:0 / /other rw - tmpfs x rw\n37 35 {number} / /mnt rw shared:1 - {kind} x rw\n")
    return path


def test_what_the_kernel_calls_tmpfs_is_memory_and_the_name_of_the_folder_proves_nothing(tmp_path: Path) -> None:
    assert lies_in_memory(SHM / "not" / "there" / "yet")
    assert lies_in_memory(tmp_path, mounts=_mounts(tmp_path, kind="tmpfs"))
    assert not lies_in_memory(tmp_path, mounts=_mounts(tmp_path, kind="ext4"))
    assert not lies_in_memory(tmp_path, mounts=_mounts(tmp_path, kind="overlay"))
    assert not lies_in_memory(tmp_path / "new", mounts=tmp_path / "missing")
    assert not lies_in_memory(Path("/proc"))
    link = tmp_path / "shm"
    link.symlink_to(SHM)
    assert lies_in_memory(link)
    disk = _mounts(tmp_path, kind="ext4")
    assert memory_place([tmp_path], mounts=disk) is None
    assert memory_place([tmp_path / "none", tmp_path], mounts=_mounts(tmp_path, kind="tmpfs")) == tmp_path


def test_a_folder_that_others_can_read_or_that_is_a_link_is_refused(tmp_path: Path) -> None:
    made = own_folder("ours", within=tmp_path)
    assert made.stat().st_mode & 0o777 == 0o700
    assert own_folder("ours", within=tmp_path) == made
    made.chmod(0o755)
    with pytest.raises(ProgramError, match="only this user"):
        own_folder("ours", within=tmp_path)
    made.rmdir()
    made.symlink_to(tmp_path)
    with pytest.raises(ProgramError, match="only this user"):
        own_folder("ours", within=tmp_path)
