"""Plays trouble of a real, small file system, in a mount namespace of its own.

`python -m tests.tipline.store.disk_trouble PLAY FOLDER`, started by `unshare`. As root it is ext4 on a loop device,
else tmpfs: both are really full, really read-only.
"""

import contextlib
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.tipline.served import ServedFolder, ask, raw, send_tip
from tipline.instance.open_site import open_site
from tipline.operations.check_result import CheckResult
from tipline.operations.doctor import examine
from tipline.operations.site_status import SiteStatus
from tipline.store import Store
from tipline.store.ballast import FILE_NAME as BALLAST
from tipline.supervisor.web_process import WebProcess, WebProcessFailed

DISK_MIB = 256
TIPLINE = [sys.executable, "-c", "import sys; from tipline.cli import main; sys.exit(main())"]


class Disk:
    """A small file system on ``place``."""

    def __init__(self, folder: Path) -> None:
        self.place = folder / "disk"
        self._image = folder / "image"
        self.place.mkdir()
        self.is_ext4 = os.geteuid() == 0 and Path("/dev/loop-control").exists()
        if self.is_ext4:
            with self._image.open("wb") as image:
                image.truncate(DISK_MIB << 20)
            _run("mkfs.ext4", "-q", "-m", "0", self._image)
        self.mount()

    def mount(self) -> None:
        if self.is_ext4:
            _run("mount", "-o", "loop,errors=remount-ro", self._image, self.place)
        else:
            _run("mount", "-t", "tmpfs", "-o", f"size={DISK_MIB}m", "tmpfs", self.place)

    def fill(self) -> None:
        """To the last byte, by another program than ours."""
        with (self.place / "others").open("ab", buffering=0) as others:
            for size in (1 << 20, 4096, 1):
                with contextlib.suppress(OSError):
                    while others.write(b"o" * size) == size:
                        pass

    def make_room(self) -> None:
        (self.place / "others").unlink()

    def become_read_only(self) -> None:
        """As the kernel does it when the disk fails under a server; a tmpfs only while no one writes."""
        if self.is_ext4:
            device = Path(_run("findmnt", "-n", "-o", "SOURCE", self.place).strip()).name
            Path(f"/sys/fs/ext4/{device}/trigger_fs_error").write_text("1")
        else:
            _run("mount", "-o", "remount,ro", self.place)

    def mend(self) -> None:
        """While no one serves."""
        if self.is_ext4:
            _run("umount", self.place)
            subprocess.run(["e2fsck", "-p", self._image], check=False, capture_output=True)
            self.mount()
        else:
            _run("mount", "-o", "remount,rw", self.place)


def full(folder: Path) -> None:
    """The disk fills up under a running server, and gets room again."""
    disk = Disk(folder)
    served = ServedFolder(disk.place / "site")
    courier = folder / "courier"
    with served.web(courier=courier) as web:
        port = _port(web)
        assert _is_receipt(send_tip(port, "before"))
        _eventually((served.folder.store / BALLAST).exists)
        disk.fill()
        refused = send_tip(port, "while it is full")
        assert not _is_receipt(refused)
        assert b"<!doctype html>" in refused.lower()
        assert b"while it is full" in refused, "what was typed comes back"
        assert ask(port, "GET", "/")[0] == 200
        # What is there can be carried out, though the disk has not a byte left.
        pulled = raw(courier, b"GET /bundles HTTP/1.1\r\nHost: courier\r\n\r\n")
        assert pulled.startswith(b"HTTP/1.1 200 ")
        assert len(pulled) > 71_000
        exported = _tipline(served, "export", "--out", str(folder / "tips"))
        assert exported.returncode == 0, exported.stderr
        assert (folder / "tips").stat().st_size > 71_000
        assert not (served.folder.store / BALLAST).exists()
        assert "danger" in _doctor(served, "disk")
        disk.make_room()
        assert _is_receipt(send_tip(port, "after"))
    with served.store() as store:
        assert len(store.submissions.waiting()) == 2
        assert store.damage() == []
    with _open(served) as status:
        assert any("the disk was full" in trouble for trouble in status.troubles)
        assert any("the disk was full" in warning for warning in status.warnings())


def read_only(folder: Path) -> None:
    """The disk fails and is mounted read-only under a running server; then it is mended."""
    disk = Disk(folder)
    served = ServedFolder(disk.place / "site")
    courier = folder / "courier"
    with served.web(courier=courier) as web:
        assert _is_receipt(send_tip(_port(web), "before"))
        if disk.is_ext4:
            disk.become_read_only()
            refused = send_tip(_port(web), "while it is read-only")
            assert not _is_receipt(refused)
            assert b"while it is read-only" in refused, "what was typed comes back"
            assert ask(_port(web), "GET", "/")[0] == 200
            told = raw(courier, b"GET /status HTTP/1.1\r\nHost: courier\r\n\r\n")
            assert b"the disk failed the store on " in told, "staff hear of it, though it cannot be written down"
    if not disk.is_ext4:
        disk.become_read_only()
        with pytest.raises(WebProcessFailed) as refused_start:
            served.web()
        assert refused_start.value.hint
    assert "danger" in _doctor(served, "disk")
    disk.mend()
    with served.web() as web:
        assert _is_receipt(send_tip(_port(web), "after"))
    with Store(served.folder.store, served.key) as store:  # the test's passphrase file may have gone with the disk
        assert len(store.submissions.waiting()) == 2
        assert store.damage() == []


def _run(*command: str | Path) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def _tipline(served: ServedFolder, command: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [*TIPLINE, command, served.folder.path, *arguments, "--passphrase-file", served.passphrase_file],
        capture_output=True,
        text=True,
        check=False,
    )


def _doctor(served: ServedFolder, about: str) -> str:
    findings: list[CheckResult] = list(examine(served.folder.path, str(served.passphrase_file)))
    return next(finding.severity.value for finding in findings if finding.about == about)


@contextlib.contextmanager
def _open(served: ServedFolder) -> Iterator[SiteStatus]:
    with open_site(served.folder.path, str(served.passphrase_file)) as site:
        yield SiteStatus.of(site)


def _port(web: WebProcess) -> int:
    assert web.port is not None
    return web.port


def _is_receipt(page: bytes) -> bool:
    return b"data-passphrase" in page


def _eventually(condition: Callable[[], bool]) -> None:
    for _ in range(600):
        if condition():
            return
        threading.Event().wait(0.1)
    raise AssertionError("it did not come true")


if __name__ == "__main__":
    {"full": full, "read_only": read_only}[sys.argv[1]](Path(sys.argv[2]))
