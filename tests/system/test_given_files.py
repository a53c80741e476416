"""Files that a person names: a pipe or a device is refused at once, a link only where it must not be followed."""

import os
from pathlib import Path

import pytest

from system.errors import ProgramError
from system.given_files import open_given, read_given


def test_a_pipe_without_a_writer_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(OSError, match="not a regular file"):
        open_given(pipe)
    with pytest.raises(ProgramError, match="not a regular file"):
        read_given(pipe, 10)
    with pytest.raises(OSError, match="not a regular file"):
        open_given(Path("/dev/zero"))


def test_a_link_is_followed_unless_this_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"content")
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "file")
    assert read_given(link, 10) == b"content"
    with pytest.raises(OSError, match="symbolic link"):
        open_given(link, follow_links=False)
