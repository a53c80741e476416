"""The makers of the vectors, run from nothing and over what is there: ``tests/vectors/README.md``."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.vectors.book import HERE, VectorBook
from tests.vectors.make import DRAWN, NO_MAKER
from tests.vectors.release import present

ROOT = HERE.parents[1]
MADE = ("*.json", "*.bin", "*.age", "recipient_file.txt")
PROGRAM = """
import json
from lab.second import vectors
from lab.second.refused import Refused
from tests.lab.second import test_vectors
from tests.vectors import make, release
from tests.vectors.book import HERE, VectorBook
make.main()
vectors.FOLDER = HERE  # the second reader reads what was made just now
ends = []
for book in make.DRAWN:
    for vector in VectorBook(book):
        try:
            test_vectors.BOOKS[book](vector)
            ends.append([book, vector["name"], "opens"])
        except Refused as refused:
            ends.append([book, vector["name"], refused.outcome])
print(json.dumps({"digests": [[*place, digest] for place, digest in release.present().items()], "ends": ends}))
"""


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


@pytest.fixture(scope="module")
def from_nothing(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[list[str]]]:
    folder = tmp_path_factory.mktemp("makers")
    copied_to(folder, *MADE)
    found: dict[str, list[list[str]]] = json.loads(run_in(folder, "-c", PROGRAM))
    return found


def test_from_nothing_the_makers_make_every_vector_again(from_nothing: dict[str, list[list[str]]]) -> None:
    made = {(book, name) for book, name, _ in from_nothing["digests"]}
    assert made == {place for place in present() if place[0] != NO_MAKER}


def test_where_nothing_is_drawn_every_vector_is_the_same_again(from_nothing: dict[str, list[list[str]]]) -> None:
    stored = present()
    others = {(book, name) for book, name, digest in from_nothing["digests"] if stored[book, name] != digest}
    assert {book for book, _ in others} == set(DRAWN)


def test_where_something_is_drawn_every_new_vector_ends_as_the_stored_one(
    from_nothing: dict[str, list[list[str]]],
) -> None:
    stored = {(book, vector["name"]): vector["outcome"] for book in DRAWN for vector in VectorBook(book)}
    assert {(book, name): outcome for book, name, outcome in from_nothing["ends"]} == stored


def test_over_what_is_there_the_makers_change_no_byte(tmp_path: Path) -> None:
    folder = copied_to(tmp_path)
    run_in(tmp_path, "-m", "tests.vectors.make")
    assert made_in(folder) == made_in(HERE)
