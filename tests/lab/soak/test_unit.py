"""When a server's memory counts as gone."""

import contextlib
import os
import signal
import sys
from pathlib import Path
from typing import Final

import pytest

from lab.forensics.places import below
from lab.soak import unit as soak_unit
from lab.soak.losses import Lost
from lab.soak.unit import Unit

_OUTLIVES_SECONDS: Final = 1.5
# A front, a master and a worker; each notices only after a while that the one above it is gone.
_SERVER: Final = """
import http.server, os, sys, time
part, port, above = sys.argv[1], int(sys.argv[-1].rpartition(":")[2]), os.getppid()
front = os.getpid()
if os.fork() == 0:
    os.setsid()  # in no group that goes with the front
    part, above = "master", front
    master = os.getpid()  # noted before the fork: the worker could ask for it when it is gone
    if os.fork() == 0:
        part, above = "worker", master
if part == "front":
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
        def log_message(self, *_):
            pass
    http.server.HTTPServer(("127.0.0.1", port), Handler).serve_forever()
while os.getppid() == above:
    time.sleep(0.01)
time.sleep(OUTLIVES)
"""


def _unit(tmp_path: Path, outlives: float, *, outliving_seconds: float = 30.0) -> Unit:
    program = _SERVER.replace("OUTLIVES", str(outlives))
    return Unit([sys.executable, "-c", program, "front"], log=tmp_path / "log", outliving_seconds=outliving_seconds)


@pytest.mark.parametrize("called", ["front", "master"])
def test_a_memory_counts_as_gone_when_all_that_outlives_the_killed_process_is_gone(
    tmp_path: Path, called: str
) -> None:
    with _unit(tmp_path, _OUTLIVES_SECONDS) as unit:
        front, before = unit.process("front"), unit.deaths
        assert front is not None
        left = below(front)
        assert unit.kill(called)
        if called == "front":
            assert unit.deaths == before + 1
            unit.stand_up()
        assert unit.deaths == before + 2
        assert not [number for number in left if soak_unit._lives(number)]


def test_a_worker_that_stays_when_its_master_is_gone_is_told(tmp_path: Path) -> None:
    with _unit(tmp_path, 600, outliving_seconds=0.1) as unit:
        front = unit.process("front")
        assert front is not None
        started = below(front)
        try:
            with pytest.raises(Lost, match="outlive"):
                unit.kill("master")
        finally:
            for number in started:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(number, signal.SIGKILL)
