"""The kernel says whether the disk below a folder is encrypted; an open one is never taken for one that is."""

import os
from pathlib import Path

import pytest

from tipline.machine.disk_encryption import DiskEncryption, disk_encryption

SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 -- nothing is written there


class Kernel:
    """The files of a kernel that shows the device below ``folder``."""

    def __init__(self, place: Path) -> None:
        self.folder = place / "folder"
        self.devices = place / "sys"
        self.mounts = place / "mountinfo"
        self.folder.mkdir()
        self.devices.mkdir()
        self.mounts.write_text("")
        number = self.folder.stat().st_dev
        self.number = f"{os.major(number)}:{os.minor(number)}"

    def device(self, name: str, *, mapped: str = "", on: tuple[Path, ...] = ()) -> Path:
        """A device that stands ``on`` others; ``mapped`` is its id where it is one of the mapper's."""
        device = self.devices / name
        (device / "slaves").mkdir(parents=True)
        for below in on:
            (device / "slaves" / below.name).symlink_to(below)
        if mapped:
            (device / "dm").mkdir()
            (device / "dm" / "uuid").write_text(mapped + "\n")
        return device

    def says(self) -> DiskEncryption:
        return disk_encryption(self.folder, mounts=self.mounts, devices=self.devices)


@pytest.fixture
def kernel(tmp_path: Path) -> Kernel:
    return Kernel(tmp_path)


def test_an_open_partition_is_not_encrypted(kernel: Kernel) -> None:
    kernel.device(kernel.number)
    assert kernel.says() is DiskEncryption.NONE


def test_luks_is_encrypted(kernel: Kernel) -> None:
    kernel.device(kernel.number, mapped="CRYPT-LUKS2-0123-tipline", on=(kernel.device("sdb1"),))
    assert kernel.says() is DiskEncryption.WHOLE


def test_a_volume_on_luks_is_encrypted_and_one_that_is_only_partly_on_it_is_not(kernel: Kernel) -> None:
    locked = kernel.device("dm-0", mapped="CRYPT-LUKS2-0123-all", on=(kernel.device("sda2"),))
    volume = kernel.device(kernel.number, mapped="LVM-4567-root", on=(locked,))
    assert kernel.says() is DiskEncryption.WHOLE
    (volume / "slaves" / "sdb").symlink_to(kernel.device("sdb"))
    assert kernel.says() is DiskEncryption.NONE


def test_a_volume_on_an_open_disk_is_not_encrypted(kernel: Kernel) -> None:
    kernel.device(kernel.number, mapped="LVM-4567-CRYPT-root", on=(kernel.device("sda2"),))
    assert kernel.says() is DiskEncryption.NONE


def test_a_file_system_without_a_device_of_its_own_is_looked_up_where_it_is_mounted(kernel: Kernel) -> None:
    kernel.mounts.write_text(f"29 1 {kernel.number} / / rw shared:1 - tmpfs tmpfs rw\n")
    assert kernel.says() is DiskEncryption.IN_MEMORY
    kernel.mounts.write_text(f"29 1 {kernel.number} / / rw - nfs4 server:/folder rw\n")
    assert kernel.says() is DiskEncryption.UNKNOWN
    kernel.mounts.write_text("")
    assert kernel.says() is DiskEncryption.UNKNOWN


def test_what_this_machines_own_kernel_says_of_shared_memory_is_understood() -> None:
    assert disk_encryption(SHARED_MEMORY) is DiskEncryption.IN_MEMORY
