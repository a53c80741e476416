"""``open-age`` with streams that are closed, full or no files: refused with a reason, and nothing is written."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.reviewer.cases.test_open_age import KEY, LONG, sealed
from tests.reviewer.desk_stage import PROGRAM

AT_A_SHELL = 'program=$1 identity=$2 python=$3; exec "$python" -c "$program" --beside-network open-age'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "identity.txt").write_text(f"{KEY.reveal()}\n", encoding="utf-8")
    (tmp_path / "tip.age").write_bytes(sealed(b"a tip"))
    (tmp_path / "long.age").write_bytes(sealed(LONG))
    (tmp_path / "spoilt.age").write_bytes(sealed(LONG)[:-1])
    return tmp_path


def shell(folder: Path, redirected: str, **streams: object) -> "subprocess.CompletedProcess[bytes]":
    """The command as someone types it, in that folder."""
    line = f'{AT_A_SHELL} --identity "$identity" {redirected}'
    return subprocess.run(  # type: ignore[call-overload,no-any-return]
        ["sh", "-c", line, "sh", PROGRAM, folder / "identity.txt", sys.executable],
        check=False,
        cwd=folder,
        timeout=60,
        **{"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **streams},
    )


@pytest.mark.parametrize(
    ("redirected", "reason"),
    [
        ("<&-", "error: standard input is closed"),
        (">&- < tip.age", "error: standard output is closed"),
        ("<&- >&-", "error: standard output is closed"),
        ("> /dev/full < tip.age", "error: standard output cannot be written: no space left on device"),
        ("> /dev/full < long.age", "error: standard output cannot be written: no space left on device"),
        ("0> empty", "error: a file cannot be read or written: bad file descriptor"),
    ],
)
def test_a_stream_that_is_of_no_use_is_named_and_nothing_is_written(
    folder: Path, redirected: str, reason: str
) -> None:
    before = {path.name for path in folder.iterdir()} | {"empty"}
    ended = shell(folder, redirected)
    assert (ended.returncode, ended.stdout) == (1, b"")
    said = ended.stderr.decode()
    assert reason in said
    assert "Traceback" not in said
    assert "Exception" not in said
    assert {path.name for path in folder.iterdir()} <= before


@pytest.mark.parametrize("source", ["tip.age", "long.age"])
def test_a_pipe_whose_reader_has_gone_is_named(folder: Path, source: str) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    try:
        ended = shell(folder, f"< {source}", stdout=writer)
    finally:
        os.close(writer)
    assert ended.returncode == 1
    assert b"error: standard output cannot be written: broken pipe" in ended.stderr
    assert b"Traceback" not in ended.stderr


def test_a_folder_as_input_is_refused_by_the_interpreter_before_anything_of_ours_runs(folder: Path) -> None:
    ended = shell(folder, "< .")
    assert (ended.returncode, ended.stdout) == (1, b"")
    assert b"<stdin> is a directory, cannot continue" in ended.stderr


@pytest.mark.parametrize(("source", "code", "content"), [("long.age", 0, LONG), ("spoilt.age", 1, b"")])
def test_with_standard_error_closed_it_opens_and_refuses_as_ever(
    folder: Path, source: str, code: int, content: bytes
) -> None:
    ended = shell(folder, f"2>&- < {source}")
    assert (ended.returncode, ended.stdout, ended.stderr) == (code, content, b"")


def test_the_other_commands_refuse_a_closed_standard_output_too(folder: Path) -> None:
    line = 'exec "$2" -c "$1" --beside-network init home --root root --organisation "Example Watch" >&-'
    ended = subprocess.run(
        ["sh", "-c", line, "sh", PROGRAM, sys.executable], check=False, cwd=folder, capture_output=True, timeout=60
    )
    assert ended.returncode == 1
    assert b"error: standard output is closed" in ended.stderr
    assert not (folder / "home").exists()
