"""A run of ``scripts/prove`` writes a line a part, goes on where it was, and tells what was run at which commit."""

import json
from pathlib import Path

import pytest

from lab.acceptance.measuring import Measurements
from lab.prove.parts import LONG, SHORT, Part
from lab.prove.results import FAILS, HOLDS, Results
from lab.prove.run import TREE, prove

HERE, BEFORE = "0123456789ab", "ba9876543210"


def _part(name: str, *programs: str) -> Part:
    return Part(name, f"shows {name}", tuple(("{python}", "-c", program) for program in programs))


def _counting(folder: Path) -> str:
    return f"open({str(folder / 'runs')!r}, 'a').write('x')"


def _runs(folder: Path) -> int:
    return len((folder / "runs").read_text())


def test_a_part_that_held_at_the_same_commit_is_not_run_again(tmp_path: Path) -> None:
    part = _part("one", _counting(tmp_path))
    for commit, runs in ((HERE, 1), (HERE, 1), (BEFORE, 2)):
        assert prove([part], tmp_path, commit) == 0
        assert _runs(tmp_path) == runs
    assert prove([part], tmp_path, BEFORE, again=True) == 0
    assert _runs(tmp_path) == 3


def test_with_changes_that_are_not_committed_every_part_runs_again(tmp_path: Path) -> None:
    part = _part("one", _counting(tmp_path))
    for runs in (1, 2):
        assert prove([part], tmp_path, f"{HERE}+changes") == 0
        assert _runs(tmp_path) == runs


def test_a_part_that_fails_is_run_again_and_the_others_are_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good, bad = _part("good", _counting(tmp_path)), _part("bad", "print('why it failed'); raise SystemExit(3)", "")
    for _ in range(2):
        assert prove([bad, good], tmp_path, HERE) == 1
        assert "why it failed" in capsys.readouterr().out
    assert _runs(tmp_path) == 1
    outcomes = [line.split("\t")[:3] for line in (tmp_path / "state.tsv").read_text().splitlines()]
    assert outcomes == [["bad", HERE, FAILS], ["good", HERE, HOLDS], ["bad", HERE, FAILS]]


def test_the_table_names_each_part_with_its_commit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert prove([_part("one", ""), _part("other", "")], tmp_path, HERE) == 0
    lines = capsys.readouterr().out.splitlines()[-2:]
    assert [line.split()[:3] for line in lines] == [["one", HERE, HOLDS], ["other", HERE, HOLDS]]


def test_a_line_that_a_run_did_not_finish_counts_for_nothing(tmp_path: Path) -> None:
    (tmp_path / "state.tsv").write_text(f"one\t{HERE}\tholds\t1.0\none\t{HERE}\tfai")
    results = Results(tmp_path)
    assert results.is_done("one", HERE)
    assert not results.is_done("other", HERE)


def test_an_output_is_used_again_at_its_commit_only_and_never_that_of_a_command_that_failed(tmp_path: Path) -> None:
    program = tmp_path / "measure.py"
    program.write_text(f"{_counting(tmp_path)}\nprint('3 ms')\n")
    kept = tmp_path / "measured"
    for commit, runs in ((HERE, 1), (HERE, 1), (BEFORE, 2)):
        assert Measurements(kept, commit).printed_by(str(program)) == (0, "3 ms\n")
        assert _runs(tmp_path) == runs
    (file,) = kept.iterdir()
    file.write_text(json.dumps(json.loads(file.read_text()) | {"ended with": 1}))
    Measurements(kept, BEFORE).printed_by(str(program))
    assert _runs(tmp_path) == 3


@pytest.mark.parametrize("part", [*LONG, *SHORT], ids=lambda part: part.name)
def test_every_part_calls_programs_and_folders_that_exist(part: Part) -> None:
    assert part.commands
    for command in part.filled(kept=Path("/kept"), python="python", processes=2):
        assert not [word for word in command if "{" in word]
        named = [word for word in command if word.startswith(("scripts/", "tests/")) and "--measure" not in command]
        assert all((TREE / word).exists() for word in named)


def test_no_two_parts_have_one_name() -> None:
    names = [part.name for part in (*LONG, *SHORT)]
    assert len(set(names)) == len(names)
