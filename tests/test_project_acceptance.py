"""The ground of `scripts/acceptance`: every row names tests that exist, and every sabotage fits the program."""

import ast
import datetime as dt
import functools
import re
import shlex
from pathlib import Path

import pytest

from lab.acceptance import run
from lab.acceptance.proof import Proved, Verdict, prove
from lab.acceptance.pytest_run import Ending, Ran
from lab.acceptance.results import NEVER_RUN, RESULTS, read_results, sabotage_line, table_of, write_results
from lab.acceptance.rows import COUNT, Measure, Row, read_rows
from lab.acceptance.sabotage import SHORT_FORM, Sabotage, judged, read_sabotages
from tests.documents.machine import machine

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "evidence" / "acceptance.md"
ROWS = read_rows()
RESULTS_OF_ALL = read_results()
RUN_ROWS = [row for row in ROWS if row.number in RESULTS_OF_ALL.rows]
"""Rows from 81 on are added as they are built, and have no outcome before their first run."""
SABOTAGES = read_sabotages()
ENOUGH_SABOTAGES = 20
LOOPBACK = "tests/test_project_network_ban.py::test_loopback_works"


@functools.cache
def functions_of(file: str) -> set[str]:
    return {
        node.name for node in ast.walk(ast.parse((ROOT / file).read_text())) if isinstance(node, ast.FunctionDef)
    }


def test_there_is_one_row_for_each_number() -> None:
    numbers = [row.number for row in ROWS]
    assert numbers[:COUNT] == list(range(1, COUNT + 1))
    assert numbers == sorted(set(numbers))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row.number))
def test_a_row_names_tests_that_exist_or_says_what_is_not_built(row: Row) -> None:
    assert row.is_built or row.lacks
    assert len(set(row.tests)) == len(row.tests)
    for test in row.tests:
        file, _, name = test.partition("::")
        assert (ROOT / file).is_file(), file
        assert name in functions_of(file) if name else file.startswith(("tests/", "lab/")), test
    for measure in row.measures:
        assert (ROOT / measure.command.split()[0]).is_file(), measure.command


@pytest.mark.parametrize("row", RUN_ROWS, ids=lambda row: str(row.number))
def test_the_results_hold_the_last_outcome_of_each_row(row: Row) -> None:
    outcome = RESULTS_OF_ALL.rows[row.number]
    assert outcome.came_out in set(Verdict)
    assert dt.date.fromisoformat(outcome.day)
    if outcome.came_out == Verdict.PARTLY and row.lacks:
        assert row.lacks in outcome.reason
    elif outcome.came_out == Verdict.PARTLY:
        # It has no gap any more, and the page says so below the table until the row has run again.
        _, heading, below = PAGE.read_text().partition("## That run, and what it stands on")
        assert heading
        marked = re.findall(r"^- \*\*([\d, ]+)\*\*", below, re.MULTILINE)
        assert str(row.number) in ", ".join(marked).split(", ")


def test_the_results_know_no_other_row() -> None:
    assert set(range(1, COUNT + 1)) <= set(RESULTS_OF_ALL.rows) <= {row.number for row in ROWS}


@pytest.mark.parametrize("sabotage", SABOTAGES, ids=lambda one: str(one.row))
def test_a_sabotage_fits_the_program_and_is_seen_by_tests_of_its_row(sabotage: Sabotage) -> None:
    source = (ROOT / sabotage.file).read_text()
    assert sabotage.applied_to(source) != source
    proofs = next(row.tests for row in ROWS if row.number == sabotage.row)
    for test in sabotage.seen_by:
        assert test in proofs or test.partition("::")[0] in proofs, test


def test_there_are_sabotages_for_twenty_rows() -> None:
    assert len({sabotage.row for sabotage in SABOTAGES}) >= ENOUGH_SABOTAGES


def test_the_page_counts_the_sabotages_and_those_of_every_run_as_they_are() -> None:
    counts = {3: "Three", 4: "Four", 5: "Five", 6: "Six"}
    short = counts[sum(sabotage.row in SHORT_FORM for sabotage in SABOTAGES)]
    rows = counts[len(SHORT_FORM)].lower()
    assert RESULTS_OF_ALL.sabotage is not None
    assert RESULTS_OF_ALL.sabotage.of == len(SABOTAGES)
    page = PAGE.read_text()
    assert sabotage_line(RESULTS_OF_ALL.sabotage) in page
    assert f"{short} of them, of {rows} rows, are tried by every run of `scripts/prove --short`" in page


def test_a_sabotage_that_nobody_sees_or_that_breaks_more_than_its_row_is_a_defect() -> None:
    sabotage = Sabotage(1, "nothing", "README.md", "a", "b", seen_by=["tests/x.py::test_x"])
    seen = {
        ending: judged(sabotage, Ran({"tests/x.py::test_x": [Ending.PASSED, ending]})).was_seen for ending in Ending
    }
    assert seen == {Ending.FAILED: True, Ending.PASSED: False, Ending.BROKEN: False, Ending.SKIPPED: False}
    assert not judged(sabotage, Ran()).was_seen


def test_a_row_holds_only_when_every_test_of_it_passes_and_nothing_is_lacking() -> None:
    def row(number: int, *tests: str, lacks: str = "", below: float = 0) -> Row:
        measures = [Measure("lab/acceptance/rows.py", "(x)", below, "")] if below else []
        return Row(number, "a claim", tests, measures, lacks, "")

    rows = [
        row(1, LOOPBACK),
        row(2, LOOPBACK, lacks="the rest"),
        row(3, LOOPBACK, "tests/test_project_network_ban.py::test_that_nobody_wrote"),
        row(4, lacks="all of it"),
        row(5, LOOPBACK, below=1),
    ]
    came_out = [one.verdict for one in prove(rows[:2] + rows[3:], today=dt.date(2026, 11, 25))]
    assert came_out == [Verdict.HOLDS, Verdict.PARTLY, Verdict.NOT_BUILT, Verdict.FAILS]
    assert [one.verdict for one in prove([rows[2]], today=dt.date(2026, 11, 25))] == [Verdict.FAILS]


@pytest.mark.parametrize(
    ("verdicts", "code"),
    [
        ([Verdict.HOLDS, Verdict.HOLDS], 0),
        ([Verdict.HOLDS, Verdict.FAILS], 1),
        ([Verdict.PARTLY, Verdict.HOLDS], 1),
        ([Verdict.HOLDS, Verdict.NOT_BUILT], 1),
    ],
)
def test_it_ends_well_only_where_every_row_holds(verdicts: list[Verdict], code: int) -> None:
    row = Row(1, "a claim", [], [], "", "")
    assert run.exit_code([Proved(row, one, "", "", dt.date(2026, 11, 25)) for one in verdicts]) == code


@pytest.mark.parametrize(
    ("code", "figure", "reason"),
    [
        ("print('3 ms')", "3 ms", ""),
        ("print('9 ms')", "9 ms", "9 ms is not below 5"),
        ("print('3 ms'); raise SystemExit(1)", "3 ms", "ended with 1"),
        ("raise SystemExit(1)", "", "ended with 1 and no figure"),
        ("print('late')", "", "ended with 0 and no figure"),
    ],
)
def test_a_command_that_fails_is_told_with_the_figure_that_it_printed(code: str, figure: str, reason: str) -> None:
    measure = Measure(shlex.join(["-c", code]), r"(\d+) ms", 5, "ms")
    (proved,) = prove([Row(1, "a claim", [], [measure], "", "")], today=dt.date(2026, 11, 25))
    assert (proved.figure, proved.verdict) == (figure, Verdict.FAILS if reason else Verdict.HOLDS)
    assert reason in proved.reason
    assert ("no figure" in proved.reason) is ("no figure" in reason)


@pytest.mark.parametrize(("printed", "worst"), [("a 3 % b 12 %", 12), ("1,402 %", 1402), ("nothing", None)])
def test_of_several_figures_the_worst_counts(printed: str, worst: float | None) -> None:
    assert Measure("", r"([\d,]+) %", 50, "%").worst(printed) == worst


def test_a_row_that_did_not_run_keeps_its_outcome(tmp_path: Path) -> None:
    path = tmp_path / "acceptance.json"
    rows = [Row(number, f"claim {number}", [], [], "all of it", "4 of 16") for number in (1, 2)]
    first, second = (
        Proved(row, Verdict.HOLDS, "3 MiB", "", dt.date(2026, 11, day)) for day, row in enumerate(rows, 1)
    )
    write_results([first], today=first.day, path=path)
    assert f"| 2 | claim 2 | {NEVER_RUN} |  | 4 of 16 |  |" in table_of(rows, read_results(path))
    write_results([second], today=second.day, path=path)
    table = table_of(rows, read_results(path))
    for number in (1, 2):
        assert f"| {number} | claim {number} | holds | 3 MiB | 4 of 16 | 2026-11-0{number} |" in table
    assert "2 holds." in table
    assert f"Figures of 1, 2: {machine()}." in table
    assert "not noted" not in table


def test_the_results_are_where_the_documents_look_for_them() -> None:
    assert RESULTS.relative_to(ROOT).as_posix() == "docs/evidence/acceptance.json"
