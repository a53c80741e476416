"""One run of pytest in a process of its own, and how each test of it ended."""

import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

QUIET = ("-q", "--no-header", "--tb=line", "-p", "no:cacheprovider")


class Ending(StrEnum):
    """How a test ended; ``BROKEN`` is one that never came to its claim (its set-up or its file failed)."""

    PASSED = "passed"
    FAILED = "failed"
    BROKEN = "broken"
    SKIPPED = "skipped"


@dataclass
class Ran:
    """How the tests ended, by ``file::name``; all cases of a parametrised test stand under its name."""

    endings: dict[str, list[Ending]] = field(default_factory=dict)

    def of(self, test: str) -> list[Ending]:
        """Of every case of a test, or of every test of a file."""
        whole_file = f"{test}::"
        return [
            ending
            for name, endings in self.endings.items()
            if name == test or name.startswith(whole_file)
            for ending in endings
        ]

    def passed(self, test: str) -> bool:
        endings = self.of(test)
        return bool(endings) and set(endings) == {Ending.PASSED}


def run_tests(tests: Sequence[str], *, tree: Path, python: str = sys.executable) -> Ran:
    """Runs the tests in ``tree``; what pytest says goes to standard error."""
    with tempfile.TemporaryDirectory(prefix="acceptance-") as folder:
        report = Path(folder) / "report.xml"
        command = [python, "-m", "pytest", *QUIET, f"--junitxml={report}", *tests]
        subprocess.run(command, cwd=tree, stdin=subprocess.DEVNULL, stdout=sys.stderr.fileno(), check=False)
        return _read(report) if report.exists() else Ran()


def _read(report: Path) -> Ran:
    ran = Ran()
    for case in ET.parse(report).iter("testcase"):  # noqa: S314 -- as above
        name = f"{case.get('classname', '').replace('.', '/')}.py::{case.get('name', '')}"
        ran.endings.setdefault(name.partition("[")[0], []).append(_ending(case))
    return ran


def _ending(case: ET.Element) -> Ending:
    for tag, ending in (("error", Ending.BROKEN), ("failure", Ending.FAILED), ("skipped", Ending.SKIPPED)):
        if case.find(tag) is not None:
            return ending
    return Ending.PASSED
