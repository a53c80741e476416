"""Commands that measure something for rows: each runs once, and its output can be kept for a later run."""

import hashlib
import json
import shlex
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

TREE = Path(__file__).parents[2]
_WRITE_RESULTS = ("scripts/soak", "lab/forensics/run.py")


@dataclass
class Measurements:
    """The output of the commands.

    ``kept`` is a folder in which outputs lie by command and by ``commit``; without it each run measures again. An
    output of another commit is never used. With ``write`` the commands that have results of their own below
    ``docs/evidence/`` put them there.
    """

    kept: Path | None = None
    commit: str = ""
    write: bool = False
    _printed: dict[str, tuple[int, str]] = field(default_factory=dict)

    def printed_by(self, command: str) -> tuple[int, str]:
        """Exit code and output of a command, which several rows may look into."""
        if command not in self._printed:
            self._printed[command] = self._read(command) or self._run(command)
        return self._printed[command]

    def _read(self, command: str) -> tuple[int, str] | None:
        place = self._place(command)
        if place is None or not place.exists():
            return None
        kept = json.loads(place.read_text(encoding="utf-8"))
        # A command that failed is tried again.
        if kept["commit"] != self.commit or kept["ended with"] != 0:
            return None
        return kept["ended with"], kept["printed"]

    def _run(self, command: str) -> tuple[int, str]:
        print(f"measuring: {command}", file=sys.stderr, flush=True)
        words = shlex.split(command)
        # A script of scripts/ says itself how it is run, and installs what it needs.
        words = words if words[0].startswith("scripts/") else [sys.executable, *words]
        words += ["--write"] if self.write and shlex.split(command)[0] in _WRITE_RESULTS else []
        ended = subprocess.run(words, cwd=TREE, stdout=subprocess.PIPE, text=True, check=False)
        print(ended.stdout, file=sys.stderr, flush=True)
        place = self._place(command)
        if place is not None:
            place.parent.mkdir(parents=True, exist_ok=True)
            kept = {
                "command": command,
                "commit": self.commit,
                "ended with": ended.returncode,
                "printed": ended.stdout,
            }
            place.write_text(json.dumps(kept, indent=1), encoding="utf-8")
        return ended.returncode, ended.stdout

    def _place(self, command: str) -> Path | None:
        if self.kept is None or not self.commit:
            return None
        return self.kept / f"{hashlib.sha256(command.encode()).hexdigest()[:16]}.json"
