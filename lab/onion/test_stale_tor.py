"""A tor whose owner was killed, and which hangs, keeps no one from starting another in its folder."""

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from onion import stale_tor
from onion.private_network import PrivateNetwork
from onion.runtime_dir import RuntimeDir
from onion.tor_process import TorProcess, TorSettings
from onion.tor_program import TorProgram
from tests.tipline.processes import eventually

pytestmark = pytest.mark.tor

# Starts a tor, says its number, and waits for its own end.
OWNER = """
import json, sys, time
from pathlib import Path
from onion.tor_process import TorProcess, TorSettings
from onion.tor_program import TorProgram
data, socket, network = json.loads(sys.argv[1])
tor = TorProcess.start(TorProgram.find(), TorSettings(Path(data), Path(socket), network=network))
print(tor.process_id, flush=True)
time.sleep(600)
"""


def runs(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Path]:
    with RuntimeDir(tmp_path / "run") as run:
        yield run.path


@pytest.fixture
def settings(tmp_path: Path, run: Path, tor_network: PrivateNetwork) -> TorSettings:
    return TorSettings(tmp_path / "tor", run / "second", network=tor_network.map.torrc)


def starting(settings: TorSettings, socket: Path) -> list[str]:
    told = json.dumps([str(settings.data_folder), str(socket), list(settings.network)])
    return [sys.executable, "-c", OWNER, told]


@contextmanager
def owned(settings: TorSettings, run: Path) -> Iterator[tuple["subprocess.Popen[str]", int]]:
    """A tor in the same folder that belongs to another process: both."""
    with subprocess.Popen(starting(settings, run / "first"), stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout is not None
        tor = int(owner.stdout.readline())
        try:
            yield owner, tor
        finally:
            owner.kill()
            with contextlib.suppress(ProcessLookupError):
                os.kill(tor, signal.SIGKILL)


@pytest.mark.parametrize("is_through_a_link", [False, True])
def test_a_tor_that_hangs_after_its_owner_was_killed_keeps_no_other_from_its_folder(
    settings: TorSettings, run: Path, tmp_path: Path, is_through_a_link: bool
) -> None:
    again = settings
    if is_through_a_link:
        (tmp_path / "lib").symlink_to(tmp_path)
        again = replace(settings, data_folder=tmp_path / "lib" / settings.data_folder.name)
    with owned(settings, run) as (owner, left):
        os.kill(left, signal.SIGSTOP)  # as good as one that hangs: it hears nothing but SIGKILL
        owner.kill()
        owner.wait()
        with TorProcess.start(TorProgram.find(), again) as tor:
            assert tor.is_running()
            assert not runs(left)


def test_a_tor_whose_owner_lives_is_left_alone_whoever_else_tried_to_start_there(
    settings: TorSettings, run: Path
) -> None:
    with owned(settings, run) as (_owner, kept):
        for name in ("second", "third"):
            other = subprocess.run(starting(settings, run / name), capture_output=True, text=True, check=False)
            assert "TorDied: tor ended at its start" in other.stderr
        assert runs(kept)


def test_a_tor_in_a_container_is_left_alone_whose_numbers_are_others_than_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed: list[int] = []
    monkeypatch.setattr(os, "kill", lambda process, _signal: killed.append(process))
    for process, numbers in {"100": "100", "200": "200\t7"}.items():
        (tmp_path / process).mkdir()
        words = ["tor", "-f", "/srv/tor/torrc", "--defaults-torrc", "/dev/null", stale_tor.OWNER_OPTION, "01", ""]
        (tmp_path / process / "cmdline").write_bytes("\0".join(words).encode())
        (tmp_path / process / "stat").write_text(f"{process} (tor) S 4711 1 1")
        (tmp_path / process / "status").write_text(f"Name:\ttor\nNSpid:\t{numbers}\n")
    stale_tor.end_stale_tor(Path("/srv/tor/torrc"), proc=tmp_path, term_seconds=0.0)
    assert set(killed) == {100}


def test_a_tor_ends_by_itself_when_its_owner_is_killed(settings: TorSettings, run: Path) -> None:
    with owned(settings, run) as (owner, left):
        owner.kill()
        owner.wait()
        assert eventually(lambda: not runs(left), seconds=60)
