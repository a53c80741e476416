"""A ceremony that is killed, interrupted or out of disk at many steps."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from crypto.keys.fingerprint import root_words
from tests.reviewer.desk_stage import Desk
from tests.reviewer.recovery.test_ceremony import MADE_BY_INIT, _init, _names, _remove, _root_key


@pytest.fixture
def second(bare_desk: Desk) -> Path:
    """A second root medium."""
    return bare_desk.folder / "second"


RENAMES_TO_DIE_AT = (2, 6, 8, 10, 13)


UNLINKS_TO_DIE_AT = (3, 4, 5)  # the marks of the first medium, of the second, of the home


FAULTS = [f"{fault}:when={number}" for fault, numbers in
          (("signal=INT", (3, 9, 14)), ("error=ENOSPC", (1, 7, 10, 12))) for number in numbers]  # fmt: skip


def _moments() -> Iterator[str]:
    yield from (f"rename:signal=KILL:when={number}" for number in RENAMES_TO_DIE_AT)
    yield from (f"unlink:signal=KILL:when={number}" for number in UNLINKS_TO_DIE_AT)


def test_killed_at_many_steps_it_leaves_nothing_that_opens_and_the_same_command_works(
    bare_desk: Desk, second: Path
) -> None:
    issued = bare_desk.folder / "issued"
    for moment in _moments():
        assert _init(bare_desk, second, moment).returncode < 0, moment
        assert bare_desk.run("keys", "status", bare_desk.home) == 1, moment
        done = _init(bare_desk, second)
        assert done.returncode == 0, (moment, done.stderr)
        assert f"root key words   {root_words(_root_key(second))}" in done.stdout
        assert _names(bare_desk.root) == _names(second) == MADE_BY_INIT, moment
        assert not list(bare_desk.home.rglob("*.part"))
        issued.mkdir()
        bare_desk.do("keys", "issue", bare_desk.home, "--root", second, "--out", issued / "manifest.json")
        for folder in (bare_desk.home, bare_desk.root, second, issued):
            _remove(folder)


def test_an_interruption_or_a_full_disk_at_many_steps_leaves_nothing_at_all(bare_desk: Desk, second: Path) -> None:
    for fault in FAULTS:
        done = _init(bare_desk, second, f"rename:{fault}")
        assert done.returncode == 1, (fault, done.stderr)
        assert "Traceback" not in done.stderr
        for folder in (bare_desk.home, bare_desk.root, second):
            assert not folder.exists(), fault
