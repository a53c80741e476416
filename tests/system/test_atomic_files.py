"""Files are there whole or not at all, whatever ends the program that writes them."""

import stat
from pathlib import Path

import pytest

from system.atomic_files import whole_file, write_whole
from system.errors import ProgramError


class Interrupted(Exception):
    """An error that a caller's block may raise."""


def test_a_new_file_takes_the_place_of_the_old_one_and_nobody_else_may_read_it(tmp_path: Path) -> None:
    target = tmp_path / "key"
    target.write_bytes(b"old")
    target.chmod(0o644)
    with whole_file(target) as sink:
        sink.write(b"new")
        sink.flush()
        assert target.read_bytes() == b"old"
    assert target.read_bytes() == b"new"
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    write_whole(target, b"public", mode=0o644)
    assert stat.S_IMODE(target.stat().st_mode) == 0o644
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("interruption", [Interrupted, KeyboardInterrupt, OSError(28, "No space left on device")])
def test_a_block_that_fails_leaves_the_old_file_and_nothing_beside_it(
    tmp_path: Path, interruption: BaseException | type[BaseException]
) -> None:
    target = tmp_path / "key"
    target.write_bytes(b"old")
    expected = ProgramError if isinstance(interruption, OSError) else interruption
    assert isinstance(expected, type)

    def fail() -> None:
        with whole_file(target) as sink:
            sink.write(b"half of the new o")
            raise interruption

    with pytest.raises(expected):
        fail()
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_folder_in_the_place_of_the_file_is_refused_and_stays(tmp_path: Path) -> None:
    target = tmp_path / "key"
    target.mkdir()
    with pytest.raises(ProgramError, match="is there, and is no file"):
        write_whole(target, b"new")
    assert list(tmp_path.iterdir()) == [target]


def test_where_nothing_can_be_written_the_error_is_the_programs_own_and_has_a_hint(tmp_path: Path) -> None:
    with pytest.raises(ProgramError, match="cannot write") as refused:
        write_whole(tmp_path / "nowhere" / "key", b"new")
    assert "writable and has room" in str(getattr(refused.value, "hint", ""))
    assert list(tmp_path.iterdir()) == []
