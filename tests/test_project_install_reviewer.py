"""The medium for an air-gapped machine: what is on it beside the files of its list is never run."""

import hashlib
import os
import subprocess
import zipfile
from pathlib import Path

import pytest

_INSTALL = Path(__file__).parent.parent / "install" / "reviewer" / "install"
_PIP = "wheels/pip-25.3-py3-none-any.whl"


@pytest.fixture
def medium(tmp_path: Path) -> Path:
    """With a pip that installs nothing, and a list that holds for all of it."""
    medium = tmp_path / "medium"
    (medium / "wheels").mkdir(parents=True)
    (medium / "install").write_bytes(_INSTALL.read_bytes())
    (medium / "install").chmod(0o755)
    (medium / _PIP).write_bytes(b"no wheel")
    listed = ("install", _PIP)
    digests = [f"{hashlib.sha256((medium / name).read_bytes()).hexdigest()}  {name}\n" for name in listed]
    (medium / "SHA256SUMS").write_text("".join(digests), encoding="ascii")
    return medium


@pytest.mark.parametrize(
    "beside",
    [
        ("venv/__init__.py", "venv/__main__.py"),
        ("wheels/pip-0.whl", "wheels/pip-0.whl wheels/pip-25.3-py3-none-any.whl/pip/__main__.py"),
    ],
)
def test_a_file_that_is_not_in_the_list_is_never_run(medium: Path, tmp_path: Path, beside: tuple[str, ...]) -> None:
    was_run = tmp_path / "was-run"
    for name in beside:
        (medium / name).parent.mkdir(parents=True, exist_ok=True)
        (medium / name).write_text(f"open({str(was_run)!r}, 'w')", encoding="utf-8")
    target = tmp_path / "installed"
    ended = subprocess.run(
        [medium / "install", target], cwd=medium, capture_output=True, text=True, check=False, timeout=60
    )
    assert ended.returncode != 0
    assert not was_run.exists()
    assert not target.exists()


def test_a_listed_file_that_was_changed_is_named_and_nothing_is_made(medium: Path, tmp_path: Path) -> None:
    (medium / _PIP).write_bytes(b"another")
    ended = subprocess.run(
        [medium / "install", tmp_path / "installed"], capture_output=True, text=True, check=False, timeout=60
    )
    assert ended.returncode == 1
    assert "was changed" in ended.stderr
    assert not (tmp_path / "installed").exists()


_INSTALLS = """
import pathlib, sys
program = pathlib.Path(sys.prefix) / "bin" / "tipline-review"
program.write_text("#!/bin/sh\\nexit 0\\n")
program.chmod(0o755)
"""


def test_the_desktop_gets_an_entry_with_a_browser_in_memory_and_a_type_that_no_program_opens(
    medium: Path, tmp_path: Path
) -> None:
    with zipfile.ZipFile(medium / _PIP, "w") as wheel:
        wheel.writestr("pip/__main__.py", _INSTALLS)
    for name in ("tipline-desk.desktop", "tipline-untrusted.xml"):
        (medium / name).write_bytes((_INSTALL.parent / name).read_bytes())
    listed = ("install", _PIP, "tipline-desk.desktop", "tipline-untrusted.xml")
    digests = [f"{hashlib.sha256((medium / name).read_bytes()).hexdigest()}  {name}\n" for name in listed]
    (medium / "SHA256SUMS").write_text("".join(digests), encoding="ascii")
    home, target = tmp_path / "home", tmp_path / "installed"
    subprocess.run(
        [medium / "install", target],
        env={"PATH": os.environ["PATH"], "HOME": str(home)},
        check=True,
        capture_output=True,
        timeout=120,
    )
    shared = home / ".local" / "share"
    entry = (shared / "applications" / "tipline-desk.desktop").read_text(encoding="utf-8")
    assert f"Exec={target}/bin/tipline-review desk {home}/review --browser\n" in entry
    assert "@" not in entry
    assert "*.untrusted" in (shared / "mime" / "packages" / "tipline-untrusted.xml").read_text(encoding="utf-8")
