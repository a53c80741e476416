"""The wheel: the same bytes from two folders at two times, and in it what belongs there."""

import hashlib
import os
import shutil
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PARTS = (
    "crypto",
    "onion",
    "system",
    "tipline",
    "courier",
    "reviewer",
    "sealer",
    "outreach",
    "templates",
    "pyproject.toml",
    "README.md",
    "LICENSE",
    ".gitignore",
)
COMMIT_TIME = "1700000000"


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two, from copies that have nothing in common but their content: other places, times, rights, leftovers."""
    built = []
    for number, place in enumerate(("one", "another/and/longer")):
        checkout = tmp_path_factory.mktemp("build") / place
        checkout.mkdir(parents=True)
        for part in PARTS:
            source = ROOT / part
            if source.is_dir():
                shutil.copytree(source, checkout / part, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy2(source, checkout / part)
        if number:
            for path in checkout.rglob("*"):
                os.utime(path, (time.time() - 90_000_000, time.time() - 90_000_000))
                path.chmod(path.stat().st_mode & 0o711 if path.is_dir() else path.stat().st_mode & 0o700)
            (checkout / "tipline" / "__pycache__").mkdir()
            (checkout / "tipline" / "__pycache__" / "app.cpython-311.pyc").write_bytes(b"left over")
        command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", "dist"]
        environment = os.environ | {"SOURCE_DATE_EPOCH": COMMIT_TIME, "TZ": "UTC" if number else "Asia/Kolkata"}
        run = subprocess.run(command, cwd=checkout, env=environment, capture_output=True, check=False, timeout=120)
        assert run.returncode == 0, run.stderr.decode()
        built += (checkout / "dist").glob("*.whl")
    return built


def test_two_builds_in_other_folders_at_other_times_give_the_same_bytes(wheels: list[Path]) -> None:
    one, other = wheels
    assert one.name == other.name
    assert hashlib.sha256(one.read_bytes()).digest() == hashlib.sha256(other.read_bytes()).digest()


def test_the_wheel_holds_every_file_of_the_packages_and_no_other(wheels: list[Path]) -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", *PARTS[:9]],
        cwd=ROOT, capture_output=True, check=True,
    ).stdout.decode().split("\0")  # fmt: skip
    present = {name for name in listed if name and (ROOT / name).is_file()}
    with zipfile.ZipFile(wheels[0]) as wheel:
        held = {name for name in wheel.namelist() if ".dist-info/" not in name}
    assert held == present
