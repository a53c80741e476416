"""A disk of its own whose power can be cut: what was not made durable by then is gone.

A file system on a loop device is shut down by the kernel in the middle of whatever is being written, without its
journal being flushed, and mounted again. Needs root.
"""

import contextlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from lab.soak.losses import want
from tests.tipline.processes import eventually

KINDS: Final = ("ext4", "xfs")
_MAKE: Final = {"ext4": ("mkfs.ext4", "-q", "-m", "0"), "xfs": ("mkfs.xfs", "-q")}
_BUSY_SECONDS: Final = 30.0
_CONTENT: Final = b"sixteen bytes.. " * 4096


class LossyDisk:
    """``place`` is where it is mounted; ``lost`` counts the cuts that took what was not yet durable."""

    def __init__(self, folder: Path, kind: str, *, mebibytes: int) -> None:
        self.place = folder / kind
        self.kind = kind
        self.cuts = 0
        self.lost = 0
        self._image = folder / f"{kind}.image"
        with self._image.open("wb") as image:
            image.truncate(mebibytes << 20)
        _run(*_MAKE[kind], self._image)
        self.place.mkdir()
        self._mount()
        self._settle()

    def __enter__(self) -> "LossyDisk":
        return self

    def __exit__(self, *_: object) -> None:
        self._unmount()

    @contextlib.contextmanager
    def power_cut(self) -> Iterator[None]:
        """Cut the power; the block ends all that runs on it, and after it the disk is there again.

        Nothing is made durable right before: that would commit the journal of the whole file system, and with it
        every name that a program should have made durable itself and did not.

        Raises:
            Lost: what was durable is gone.
        """
        kept, fleeting = self._content(), self.place / "fleeting"
        self.cuts += 1
        fleeting.write_bytes(self._content())
        _run("xfs_io", "-x", "-c", "shutdown", self.place)
        yield
        self._unmount()
        self._mount()
        want((self.place / "durable").read_bytes() == kept, "this disk loses what was made durable")
        self.lost += not (fleeting.exists() and fleeting.read_bytes() == self._content())
        self._settle()

    def require_lossy(self) -> None:
        """Raises Lost where cuts took nothing: then they proved nothing."""
        want(self.lost or not self.cuts, f"{self.cuts} power cuts on {self.kind} took nothing that was not durable")

    def _content(self) -> bytes:
        """Another one after each cut."""
        return _CONTENT[self.cuts :]

    def _settle(self) -> None:
        """Make durable what must be there after the next cut."""
        write_durably(self.place / "durable", self._content())

    def _mount(self) -> None:
        _run("mount", "-o", "loop", self._image, self.place)

    def _unmount(self) -> None:
        """And wait until the kernel has let go of it: while a process or another mount name space has it open, it
        would be mounted again as it is, shut down."""
        if not eventually(self._is_let_go, seconds=_BUSY_SECONDS):
            raise RuntimeError(f"someone else keeps {self.place} open")

    def _is_let_go(self) -> bool:
        """After a try to unmount it."""
        with contextlib.suppress(subprocess.CalledProcessError):
            if self._is_mounted():
                _run("umount", self.place)
        return not self._is_mounted() and not self._is_held()

    def _is_mounted(self) -> bool:
        # Asked itself, a file system that was shut down may only answer that it failed.
        mounted = Path("/proc/self/mountinfo").read_text().splitlines()
        return any(line.split()[4] == str(self.place) for line in mounted)

    def _is_held(self) -> bool:
        for backing in Path("/sys/block").glob("loop*/loop/backing_file"):
            with contextlib.suppress(OSError):
                if backing.read_text().strip() == str(self._image):
                    return True
        return False


def write_durably(path: Path, content: bytes) -> None:
    """As what someone copied there long before."""
    path.write_bytes(content)
    for each in (path, path.parent):
        descriptor = os.open(each, os.O_RDONLY)
        os.fsync(descriptor)
        os.close(descriptor)


def _run(*command: str | Path) -> None:
    subprocess.run(command, check=True, capture_output=True, text=True)
