"""The results of ``scripts/acceptance``: the file that it writes, and the parts of pages that are made from it."""

import datetime as dt
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from lab.acceptance.measuring import TREE
from lab.acceptance.proof import Proved, Verdict
from lab.acceptance.rows import Row, read_rows
from tests.documents.machine import machine

RESULTS = TREE / "docs" / "evidence" / "acceptance.json"
ROWS_TABLE, SABOTAGE_LINE, LOAD_TABLE = "acceptance.rows", "acceptance.sabotage", "acceptance.load"
_LOAD = ("benchmarks/load.py", "benchmarks/request_cost.py")
NEVER_RUN = "not run yet"
_HEAD = "| | claim | came out | figure | SecureDrop | on |\n|---|---|---|---|---|---|\n"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The last outcome of one row. ``day`` is a date in ISO form, ``machine`` the one that gave the figure.

    Early figures have no machine.
    """

    came_out: str
    figure: str
    reason: str
    day: str
    machine: str = ""


@dataclass(frozen=True, slots=True)
class Tried:
    """The last run of all sabotages: on which day, and how many of them were noticed."""

    day: str
    seen: int
    of: int


@dataclass(slots=True)
class Results:
    """Outcomes by the number of their row, and the last run of all sabotages."""

    machine: str = ""
    written: str = ""
    rows: dict[int, Outcome] = field(default_factory=dict)
    sabotage: Tried | None = None


def read_results(path: Path = RESULTS) -> Results:
    """Empty where there is no such file yet."""
    if not path.exists():
        return Results()
    stored = json.loads(path.read_text(encoding="utf-8"))
    rows = {int(number): Outcome(**outcome) for number, outcome in stored["rows"].items()}
    return Results(
        stored["machine"], stored["written"], rows, Tried(**stored["sabotage"]) if stored["sabotage"] else None
    )


def write_results(
    proved: Sequence[Proved], *, today: dt.date, sabotage: Tried | None = None, path: Path = RESULTS
) -> None:
    """Put new outcomes into the file; rows that did not run keep theirs, with their day."""
    results = read_results(path)
    if proved:
        results.machine, results.written = machine(), f"{today:%Y-%m-%d}"
    for one in proved:
        results.rows[one.row.number] = Outcome(
            one.verdict.value,
            one.figure,
            one.reason,
            f"{one.day:%Y-%m-%d}",
            results.machine if one.figure else "",
        )
    results.sabotage = sabotage or results.sabotage
    stored = asdict(results)
    stored["rows"] = {str(number): outcome for number, outcome in sorted(stored["rows"].items())}
    path.write_text(json.dumps(stored, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def quotes_of_acceptance() -> Mapping[str, Callable[[], str]]:
    """Figures that pages may quote of it, by name."""
    return {
        ROWS_TABLE: lambda: table_of(read_rows(), read_results()),
        SABOTAGE_LINE: lambda: sabotage_line(read_results().sabotage),
        LOAD_TABLE: lambda: load_table(read_rows(), read_results()),
    }


def table_of(rows: Sequence[Row], results: Results) -> str:
    """The machine, how many rows came out how, and the table of all rows."""
    outcomes = [results.rows.get(row.number, Outcome(NEVER_RUN, "", "", "")) for row in rows]
    lines = [_line(row, outcome) for row, outcome in zip(rows, outcomes, strict=True)]
    head = f"Last written on {results.written}. A row keeps its line until it runs again."
    counted = f"{head}\n\n{summary([one.came_out for one in outcomes])}."
    return f"{counted}\n\n{_HEAD}" + "\n".join(lines) + _machines(rows, results)


def load_table(rows: Sequence[Row], results: Results) -> str:
    """The table of the rows that a crowd of clients is measured for."""
    found = [row for row in rows if any(one.command.startswith(_LOAD) for one in row.measures)]
    never = Outcome(NEVER_RUN, "", "", "")
    lines = [_line(row, results.rows.get(row.number, never)) for row in found]
    return _HEAD + "\n".join(lines) + _machines(found, results)


def _machines(rows: Sequence[Row], results: Results) -> str:
    """Paragraphs below a table: the rows with a figure, by the machine that gave it."""
    by_machine: dict[str, list[str]] = {}
    for row in rows:
        outcome = results.rows.get(row.number)
        if outcome is not None and outcome.figure:
            by_machine.setdefault(outcome.machine or "a machine that was not noted", []).append(str(row.number))
    return "".join(f"\n\nFigures of {', '.join(numbers)}: {name}." for name, numbers in sorted(by_machine.items()))


def summary(verdicts: Sequence[str]) -> str:
    """How many came out how, in words."""
    counted = Counter(verdicts)
    return ", ".join(f"{counted[verdict]} {verdict}" for verdict in Verdict if counted[verdict])


def sabotage_line(tried: Tried | None) -> str:
    """One sentence on the last run of all sabotages."""
    if tried is None:
        return "None was tried yet."
    count = f"all {tried.of}" if tried.seen == tried.of else f"{tried.seen} of {tried.of}"
    return f"On {tried.day} {count} did."


def _line(row: Row, outcome: Outcome) -> str:
    came_out = f"{outcome.came_out}: {outcome.reason}" if outcome.reason else outcome.came_out
    cells = (str(row.number), row.claim, came_out, outcome.figure, row.securedrop, outcome.day)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
