"""The figures of ``benchmarks/figures.toml``: measured by ``scripts/benchmark``, and quoted by pages."""

import argparse
import datetime as dt
import functools
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.documents.machine import commit, load, machine

TREE = Path(__file__).parents[2]
FIGURES = TREE / "benchmarks" / "figures.toml"
RESULTS = TREE / "docs" / "evidence" / "benchmarks.json"
FIGURES_TABLE = "benchmarks.figures"
GUESS_TABLE = "benchmarks.guess"
GUESS_FIGURES = ("guess-memory", "guess-processor", "guesses-a-second")
NEVER_MEASURED = "not measured yet"
_GOAL = re.compile(r"(at most|under|at least) ([\d.]+)")


class BenchmarkError(Exception):
    """A command failed, or printed no figure."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value. ``command`` prints it, ``finds`` is a pattern with one group, ``asked`` is its goal.

    ``securedrop`` is SecureDrop's figure, quoted from elsewhere; empty where none was taken.
    """

    name: str
    what: str
    asked: str
    unit: str
    command: str
    finds: str
    securedrop: str = ""


@dataclass(frozen=True, slots=True)
class Measured:
    """A value in the unit of its figure. ``load`` is the machine's load average before the command."""

    value: float
    day: str
    commit: str
    load: float
    machine: str


def read_figures(path: Path = FIGURES) -> list[Figure]:
    """In the order of the file."""
    return [Figure(**table) for table in tomllib.loads(path.read_text(encoding="utf-8"))["figure"]]


def read_measured(path: Path = RESULTS) -> dict[str, Measured]:
    """By the name of the figure; empty where there is no such file yet."""
    if not path.exists():
        return {}
    return {name: Measured(**one) for name, one in json.loads(path.read_text(encoding="utf-8")).items()}


def quotes_of_benchmarks() -> Mapping[str, Callable[[], str]]:
    """Figures that pages may quote of them, by name."""
    return {
        FIGURES_TABLE: lambda: table_of(read_figures(), read_measured()),
        GUESS_TABLE: lambda: _table_of_some(GUESS_FIGURES),
    }


def _table_of_some(names: Collection[str]) -> str:
    figures = [figure for figure in read_figures() if figure.name in names]
    return table_of(figures, {name: one for name, one in read_measured().items() if name in names})


def table_of(figures: list[Figure], measured: Mapping[str, Measured]) -> str:
    """A row for each figure, and below it the machines by number. SecureDrop has a column where it has a figure."""
    machines = sorted({one.machine for one in measured.values()})
    heads = ["what", "asked", "measured", "on", "load before", "commit", "machine"]
    peer = ["SecureDrop"] if any(figure.securedrop for figure in figures) else []
    lines = [_cells(*heads, *peer), "|" + "---|" * len([*heads, *peer])]
    for figure in figures:
        one = measured.get(figure.name)
        cells = (
            (NEVER_MEASURED, "", "", "", "")
            if one is None
            else (
                f"{one.value:g} {figure.unit}".strip() + (" (missed)" if misses_goal(figure, one.value) else ""),
                one.day,
                f"{one.load:g}",
                f"`{one.commit}`",
                f"{machines.index(one.machine) + 1}",
            )
        )
        lines.append(_cells(figure.what, _goal(figure), *cells, *([figure.securedrop] if peer else [])))
    notes = [f"Machine {number}: {one}." for number, one in enumerate(machines, 1)]
    return "\n".join([*lines, "", *notes] if notes else lines)


def _cells(*cells: str) -> str:
    return "| " + " | ".join(cell.strip() for cell in cells) + " |"


def misses_goal(figure: Figure, value: float) -> bool:
    """True if a value is beyond the goal; False also where the figure has none."""
    goal = _GOAL.match(figure.asked)
    if goal is None:
        return False
    bound = float(goal[2])
    return {"at most": value > bound, "under": value >= bound, "at least": value < bound}[goal[1]]


def _goal(figure: Figure) -> str:
    return f"{figure.asked} {figure.unit}".strip() if figure.asked else ""


def measure(figure: Figure) -> Measured:
    """Run its command, once for all figures of that command.

    Raises:
        BenchmarkError: the command failed, or printed no such figure.
    """
    printed, before = _printed_by(figure.command)
    found = [float(value.replace(",", "")) for value in re.findall(figure.finds, printed)]
    if not found:
        raise BenchmarkError(f"{figure.command} printed no {figure.name}")
    day = dt.datetime.now(dt.UTC).date()
    return Measured(max(found), f"{day:%Y-%m-%d}", commit(TREE), before, machine())


@functools.cache
def _printed_by(command: str) -> tuple[str, float]:
    before = load()
    print(f"measuring: {command}", file=sys.stderr, flush=True)
    ended = subprocess.run(
        [sys.executable, *command.split()], cwd=TREE, stdout=subprocess.PIPE, text=True, check=False
    )
    if ended.returncode:
        raise BenchmarkError(f"{command} ended with {ended.returncode}")
    return ended.stdout, before


def main(arguments: list[str] | None = None) -> int:
    """``scripts/benchmark``: measure figures, and write them down."""
    figures = read_figures()
    parser = argparse.ArgumentParser(
        prog="scripts/benchmark", description="Measures the figures that documents quote."
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these; all where none is named")
    parser.add_argument("--write", action="store_true", help="put them into docs/evidence/benchmarks.json")
    wanted = parser.parse_args(arguments)
    unknown = set(wanted.names) - {figure.name for figure in figures}
    if unknown:
        parser.error(f"there is no figure {min(unknown)}")
    measured = read_measured()
    for figure in figures:
        if not wanted.names or figure.name in wanted.names:
            measured[figure.name] = measure(figure)
            print(f"{figure.name:24} {measured[figure.name].value:g} {figure.unit}")
    if wanted.write:
        stored = {figure.name: asdict(measured[figure.name]) for figure in figures if figure.name in measured}
        RESULTS.write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
