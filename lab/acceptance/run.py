"""``scripts/acceptance``: runs what proves the rows, and prints the table.

Exit code 1 where a row does not hold, or only partly; or, with ``--sabotage``, where a row still holds although the
program was spoilt on purpose.
"""

import argparse
import datetime as dt
import sys
from collections.abc import Sequence
from pathlib import Path

from lab.acceptance.measuring import Measurements
from lab.acceptance.proof import Proved, Verdict, prove
from lab.acceptance.results import Tried, write_results
from lab.acceptance.rows import Row, read_rows
from lab.acceptance.sabotage import SHORT_FORM, read_sabotages, try_all
from lab.acceptance.table import show
from lab.prove.commit import commit
from tests.documents.machine import machine
from tests.documents.quotes import fill_all


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="scripts/acceptance", description=__doc__.splitlines()[0])
    parser.add_argument(
        "numbers", nargs="*", type=int, metavar="ROW", help="only these rows; all where none is named"
    )
    parser.add_argument(
        "--sabotage", action="store_true", help="show that the rows fail when the program is spoilt"
    )
    parser.add_argument("--short", action="store_true", help="with --sabotage: only a few quick rows")
    parser.add_argument("--list", action="store_true", help="name the tests of each row, and run nothing")
    parser.add_argument(
        "--kept",
        type=Path,
        metavar="FOLDER",
        help="keep the output of measuring commands here, and use what lies here of this commit",
    )
    parser.add_argument(
        "--measure",
        metavar="TEXT",
        action="append",
        help="only run the measuring commands that contain TEXT",
    )
    parser.add_argument(
        "--write",
        action="store_true",
        help="put the outcome into docs/evidence/acceptance.json, and into the pages that quote it",
    )
    wanted = parser.parse_args(arguments)
    rows = read_rows()
    unknown = set(wanted.numbers) - {row.number for row in rows}
    if unknown:
        parser.error(f"there is no row {min(unknown)}")
    chosen = [row for row in rows if not wanted.numbers or row.number in wanted.numbers]
    if wanted.list:
        return _list(chosen)
    if wanted.sabotage:
        numbers = set(SHORT_FORM) if wanted.short else {row.number for row in chosen}
        return _sabotage(numbers, write=wanted.write)
    today = dt.datetime.now(dt.UTC).date()
    measurements = Measurements(wanted.kept, commit() if wanted.kept else "", wanted.write)
    if wanted.measure:
        return _measure(chosen, wanted.measure, measurements)
    proved = list(prove(chosen, today=today, measurements=measurements))
    print(f"On {machine()}.")
    show(proved)
    if wanted.write:
        write_results(proved, today=today)
        fill_all()
    return exit_code(proved)


def exit_code(proved: Sequence[Proved]) -> int:
    """0 only where every row that was asked for holds: one that holds partly leaves something unproved."""
    return int(any(one.verdict is not Verdict.HOLDS for one in proved))


def _measure(rows: list[Row], texts: list[str], measurements: Measurements) -> int:
    commands = dict.fromkeys(measure.command for row in rows for measure in row.measures)
    chosen = [command for command in commands if any(text in command for text in texts)]
    failed = 0
    for command in chosen:
        ended_with, _printed = measurements.printed_by(command)
        print(f"{command}: ended with {ended_with}", flush=True)
        failed += ended_with != 0
    return int(failed > 0 or not chosen)


def _list(rows: list[Row]) -> int:
    for row in rows:
        print(f"{row.number:2}  {row.claim}")
        for proof in (*row.tests, *(measure.command for measure in row.measures)):
            print(f"      {proof}")
        if row.lacks:
            print(f"      lacks: {row.lacks}")
    return 0


def _sabotage(numbers: set[int], *, write: bool) -> int:
    every = read_sabotages()
    sabotages = [one for one in every if one.row in numbers]
    defects = 0
    for tried in try_all(sabotages):
        print(f"{tried.sabotage.row:2}  {tried.sabotage.does}: {tried.outcome}", flush=True)
        defects += not tried.was_seen
    print(f"{len(sabotages) - defects} of {len(sabotages)} sabotages are seen")
    if write and len(sabotages) == len(every):
        today = dt.datetime.now(dt.UTC).date()
        tried = Tried(f"{today:%Y-%m-%d}", len(sabotages) - defects, len(sabotages))
        write_results([], today=today, sabotage=tried)
        fill_all()
    return int(defects > 0 or not sabotages)


if __name__ == "__main__":
    sys.exit(main())
