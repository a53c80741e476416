"""A recovery from sheets that is killed at many steps."""

import itertools
import shutil
import subprocess
import sys

import pytest

from tests.reviewer.desk_stage import PROGRAM, Desk
from tests.reviewer.keys.own_keys import own_keys
from tests.reviewer.recovery.test_recover_from_sheets import _sheets, _with_manifest


@pytest.mark.parametrize("call", ["rename", "unlink"])
def test_killed_at_many_steps_nothing_opens_and_the_same_command_works(desk: Desk, call: str) -> None:
    made = (desk.folder / "new", desk.folder / "new-root")
    command = ["recover", made[0], "--root", made[1], *_with_manifest(desk), *_sheets(desk)]
    own = own_keys(desk.home)
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
        # The last step but none is the home's mark: what comes before it counts for nothing.
        assert desk.run("keys", "status", made[0]) == 1
        desk.do(*command)
        assert own_keys(made[0]) == own
        desk.do("keys", "issue", made[0], "--root", made[1], "--out", desk.folder / "m")
        for folder in made:
            shutil.rmtree(folder)
    assert when > 1
