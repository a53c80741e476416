"""Figures in documents are quoted from the files of results, by generation."""

import re
import tomllib
from pathlib import Path

import pytest

from lab.acceptance.rows import read_rows
from tests.documents import benchmarks, runs
from tests.documents.beacon_rows import ROWS as BEACON_ROWS
from tests.documents.benchmarks import Figure, Measured, read_figures, read_measured, table_of
from tests.documents.quotes import NEEDED, QUOTES, filled, pages, quoted_in

ROOT = Path(__file__).parent.parent
QUOTING = [page for page in pages() if quoted_in(page.read_text(encoding="utf-8"))]


@pytest.mark.parametrize("page", QUOTING, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_a_page_quotes_what_the_results_give(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert filled(text) == text, "run scripts/documents"


def test_every_quote_that_is_needed_stands_on_some_page() -> None:
    assert {name for page in QUOTING for name in quoted_in(page.read_text(encoding="utf-8"))} >= NEEDED
    assert set(QUOTES) >= NEEDED


def test_the_sentences_on_buttons_take_the_figures_that_their_rows_measure() -> None:
    measures = {row.number: row.measures for row in read_rows()}
    for row in BEACON_ROWS.values():
        figure = ", ".join(f"1 {measure.unit}" for measure in measures[row.number])
        assert re.fullmatch(row.figures, figure), figure


def test_a_figure_that_was_typed_by_hand_would_be_found() -> None:
    page = ROOT / "docs" / "evidence" / "acceptance.md"
    text = page.read_text(encoding="utf-8")
    assert filled(text.replace("holds, ", "holds,  ", 1)) == text


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


def test_the_results_are_data_and_figures_are_read_from_toml() -> None:
    assert tomllib.loads(benchmarks.FIGURES.read_text(encoding="utf-8"))["figure"]
