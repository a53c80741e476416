"""A short run of the fuzzer over every parser, and a check that it finds faults (docs/evidence/fuzzing.md)."""

import json
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lab.fuzz import run as fuzz
from lab.fuzz.target import Target
from lab.fuzz.targets import TARGETS

ROOT = Path(__file__).parents[2]
EXECUTIONS = 1500


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """The report of a run in a process of its own: the limit of memory lasts as long as a process."""
    command = [sys.executable, "-m", "lab.fuzz.run", "--executions", str(EXECUTIONS)]
    folder = tmp_path_factory.mktemp("fuzz")
    ended = subprocess.run(
        command, cwd=folder, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False
    )
    assert ended.returncode in (0, 1), ended.stderr
    told = [json.loads(line) for line in ended.stdout.splitlines()]
    return {report["target"]: report for report in told}


@pytest.mark.parametrize("name", TARGETS)
def test_a_parser_raises_its_own_errors_only_and_costs_little(
    name: str, reports: dict[str, dict[str, Any]]
) -> None:
    report = reports[name]
    assert report["executions"] >= EXECUTIONS
    assert report["finds"] == []
    assert report["accepted"], "inputs that are all refused test nothing"
    assert report["reached_share"] >= TARGETS[name].least_reached
    assert report["line_coverage"] > 0.2


def test_a_fifth_of_the_containers_reaches_the_frames() -> None:
    assert TARGETS["frames"].least_reached >= 0.2


@pytest.mark.parametrize("name", TARGETS)
def test_every_parser_has_inputs_to_begin_with(name: str) -> None:
    assert TARGETS[name].seeds


def test_the_corpus_is_small_and_belongs_to_parsers() -> None:
    folders = list(fuzz.CORPUS.iterdir())
    assert {folder.name for folder in folders} <= set(TARGETS)
    files = [file for folder in folders for file in folder.iterdir()]
    assert len(files) > 100
    assert sum(file.stat().st_size for file in files) < 1 << 20


def _wrong_error(raw: bytes) -> None:
    if raw[2:3] == b"!":
        raise KeyError("planted")
    raise ValueError("as it should")


def _slow(raw: bytes) -> None:
    if raw[2:3] == b"!":
        until = time.process_time() + 0.08
        while time.process_time() < until:
            pass
    raise ValueError("as it should")


@pytest.mark.parametrize(("planted", "named"), [(_wrong_error, "KeyError"), (_slow, " ms")])
def test_a_planted_fault_is_found_and_its_input_is_kept(
    planted: Callable[[bytes], None], named: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    target = Target("planted", planted, (ValueError,), (planted,), [b"begin", b"be!in"], (b"!",))
    outcome = fuzz.Fuzzer(target, seed=1).run(executions=4, seconds=600)
    assert [find for find in outcome.finds if named in find]
    assert (tmp_path / fuzz.FINDS).is_dir()
    assert all(file.read_bytes()[2:3] == b"!" for file in (tmp_path / fuzz.FINDS).iterdir())


def test_an_input_that_takes_much_memory_is_found(tmp_path: Path) -> None:
    script = (
        "from lab.fuzz.run import Fuzzer, limit_memory\n"
        "from lab.fuzz.target import Target\n"
        "def greedy(raw): bytearray(len(raw) << 21)\n"
        "fuzzer = Fuzzer(Target('greedy', greedy, (ValueError,), (greedy,), [bytes(40)]), seed=1)\n"
        "limit_memory()\n"
        "print(fuzzer.run(executions=1, seconds=60).finds)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "MemoryError" in ended.stdout


def test_the_same_seed_gives_the_same_inputs() -> None:
    seen: list[list[bytes]] = [[], []]
    for inputs in seen:
        target = Target("seeded", inputs.append, (), (), [b"begin", b"other"], (b"token",))
        fuzz.Fuzzer(target, seed=7).run(executions=200, seconds=60)
    assert seen[0] == seen[1]


def test_the_document_names_every_parser() -> None:
    document = (ROOT / "docs" / "evidence" / "fuzzing.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `(\w+)` \|", document, re.MULTILINE)) == set(TARGETS)
