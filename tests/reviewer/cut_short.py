"""A command of the reviewer that is killed at each of its steps, in folders that are put back after it."""

import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from tests.reviewer.desk import PROGRAM, Desk


class CutShort:
    """``command`` at a desk; ``folders`` are all that it changes."""

    def __init__(self, desk: Desk, command: Sequence[str | Path], *, folders: Sequence[Path]) -> None:
        self._command = [sys.executable, "-B", "-c", PROGRAM, "--beside-network", *map(str, command)]
        self._folders = folders
        self._trace = desk.folder / "trace"
        self._aside = desk.folder / "aside"
        for folder in folders:
            shutil.copytree(folder, self._aside / folder.name)

    def put_back(self) -> None:
        for folder in self._folders:
            shutil.rmtree(folder)
            shutil.copytree(self._aside / folder.name, folder)

    def run(self, *strace: str) -> int:
        """In a process of its own, so that it can be killed."""
        command = ["strace", "-f", "-o", str(self._trace), *strace, *self._command]
        return subprocess.run(command, capture_output=True, check=False, timeout=60).returncode

    def moments(self, every: Mapping[str, int], *, name: str = "KILL") -> Iterator[str]:
        """What to give to :meth:`run` after ``--inject``: each so many calls of these names, in a whole run."""
        for call, step in every.items():
            yield from (f"{call}:signal={name}:when={number}" for number in range(1, self._calls(call) + 1, step))

    def _calls(self, name: str) -> int:
        assert self.run("-e", f"trace={name}") == 0
        lines = self._trace.read_text(encoding="utf-8").splitlines()
        self.put_back()
        return sum(f" {name}(" in line or line.startswith(f"{name}(") for line in lines)
