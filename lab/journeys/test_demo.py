"""The demo as a person runs it: the whole journey once, and an end that leaves nothing behind."""

import http.client
import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from lab.forensics.places import below
from tests.tipline.processes import eventually, is_gone

pytestmark = [pytest.mark.tor, pytest.mark.browser]

TIPLINE = Path(sys.executable).parent / "tipline"
JOURNEY = (
    "onion service is published",
    "the source sends a text and two files",
    "the courier fetches the bundle",
    "byte for byte",
    "the source returns in a new browser",
    "the source deletes the answer",
    "the source leaves",
    "a second round brings the follow-up",
    "the key of its week opens it (the control)",
    "the key of the week is destroyed",
    "nothing opens it",
)
SEARCHED = (
    "the text",
    "the file of 5 MiB",
    "the file in Cyrillic",
    "its name",
    "the follow-up",
    "the reply",
    "the eight words",
    "a database that opens without a key",
)


def test_the_whole_journey_succeeds_and_nothing_of_it_is_on_the_servers_disk(folder: Path) -> None:
    pictures = folder / "pictures"
    done = subprocess.run(
        [TIPLINE, "demo", "--walkthrough", "--screenshots", pictures],
        env=os.environ | {"TMPDIR": str(folder)},
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=900,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    lines = done.stdout.splitlines()
    places = [next(n for n, line in enumerate(lines) if step in line) for step in JOURNEY]
    assert places == sorted(places)
    for searched in SEARCHED:
        [row] = [line for line in lines if re.match(rf"\W*{re.escape(searched)}\s", line)]
        assert row.count("nothing") == 2, row
        assert row.count("FOUND") == 1, row
    assert len(list(pictures.glob("*-source-*.png"))) >= 10
    assert {"import", "list", "show"} <= {path.stem.split("-")[-1] for path in pictures.glob("*-reviewer-*.png")}
    assert eventually(lambda: left_behind(folder) == []), left_behind(folder)


def test_the_demo_stays_up_until_it_is_interrupted_and_leaves_nothing_running(folder: Path) -> None:
    with demo(folder) as running:
        shown = until(running, "Ctrl-C ends all of it")
        door = re.search(r"http://127\.0\.0\.1:(\d+)/", shown)
        assert door
        with closing(http.client.HTTPConnection("127.0.0.1", int(door[1]), timeout=60)) as visitor:
            visitor.request("GET", "/")
            answer = visitor.getresponse()
            assert answer.status == 200
            assert b'name="text"' in answer.read()
        started = below(running.pid)
        assert any(b"tipline.web.start" in Path(f"/proc/{each}/cmdline").read_bytes() for each in started)
        running.send_signal(signal.SIGINT)
        assert running.wait(60) == 0
    assert eventually(lambda: left_behind(folder) == []), left_behind(folder)
    assert eventually(lambda: all(map(is_gone, started))), "also those that name no folder"


def test_a_demo_that_is_ended_in_the_middle_of_its_beginning_leaves_nothing_running(folder: Path) -> None:
    with demo(folder) as running:
        until(running, "an organisation has a root key")
        started = below(running.pid)
        running.send_signal(signal.SIGTERM)
        running.wait(90)
    assert eventually(lambda: left_behind(folder) == []), left_behind(folder)
    assert eventually(lambda: all(map(is_gone, started)))


@contextmanager
def demo(folder: Path) -> Iterator["subprocess.Popen[str]"]:
    with subprocess.Popen(
        [TIPLINE, "demo"],
        env=os.environ | {"TMPDIR": str(folder)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    ) as running:
        try:
            yield running
        finally:
            running.terminate()


def until(running: "subprocess.Popen[str]", words: str) -> str:
    """Its output, up to and with the line that holds these words."""
    assert running.stdout is not None
    said = ""
    for line in running.stdout:
        said += line
        if words in line:
            return said
    raise AssertionError(f"the demo ended before it said {words!r}:\n{said}")


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short path: tor's sockets need one, and pytest's own are long."""
    with tempfile.TemporaryDirectory(prefix="t", dir="/tmp") as short:
        yield Path(short)


def left_behind(folder: Path) -> list[str]:
    """Throw-away folders, and programs that name one among their arguments."""
    found = [path.name for path in folder.glob("tipline-demo-*")]
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            arguments = entry.read_bytes().decode(errors="replace").replace("\0", " ")
        except (FileNotFoundError, ProcessLookupError):
            continue
        if str(folder) in arguments:
            found.append(arguments)
    return found
