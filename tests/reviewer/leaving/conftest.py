"""Places for what leaves: a folder in memory, and the age key of a receiver."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def memory() -> Iterator[Path]:
    """A folder in memory, where readable packages may lie."""
    folder = Path(tempfile.mkdtemp(prefix="evidence-", dir="/dev/shm"))
    yield folder
    shutil.rmtree(folder)


class Receiver:
    """A stranger with the programs of Debian: ``age``, ``minisign``, ``sha256sum`` and ``tar``."""

    def __init__(self, folder: Path) -> None:
        made = subprocess.run(["age-keygen"], capture_output=True, text=True, check=True)
        self.identity = made.stdout
        self.key = next(line.split()[-1] for line in made.stdout.splitlines() if "public key" in line)
        self.folder = folder

    def follow(self, readme: Path) -> subprocess.CompletedProcess[str]:
        """Run the commands of a README as they stand, in its folder, up to the first that fails."""
        commands = [line.strip() for line in readme.read_text("ascii").splitlines() if line.startswith("    ")]
        assert commands
        script = "\n".join(["set -eu", *commands, "pwd"])
        return subprocess.run(["sh", "-c", script], cwd=readme.parent, capture_output=True, text=True, check=False)


@pytest.fixture
def receiver(tmp_path: Path) -> Receiver:
    folder = tmp_path / "receiver"
    folder.mkdir()
    return Receiver(folder)
