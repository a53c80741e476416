"""The second medium for the air-gapped machine brings what the runbook installs, and nothing changed."""

import hashlib
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
INSTALL = ROOT / "install" / "reviewer" / "install-viewers"
LIST = ROOT / "install" / "reviewer" / "viewers"


def _packages() -> set[str]:
    lines = (line.partition("#")[0] for line in LIST.read_text(encoding="utf-8").splitlines())
    return {name for line in lines for name in line.split()}


@pytest.fixture
def medium(tmp_path: Path) -> Path:
    """For the release of this machine, with a list that holds for all of it."""
    found = re.search(
        r"^VERSION_CODENAME=(\w+)$", Path("/etc/os-release").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert found is not None
    medium = tmp_path / "medium"
    medium.mkdir()
    for source in (INSTALL, LIST):
        (medium / source.name).write_bytes(source.read_bytes())
    (medium / INSTALL.name).chmod(0o755)
    (medium / "release").write_text(f"{found[1]}\n", encoding="ascii")
    _list(medium)
    return medium


def _list(medium: Path) -> None:
    digests = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n"
        for path in sorted(medium.iterdir())
        if path.name != "SHA256SUMS"
    ]
    (medium / "SHA256SUMS").write_text("".join(digests), encoding="ascii")


def _refused(medium: Path) -> str:
    ended = subprocess.run([medium / INSTALL.name], capture_output=True, text=True, check=False, timeout=60)
    assert ended.returncode == 1
    return ended.stderr


def test_the_runbook_installs_what_the_medium_brings() -> None:
    page = (ROOT / "docs" / "review" / "install-reviewer.md").read_text(encoding="utf-8")
    typed = re.findall(r"^apt install --no-install-recommends (.+)$", page, re.MULTILINE)
    assert {name for line in typed for name in line.split()} == _packages()
    assert "bubblewrap" in _packages()


def test_a_changed_medium_and_one_for_another_release_install_nothing(medium: Path) -> None:
    (medium / "viewers").write_text("another-package\n", encoding="ascii")
    assert "was changed" in _refused(medium)
    (medium / "release").write_text("another\n", encoding="ascii")
    _list(medium)
    assert "is for Debian another" in _refused(medium)
