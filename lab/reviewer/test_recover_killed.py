"""``recover``, killed at each second rename or unlink."""

import itertools
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.reviewer.desk_stage import PROGRAM, Desk
from tests.reviewer.recovery.test_recover import _files, _given, _with_manifest, sheets  # noqa: F401 -- a fixture


@pytest.mark.parametrize("call", ["rename", "unlink"])
def test_killed_at_many_steps_no_medium_counts_and_the_same_command_works(
    desk: Desk,
    sheets: list[Path],  # noqa: F811 -- the fixture
    call: str,
) -> None:
    made = desk.folder / "new-root"
    command = ["recover", "--root", made, *_with_manifest(desk), *_given(*sheets[:3])]
    for when in itertools.count(1, 2):
        killed = subprocess.run(
            ["strace", "-o", desk.folder / "trace", "-e", f"trace={call}",
             f"--inject={call}:signal=KILL:when={when}",
             sys.executable, "-B", "-c", PROGRAM, "--beside-network", *command],
            capture_output=True, check=False, timeout=60,
        )  # fmt: skip
        if killed.returncode == 0:
            break
        assert killed.returncode < 0, killed.stderr
        assert desk.run("keys", "issue", desk.home, "--root", made, "--out", desk.folder / "m") == 1
        desk.do(*command)
        assert _files(made) == _files(desk.root)
        shutil.rmtree(made)
    assert when > 1
