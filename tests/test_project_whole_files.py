"""Server and reviewer write whole files each by a module of its own (ADR 24): both keep the same promises."""

import stat
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import pytest

import system.atomic_files
from system.errors import ProgramError


@dataclass(frozen=True)
class Program:
    """One of the two: how it writes, and its own error."""

    whole_file: Callable[..., AbstractContextManager[BinaryIO]]
    write_whole: Callable[..., None]
    error: type[Exception]


BOTH = {
    "reviewer": Program(system.atomic_files.whole_file, system.atomic_files.write_whole, ProgramError),
    "tipline": Program(system.atomic_files.whole_file, system.atomic_files.write_whole, ProgramError),
}


class Interrupted(Exception):
    """What a caller's block may raise."""


@pytest.fixture(params=list(BOTH.values()), ids=list(BOTH))
def program(request: pytest.FixtureRequest) -> Program:
    found: Program = request.param
    return found


def test_a_new_file_takes_the_place_of_the_old_one_and_nobody_else_may_read_it(
    program: Program, tmp_path: Path
) -> None:
    target = tmp_path / "key"
    target.write_bytes(b"old")
    target.chmod(0o644)
    with program.whole_file(target) as sink:
        sink.write(b"new")
        sink.flush()
        assert target.read_bytes() == b"old"
    assert target.read_bytes() == b"new"
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    program.write_whole(target, b"public", mode=0o644)
    assert stat.S_IMODE(target.stat().st_mode) == 0o644
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("interruption", [Interrupted, KeyboardInterrupt, OSError(28, "No space left on device")])
def test_a_block_that_fails_leaves_the_old_file_and_nothing_beside_it(
    program: Program, tmp_path: Path, interruption: BaseException | type[BaseException]
) -> None:
    target = tmp_path / "key"
    target.write_bytes(b"old")
    expected = program.error if isinstance(interruption, OSError) else interruption
    assert isinstance(expected, type)

    def fail() -> None:
        with program.whole_file(target) as sink:
            sink.write(b"half of the new o")
            raise interruption

    with pytest.raises(expected):
        fail()
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_folder_in_the_place_of_the_file_is_refused_and_stays(program: Program, tmp_path: Path) -> None:
    target = tmp_path / "key"
    target.mkdir()
    with pytest.raises(program.error, match="is there, and is no file"):
        program.write_whole(target, b"new")
    assert list(tmp_path.iterdir()) == [target]


def test_where_nothing_can_be_written_the_error_is_the_programs_own_and_has_a_hint(
    program: Program, tmp_path: Path
) -> None:
    with pytest.raises(program.error, match="cannot write") as refused:
        program.write_whole(tmp_path / "nowhere" / "key", b"new")
    assert "writable and has room" in str(getattr(refused.value, "hint", ""))
    assert list(tmp_path.iterdir()) == []
