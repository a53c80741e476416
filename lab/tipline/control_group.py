"""A control group of processes, with an end to the memory that all of them may have together."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.tipline.processes import children_of, eventually

_ROOT = Path("/sys/fs/cgroup")
_WORDS = {
    # of the kernel's first kind of control groups, and of its second
    "limit": ("memory.limit_in_bytes", "memory.max"),
    "kills": ("memory.oom_control", "memory.events"),
    "own": ("rss ", "anon "),
}


class ControlGroup:
    """A group in ``folder``; ``kind`` is 0 or 1."""

    def __init__(self, folder: Path, kind: int) -> None:
        self.folder = folder
        self._kind = kind

    def take(self, process: int) -> None:
        """It and its children, and all that they will start."""
        for each in (process, *children_of(process)):
            (self.folder / "cgroup.procs").write_text(str(each))

    def own_bytes(self) -> int:
        """Memory that its processes have written to, which no one can take from them again."""
        return self._number(self.folder / "memory.stat", _WORDS["own"][self._kind])

    def kills(self) -> int:
        """How many of its processes were killed because there was no more."""
        return self._number(self.folder / _WORDS["kills"][self._kind], "oom_kill ")

    @contextlib.contextmanager
    def squeezed(self, further_bytes: int) -> Iterator[Callable[[], None]]:
        """An end to what they may have together, as long as this lasts: what they have when the function is called
        that this gives, and so much more. Each further call lowers it, if they have less by then: what they had at
        one moment they may never have again, and then no one comes to the end."""
        limit = self.folder / _WORDS["limit"][self._kind]
        least: int | None = None

        def squeeze() -> None:
            nonlocal least
            now = self.own_bytes() + further_bytes
            if least is None or now < least:
                with contextlib.suppress(OSError):  # at present they have more again
                    limit.write_text(str(now))
                    least = now

        try:
            yield squeeze
        finally:
            limit.write_text("-1" if self._kind == 0 else "max")

    def _number(self, file: Path, word: str) -> int:
        return sum(int(line.removeprefix(word)) for line in file.read_text().splitlines() if line.startswith(word))


@contextlib.contextmanager
def control_group(name: str) -> Iterator[ControlGroup]:
    """A new one. Its processes have to have ended when the block does."""
    places = ((_ROOT / "memory", 0), (_ROOT, 1))
    parent, kind = next((one for one in places if (one[0] / "cgroup.procs").exists()), (_ROOT, 1))
    folder = parent / name
    try:
        if kind == 1:
            (parent / "cgroup.subtree_control").write_text("+memory")
        folder.mkdir()
    except OSError as error:
        pytest.skip(f"no control group with an end to its memory can be made here: {error.strerror}")
    try:
        yield ControlGroup(folder, kind)
    finally:
        assert eventually(lambda: _removed(folder)), f"processes are left in {folder}"


def _removed(folder: Path) -> bool:
    with contextlib.suppress(OSError):  # a process of it is still on its way out
        folder.rmdir()
    return not folder.exists()
