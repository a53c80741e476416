"""Programs that the demo starts end with it, whatever they do; and no one else's are touched."""

import signal
import subprocess
import sys
import time
from pathlib import Path

from demo.child import Child

STUBBORN = """
import signal, subprocess, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
below = subprocess.Popen(["sh", "-c", "trap '' TERM; sleep 60"])
print(below.pid, flush=True)
time.sleep(60)
"""


def test_a_program_that_ignores_the_request_is_killed_with_all_below_it(tmp_path: Path) -> None:
    child = Child([sys.executable, "-c", STUBBORN], log=tmp_path / "log")
    below = int(first_line(child))
    assert child.end(grace_seconds=0.2) == -signal.SIGKILL
    assert not is_alive(child.pid)
    assert not is_alive(below)


def test_what_a_program_leaves_behind_when_it_ends_by_itself_is_ended_too(tmp_path: Path) -> None:
    child = Child(["sh", "-c", "sleep 60 & echo $!"], log=tmp_path / "log")
    below = int(first_line(child))
    while child.running():
        time.sleep(0.01)
    assert is_alive(below)
    assert child.end() == 0
    assert not is_alive(below)


def test_a_program_of_somebody_else_goes_on(tmp_path: Path) -> None:
    with subprocess.Popen(["sleep", "60"]) as other:
        Child(["sleep", "60"], log=tmp_path / "log").end()
        assert is_alive(other.pid)
        other.kill()


def test_a_program_ends_also_when_we_are_killed(tmp_path: Path) -> None:
    imports = "from pathlib import Path; from demo.child import Child"
    start = f"{imports}; Child(['sleep', '60'], log=Path('{tmp_path}/log'))"
    with subprocess.Popen(
        [sys.executable, "-c", f"{start}; import time; print('up', flush=True); time.sleep(60)"],
        stdout=subprocess.PIPE,
    ) as us:
        assert us.stdout is not None
        assert us.stdout.readline() == b"up\n"
        [below] = [int(pid) for pid in Path(f"/proc/{us.pid}/task/{us.pid}/children").read_text().split()]
        while Path(f"/proc/{below}/comm").read_text() != "sleep\n":
            time.sleep(0.01)
        us.kill()
    while is_alive(below):
        time.sleep(0.01)


def test_what_is_said_to_a_program_is_its_whole_standard_input(tmp_path: Path) -> None:
    child = Child(["cat"], log=tmp_path / "log", said=b"a line\n")
    while child.running():
        time.sleep(0.01)
    child.end()
    assert child.last_words() == "a line"


def first_line(child: Child) -> str:
    while not (text := child.log.read_text()).endswith("\n"):
        time.sleep(0.01)
    return text.splitlines()[0]


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False
