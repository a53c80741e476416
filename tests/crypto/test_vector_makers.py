"""The makers of the vectors, run from nothing and over what is there: ``tests/vectors/README.md``."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from tests.vectors.book import HERE
from tests.vectors.make import DRAWN, NO_MAKER
from tests.vectors.release import books

ROOT = HERE.parents[1]
MADE = ("*.json", "*.bin", "*.age", "recipient_file.txt")


def run_in(folder: Path, *arguments: str) -> str:
    """With the makers of ``folder``, and all else of the project as it is."""
    environment = os.environ | {"PYTHONPATH": f"{folder}:{ROOT}", "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def made_in(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for pattern in MADE for path in folder.glob(pattern)}


def copied_to(folder: Path, *but: str) -> Path:
    """The makers and what is beside them, in a folder that else has what they read of the project."""
    vectors = folder / "tests" / "vectors"
    shutil.copytree(HERE, vectors, ignore=shutil.ignore_patterns("__pycache__", *but))
    (folder / "crypto").symlink_to(ROOT / "crypto")
    return vectors


def test_over_what_is_there_the_makers_change_no_byte(tmp_path: Path) -> None:
    folder = copied_to(tmp_path)
    run_in(tmp_path, "-m", "tests.vectors.make")
    assert made_in(folder) == made_in(HERE)


def test_the_page_names_the_books_that_cannot_be_made_again() -> None:
    page = (HERE / "README.md").read_text(encoding="utf-8")
    said = page.partition("**these books cannot be made again byte for byte**: ")[2].partition(", and the files")[0]
    assert re.findall(r"`(\w+)`", said) == list(DRAWN)
    assert f"`{NO_MAKER}` has no maker" in page
    assert {*DRAWN, NO_MAKER} < set(books())
