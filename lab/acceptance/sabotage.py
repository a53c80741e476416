"""Spoils the program on purpose, one row at a time, in a copy of the tree, and looks whether the row then fails.

A test that passes whatever the program does looks the same as one that proves its row. Each entry of
``sabotage.toml`` puts one piece of text in the place of another; the tests of its row that are named there must
pass in the untouched copy and fail in the spoilt one. The copy has a Python environment of its own, so that every
process that a test starts runs the copy, and nothing of the tree itself is ever changed.
"""

import shutil
import site
import sys
import tempfile
import tomllib
import venv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from lab.acceptance.measuring import TREE
from lab.acceptance.pytest_run import Ending, Ran, run_tests

SABOTAGES = Path(__file__).with_name("sabotage.toml")
SHORT_FORM = (2, 14, 43, 49)
"""Rows whose tests take a second or two: for every run of ``scripts/prove --short``."""
_LEFT_OUT = shutil.ignore_patterns(".*", "node_modules", "fuzz-finds", "demo-*", "docs")


@dataclass(frozen=True)
class Sabotage:
    """``find`` stands once in ``file`` and is replaced by ``put``; one of the tests ``seen_by`` must then fail."""

    row: int
    does: str
    file: str
    find: str
    put: str
    seen_by: Sequence[str]

    def applied_to(self, source: str) -> str:
        """The spoilt source.

        Raises:
            ValueError: the piece is not there, or more than once: the program has moved on.
        """
        if source.count(self.find) != 1:
            raise ValueError(
                f"sabotage of row {self.row}: its piece stands {source.count(self.find)} times in {self.file}"
            )
        return source.replace(self.find, self.put)


@dataclass(frozen=True)
class Tried:
    """The outcome of a sabotage."""

    sabotage: Sabotage
    was_seen: bool
    outcome: str


def read_sabotages(source: Path = SABOTAGES) -> list[Sabotage]:
    """All of them, by row."""
    tables = tomllib.loads(source.read_text(encoding="utf-8"))["sabotage"]
    return sorted((Sabotage(**table) for table in tables), key=lambda one: one.row)


def try_all(sabotages: Sequence[Sabotage]) -> Iterator[Tried]:
    """Each in turn; first all their tests once in the untouched copy, where they must pass."""
    with _copy_of_tree() as (tree, python):
        tests = sorted({test for sabotage in sabotages for test in sabotage.seen_by})
        untouched = run_tests(tests, tree=tree, python=python)
        for sabotage in sabotages:
            if not all(untouched.passed(test) for test in sabotage.seen_by):
                yield Tried(sabotage, was_seen=False, outcome="DEFECT: its tests do not pass in an untouched copy")
                continue
            yield _try(sabotage, tree, python)


def _try(sabotage: Sabotage, tree: Path, python: str) -> Tried:
    spoilt = tree / sabotage.file
    source = spoilt.read_text(encoding="utf-8")
    spoilt.write_text(sabotage.applied_to(source), encoding="utf-8")
    try:
        ran = run_tests(sabotage.seen_by, tree=tree, python=python)
    finally:
        spoilt.write_text(source, encoding="utf-8")
    return judged(sabotage, ran)


def judged(sabotage: Sabotage, ran: Ran) -> Tried:
    """Only a claim that failed counts: a program that does not even start would make any test fail."""
    failed = [test for test in sabotage.seen_by if Ending.FAILED in ran.of(test)]
    if failed:
        return Tried(sabotage, was_seen=True, outcome=f"fails, as it should ({failed[0].rpartition('::')[2]})")
    if any(Ending.BROKEN in ran.of(test) for test in sabotage.seen_by) or not ran.endings:
        return Tried(
            sabotage, was_seen=False, outcome="DEFECT: the sabotage broke more than the row; mend the sabotage"
        )
    return Tried(sabotage, was_seen=False, outcome="DEFECT: the row still holds; its tests prove nothing")


@contextmanager
def _copy_of_tree() -> Iterator[tuple[Path, str]]:
    """A throw-away copy, and the Python that runs it: our packages, but the copy in place of the tree."""
    with tempfile.TemporaryDirectory(prefix="sabotage-") as folder:
        tree = Path(folder) / "tree"
        shutil.copytree(TREE, tree, ignore=_LEFT_OUT)
        venv.create(tree / ".venv", symlinks=True, with_pip=False)
        (own_packages,) = (tree / ".venv").glob("lib/python3*/site-packages")
        # Folders that a .pth file names are searched, but their own .pth files are not read: the tree stays out.
        lines = [str(tree), *site.getsitepackages()]
        (own_packages / "copy.pth").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        yield tree, str(tree / ".venv" / "bin" / Path(sys.executable).name)
