"""A command of the reviewer that is killed at chosen steps, in folders that are put back after it."""

import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from tests.reviewer.desk_stage import PROGRAM, Desk


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

    def run(self, moment: str) -> int:
        """In a process of its own, with what strace's ``--inject`` does at this moment."""
        return self._traced([moment.partition(":")[0]], "--inject", moment)

    def moments(self, every: Mapping[str, int], *, name: str = "KILL") -> Iterator[str]:
        """Moments for :meth:`run`: each a number of calls of these names, in a whole run."""
        assert self._traced(every) == 0
        lines = self._trace.read_text(encoding="utf-8").splitlines()
        self.put_back()
        for call, step in every.items():
            calls = sum(f" {call}(" in line for line in lines)
            yield from (f"{call}:signal={name}:when={number}" for number in range(1, calls + 1, step))

    def _traced(self, calls: Iterable[str], *inject: str) -> int:
        # Of these calls only: whatever else is written down takes longer than the program itself.
        strace = ["strace", "-f", "-o", self._trace, "-e", f"trace={','.join(calls)}", *inject]
        return subprocess.run([*strace, *self._command], capture_output=True, check=False, timeout=180).returncode
