"""Figures in documents are quoted from the files of results, by generation."""

import re
import tomllib
from pathlib import Path

import pytest

from lab.acceptance.rows import read_rows
from tests.documents import benchmarks, runs
from tests.documents.benchmarks import Figure, Measured, misses_goal, read_figures, read_measured, table_of
from tests.documents.machine import commit
from tests.documents.measured_rows import ROWS as MEASURED_ROWS
from tests.documents.quotes import NEEDED, QUOTES, filled, pages, quoted_in
from tests.documents.typed_figures import typed_figures

ROOT = Path(__file__).parent.parent
DECISIONS = {"adr", "weight.md"}
"""Decisions keep the figures that decided them, with their day."""
QUOTING = [page for page in pages() if quoted_in(page.read_text(encoding="utf-8"))]


@pytest.mark.parametrize("page", QUOTING, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_a_page_quotes_what_the_results_give(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert filled(text) == text, "run scripts/documents"


def test_every_quote_that_is_needed_stands_on_some_page() -> None:
    assert {name for page in QUOTING for name in quoted_in(page.read_text(encoding="utf-8"))} >= NEEDED
    assert set(QUOTES) >= NEEDED


def test_sentences_on_rows_take_the_figures_that_these_rows_measure() -> None:
    measures = {row.number: row.measures for row in read_rows()}
    for row in MEASURED_ROWS.values():
        figure = ", ".join(f"1 {measure.unit}" for measure in measures[row.number])
        assert re.fullmatch(row.figures, figure), figure


def test_a_figure_that_was_typed_by_hand_would_be_found() -> None:
    page = ROOT / "docs" / "evidence" / "acceptance.md"
    text = page.read_text(encoding="utf-8")
    typed = text.replace("holds, ", "holds,  ", 1)
    assert typed != text
    assert filled(typed) == text


def test_no_page_but_a_decision_has_a_figure_of_a_run_that_was_typed() -> None:
    typed = {
        page.relative_to(ROOT).as_posix(): found
        for page in pages()
        if not DECISIONS & set(page.relative_to(ROOT).parts)
        if (found := list(typed_figures(page.read_text(encoding="utf-8"))))
    }
    assert typed == {}


@pytest.mark.parametrize(
    ("sentence", "is_typed"),
    [
        ("A guess took 0.11 s beside other work.", True),
        ("By time 64 of 100 presses were told apart.", True),
        ("| 16 sources | it was 10 ms, at `8bff686` |", True),
        ("All arrivals came out of the journal within 14 milliseconds.", True),
        ("1 GiB took 3.8 s and 41 MiB here.", True),
        ("Nothing was lost.\n\nOn 2026-11-29 <!-- quote x.y -->it took 3 ms<!-- end of quote -->.", False),
        ("A mailbox opens after a rest of 40 ms.", False),
        ("A button sends for 3 minutes at 100 ms.", False),
        ("At least 95 of 100 texts get their language.", False),
    ],
)
def test_a_figure_of_a_run_is_told_from_one_of_the_design(sentence: str, is_typed: bool) -> None:
    assert bool(list(typed_figures(sentence))) == is_typed


def test_a_quote_without_results_is_an_error() -> None:
    with pytest.raises(KeyError):
        filled("<!-- quote no.such -->3 ms<!-- end of quote -->")


def test_every_figure_names_a_program_that_exists_and_a_pattern_with_one_group() -> None:
    figures = read_figures()
    assert len({figure.name for figure in figures}) == len(figures)
    for figure in figures:
        assert (ROOT / figure.command.split()[0]).is_file()
        assert re.compile(figure.finds).groups == 1
    assert set(read_measured()) <= {figure.name for figure in figures}


def test_a_table_tells_machine_load_and_commit_of_each_figure() -> None:
    figures = [Figure("a", "an upload", "2", "MiB/s", "", ""), Figure("b", "a page", "", "ms", "", "")]
    table = table_of(figures, {"a": Measured(3.5, "2026-11-29", "abc1234", 7.5, "two cores")})
    assert "| an upload | 2 MiB/s | 3.5 MiB/s | 2026-11-29 | 7.5 | `abc1234` | 1 |" in table
    assert "| a page |  | not measured yet |" in table
    assert "SecureDrop" not in table
    slow = table_of([Figure("d", "a list", "under 3", "s", "", "")], {"d": Measured(3, "2026-11-29", "", 0, "one")})
    assert "| a list | under 3 s | 3 s (missed) |" in slow
    peer = table_of([Figure("c", "a log-in", "", "s", "", "", "0.13 s")], {})
    assert peer.endswith("| a log-in |  | not measured yet |  |  |  |  | 0.13 s |")
    assert "Machine 1: two cores." in table


def test_a_command_that_prints_no_figure_is_named(tmp_path: Path) -> None:
    silent = tmp_path / "silent.py"
    silent.write_text("print('nothing')", encoding="utf-8")
    with pytest.raises(benchmarks.BenchmarkError, match="printed no a"):
        benchmarks.measure(Figure("a", "", "", "", str(silent), r"(\d+) ms"))


def test_a_part_that_ran_again_replaces_its_run_before_and_keeps_what_it_did_not_measure(tmp_path: Path) -> None:
    runs.record("soak", "kills", {"points": 8, "result": "none lost", "note": "kept"}, folder=tmp_path)
    runs.record("soak", "kills", {"points": 200, "result": "none lost"}, folder=tmp_path)
    runs.record("soak", "walks", {"points": 60}, folder=tmp_path)
    results = runs.read("soak", folder=tmp_path)
    assert set(results) == {"kills", "walks"}
    assert (results["kills"]["points"], results["kills"]["note"]) == (200, "kept")
    assert {"day", "commit", "machine", "load"} <= set(results["walks"])


@pytest.mark.parametrize(
    ("asked", "missed"),
    [("at most 0", [0.4, 1, 3, 4]), ("under 3", [3, 4]), ("at least 0.5, better 0.8", [0, 0.4]), ("10", [])],
)
def test_a_value_beyond_its_goal_is_found(asked: str, missed: list[float]) -> None:
    figure = Figure("a", "", asked, "", "", "")
    assert [value for value in (0, 0.4, 1, 3, 4) if misses_goal(figure, value)] == missed


@pytest.mark.parametrize("file", ["refs/heads/main", "packed-refs"])
def test_the_commit_of_a_figure_is_found_also_where_git_has_packed_its_references(
    tmp_path: Path, file: str
) -> None:
    reference = tmp_path / ".git" / file
    reference.parent.mkdir(parents=True)
    (tmp_path / ".git" / "HEAD").write_text("ref: refs/heads/main\n", encoding="utf-8")
    reference.write_text(f"{'12345678' * 5} refs/heads/main\n", encoding="utf-8")
    assert commit(tmp_path) == "1234567"


def test_the_results_are_data_and_figures_are_read_from_toml() -> None:
    assert tomllib.loads(benchmarks.FIGURES.read_text(encoding="utf-8"))["figure"]
