"""Processes, looked at from outside."""

import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import AnyStr

from tipline.supervisor.web_process import WebProcess

_END_SECONDS = 60


@contextmanager
def ended_after(process: "subprocess.Popen[AnyStr]") -> Iterator["subprocess.Popen[AnyStr]"]:
    """The process while the block lasts. However the block ends, it is told to end, and killed when it does not:
    ``with Popen(...)`` alone would wait for ever once a claim has failed."""
    with process:
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(_END_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()


def children_of(process_id: int) -> list[int]:
    """Process ids."""
    found: list[int] = []
    for children in Path(f"/proc/{process_id}/task").glob("*/children"):
        with suppress(FileNotFoundError, ProcessLookupError):  # a thread that has ended since
            found += map(int, children.read_text().split())
    return found


def worker_of(web: WebProcess) -> int:
    """The process id of its one worker."""
    (only,) = children_of(web.process_id)
    return only


def port_of(web: WebProcess) -> int:
    assert web.port is not None
    return web.port


def is_gone(process_id: int) -> bool:
    return not Path(f"/proc/{process_id}").exists()


def eventually(condition: Callable[[], bool], *, seconds: float = 60) -> bool:
    """True if it holds before long; it is looked at every twentieth of a second."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
