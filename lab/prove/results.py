"""The state of a run: one line a part, in a file that a later run reads."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lab.prove.commit import CHANGED

HOLDS: Final = "holds"
FAILS: Final = "fails"
_FILE: Final = "state.tsv"


@dataclass(frozen=True)
class Result:
    """How one part ended, at which commit, and in how many minutes."""

    part: str
    commit: str
    outcome: str
    minutes: float

    def line(self) -> str:
        return f"{self.part}\t{self.commit}\t{self.outcome}\t{self.minutes:.1f}\n"


class Results:
    """The lines of ``state.tsv`` in a folder."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / _FILE
        folder.mkdir(parents=True, exist_ok=True)

    def add(self, result: Result) -> None:
        with self._file.open("a", encoding="utf-8") as file:
            file.write(result.line())

    def last_of(self, part: str) -> Result | None:
        """The newest line of a part; a line that a run did not finish is none."""
        if not self._file.exists():
            return None
        lines = [line.split("\t") for line in self._file.read_text(encoding="utf-8").splitlines()]
        found = [fields for fields in lines if len(fields) == 4 and fields[0] == part]
        return Result(*found[-1][:3], minutes=float(found[-1][3])) if found else None

    def is_done(self, part: str, commit: str) -> bool:
        """The part holds at this commit. With changes that are not committed nothing is done."""
        last = self.last_of(part)
        return last is not None and (last.commit, last.outcome) == (commit, HOLDS) and not commit.endswith(CHANGED)


def table(results: Sequence[tuple[str, str, Result | None]]) -> list[str]:
    """The lines of the table of parts, each with what it shows and its newest result."""
    rows = [("part", "commit", "outcome", "minutes", "shows")]
    for name, shows, result in results:
        if result is None:
            rows.append((name, "", "not run", "", shows))
        else:
            rows.append((name, result.commit, result.outcome, f"{result.minutes:.1f}", shows))
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, [*widths, 0], strict=True)) for row in rows]
