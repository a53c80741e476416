"""Programs of others, and ours, each run as a user would run it. ``scripts/prepare test`` installs them."""

import io
import subprocess
import sys
from contextlib import redirect_stdout
from pathlib import Path

from reviewer.cli import run

HERE = Path(__file__).parent


class Ended:
    """How a program ended; what it printed in ``out`` (bytes) and ``err`` (text)."""

    def __init__(self, command: list[str | Path], *, given: bytes, folder: Path | None = None) -> None:
        ended = subprocess.run(command, input=given, capture_output=True, cwd=folder, check=False)
        self.code, self.out, self.err = ended.returncode, ended.stdout, ended.stderr.decode()

    def whole(self) -> bytes:
        """Its output, if it succeeded."""
        assert self.code == 0, self.err
        return self.out


def npm_age(*words: str | Path, given: bytes = b"") -> Ended:
    """``age-encryption`` from npm, through ``age.mjs``."""
    return Ended(["node", HERE / "age.mjs", *words], given=given)


def debian_age(*words: str | Path, given: bytes = b"") -> Ended:
    """``age`` of Debian, which knows classical keys only."""
    return Ended(["age", *words], given=given)


def minisign(*words: str | Path, folder: Path) -> Ended:
    return Ended(["minisign", *words], given=b"", folder=folder)


def tipline(*words: str | Path) -> Ended:
    return Ended([Path(sys.executable).with_name("tipline"), *words], given=b"")


def review(*words: str | Path, given: bytes = b"") -> Ended:
    return Ended([Path(sys.executable).with_name("tipline-review"), "--beside-network", *words], given=given)


def review_here(*words: str | Path) -> str:
    """One command of the reviewer's program in this process, which saves the start of one; what it printed."""
    with redirect_stdout(io.StringIO()) as out:
        assert run(["--beside-network", *map(str, words)]) == 0
    return out.getvalue()


def open_age(identity: Path, given: bytes) -> Ended:
    return review("open-age", "--identity", identity, given=given)
