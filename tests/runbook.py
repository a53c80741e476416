"""Runs the commands of a runbook in docs/operate or docs/review as they stand there, in one shell, part by part.

What differs from an operator's shell: the folders named in the page's first block lie in the test's folder, a
passphrase comes from a file instead of a prompt, the reviewer's program is told that this machine has a network,
and systemd is only asked in writing.
"""

import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

_DOCUMENTS = Path(__file__).parents[1] / "docs"
_BLOCK = re.compile(
    r"^## (?P<heading>[^\n]+)$|^```sh(?P<label> refused)?\n(?P<commands>.*?)^```$", re.MULTILINE | re.DOTALL
)
_PASSPHRASE_COMMANDS = "init|manifest|export|import|status|backup|restore|doctor|events|upgrade|unlock|serve"
_SHELL = f"""
set -euo pipefail
tipline() {{
    case $1 in
        {_PASSPHRASE_COMMANDS}) command tipline "$@" --passphrase-file "$PASSPHRASE" ;;
        *) command tipline "$@" ;;
    esac
}}
tipline-review() {{ command tipline-review "$@" --beside-network; }}
systemctl() {{ echo "$*" >>"$ASKED_OF_SYSTEMD"; }}
"""


@dataclass(frozen=True)
class Block:
    """The commands of one fenced block."""

    heading: str
    commands: str
    is_refused: bool


@dataclass
class Runbook:
    """A page; ``places`` gives values to the names of its first block."""

    page: str
    folder: Path
    places: dict[str, str]
    passphrase_file: Path
    ran: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        heading, self.blocks = "", list[Block]()
        (page,) = _DOCUMENTS.glob(f"*/{self.page}")
        for found in _BLOCK.finditer(page.read_text(encoding="utf-8")):
            if found["heading"]:
                heading = found["heading"]
            else:
                self.blocks.append(Block(heading, found["commands"], bool(found["label"])))
        first = self.blocks.pop(0)
        assert set(re.findall(r"^(\w+)=", first.commands, re.MULTILINE)) == set(self.places)
        self._stream = self._version = ""

    def headings(self) -> list[str]:
        return list(dict.fromkeys(block.heading for block in self.blocks))

    def do(self, heading: str) -> str:
        """Run all blocks under a heading; what they printed on standard output."""
        blocks = [block for block in self.blocks if block.heading == heading]
        assert blocks, f"{self.page} has no commands under {heading!r}"
        self.ran.append(heading)
        return "".join(self._run(block) for block in blocks)

    def _run(self, block: Block) -> str:
        done = subprocess.run(
            ["bash", "-c", _SHELL + block.commands],
            env={
                **os.environ,
                **self.places,
                "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
                "PASSPHRASE": str(self.passphrase_file),
                "ASKED_OF_SYSTEMD": str(self.folder / "asked-of-systemd"),
                "STREAM": self._stream,
                "VERSION": self._version,
            },
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert (done.returncode != 0) == block.is_refused, f"{block.commands}\n{done.stdout}\n{done.stderr}"
        if block.is_refused:
            hint = next(line for line in done.stderr.splitlines() if "hint: " in line)
            self._stream = hint.split()[-1]
        for version in re.findall(r"^manifest +version (\d+)", done.stdout, re.MULTILINE):
            self._version = version
        return done.stdout
