"""The checks that run before a commit are those that CI runs, and none of them was switched off unnoticed."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
RUFF = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["ruff"]["lint"]
SCRIPT = (ROOT / "scripts" / "test").read_text(encoding="utf-8")
BEFORE_COMMIT = (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
SHELL_SCRIPTS = sorted(
    path.relative_to(ROOT).as_posix()
    for folder in ("scripts", ".ci", "install")
    for path in (ROOT / folder).rglob("*")
    if path.is_file() and re.match(rb"#!.*\b(ba)?sh\n", path.read_bytes())
)


def test_bandits_rules_are_on_and_only_those_that_do_not_fit_are_off() -> None:
    # S603, S607: programs are started by list, never through a shell, and found on PATH; both stand there with why.
    assert "S" in RUFF["select"]
    assert {rule for rule in RUFF["ignore"] if re.fullmatch(r"S\d+", rule)} == {"S603", "S607"}
    elsewhere = {
        folder: {rule for rule in rules if re.fullmatch(r"S\d+", rule)} for folder, rules in PER_FILE.items()
    }
    assert {folder: rules for folder, rules in elsewhere.items() if rules} == {
        "tests/**": {"S101", "S105", "S106", "S311"},
        "lab/**": {"S101", "S105", "S106", "S311"},
        "conftest.py": {"S101"},
        "benchmarks/**": {"S101", "S311"},
    }


PER_FILE = RUFF["per-file-ignores"]


def test_what_ci_checks_is_checked_before_a_commit() -> None:
    steps = re.findall(r'^ *step "\$bin/([a-z-]+)"(.*)$', SCRIPT, re.MULTILINE)
    checks = {
        re.sub(r"( --check)? \.$|( >.*)? &$", "", f"{tool}{options}") for tool, options in steps if tool != "python"
    }
    assert checks == {"ruff check", "ruff format", "mypy", "lint-imports"}
    entries = re.findall(r"^\s+entry: \.venv/bin/(.+)$", BEFORE_COMMIT, re.MULTILINE)
    assert checks <= set(entries)


def test_what_is_tested_of_the_project_itself_is_tested_before_a_commit() -> None:
    (entry,) = re.findall(r"^\s+entry: bash -c '(.+)'$", BEFORE_COMMIT, re.MULTILINE)
    assert entry == ".venv/bin/python -m pytest -q tests/test_project_*.py"


@pytest.mark.parametrize("script", SHELL_SCRIPTS)
def test_a_shell_script_can_be_read_by_its_shell_stops_at_an_error_and_may_be_run(script: str) -> None:
    path = ROOT / script
    first, content = path.read_text(encoding="utf-8").split("\n", 1)
    shell = "bash" if "bash" in first else "sh"
    assert subprocess.run([shell, "-n", str(path)], check=False).returncode == 0
    assert re.search(r"^set -e", content, re.MULTILINE)
    assert path.stat().st_mode & 0o111
