"""Leftovers of a killed program beside a file of ours do not stay there for ever."""

import os
from pathlib import Path

from system.atomic_files import whole_file

ABOVE_ALL_PROCESSES = (1 << 22) + 1


def test_a_file_that_a_killed_program_did_not_finish_goes_with_the_next_one_of_its_name(
    tmp_path: Path,
) -> None:
    """A courier that is killed every day would fill its stick with bundles that no one can use."""
    left = tmp_path / f".tips[1].{ABOVE_ALL_PROCESSES}.part"
    alive = tmp_path / f".tips[1].{os.getppid()}.part"
    others = tmp_path / f".tips1.{ABOVE_ALL_PROCESSES}.part"
    for path in (left, alive, others):
        path.write_bytes(b"half a bundle")
    with whole_file(tmp_path / "tips[1]") as sink:
        sink.write(b"a whole one")
    assert {path.name for path in tmp_path.iterdir()} == {"tips[1]", alive.name, others.name}
