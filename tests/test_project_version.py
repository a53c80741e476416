"""One version everywhere: `pyproject.toml` states it, and programs, packages and documents follow."""

import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest

from release.checkout import versions

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_each_place_that_states_a_version_states_that_of_pyproject() -> None:
    found = versions(ROOT)
    assert set(found.values()) == {PROJECT["version"]}
    # The page for installing a reviewer names a folder with the version.
    assert any(place.startswith("docs/") for place in found)


def test_what_is_installed_here_has_that_version() -> None:
    assert metadata.version("tipline") == PROJECT["version"]


@pytest.mark.parametrize("program", PROJECT["scripts"])
def test_each_program_prints_that_version(program: str) -> None:
    command = [Path(sys.executable).parent / program, "--version"]
    said = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=True, text=True)
    assert said.stdout == f"{PROJECT['version']}\n"


@pytest.mark.parametrize(
    ("script", "name"),
    [("build-deb", "tipline_$release-1+py${version}_"), ("build-reviewer", "tipline-reviewer-$version")],
)
def test_a_package_takes_its_version_from_pyproject(script: str, name: str) -> None:
    text = (ROOT / "scripts" / script).read_text(encoding="utf-8")
    assert """$(sed -n 's/^version = "\\(.*\\)"$/\\1/p' pyproject.toml)""" in text
    assert f"name={name}" in text
