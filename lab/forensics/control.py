"""The same search over the careless site: in each place it must find all that the site was told."""

import http.client
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from demo.canary import Canary
from demo.search_terms import SearchTerms
from lab.forensics.careless import KEY
from lab.forensics.core_dumps import allowed_core_dumps, would_be_beside
from lab.forensics.disk_search import SHARED_MEMORY, search_disk
from lab.forensics.journey import Secrets
from lab.forensics.places import search_memory
from lab.forensics.row import Row
from lab.forensics.visitor import UPLOAD_TYPE
from tests.tipline.site_stage import Upload, multipart

_START_SECONDS: Final = 60.0
_CLOCK_SECONDS: Final = 1.0
"""More than the times of files lie behind the clock."""
_WORDS: Final = ("nearly", "canine", "doable", "tiling", "gloomy", "slicing", "wrongful", "untreated")


EVERYTHING: Final = frozenset({*Secrets().written, "words"})
"""The names of all that the careless site is told."""


def control_canaries(told: Secrets) -> SearchTerms:
    """The canaries to look for after it was given these."""
    return SearchTerms([*told.canaries, Canary.of_phrases("words", _WORDS)])


def play_control(folder: Path, told: Secrets | None = None, *, elsewhere: Sequence[Path] = ()) -> list[Row]:
    """Run it in ``folder``, tell it everything, search it while it runs, crash it, and search its core dump.

    The core dump is a place only where the kernel writes one into the folder of the program. It leaves a file in
    shared memory and in each of the folders ``elsewhere``, which are deleted again, whatever happens.
    """
    machine = folder / "careless"
    (machine / "tmp").mkdir(parents=True)
    name = f"careless-{secrets.token_hex(8)}"
    outside = [place / name for place in (SHARED_MEMORY, *elsewhere)]
    told = told or Secrets()
    sought = control_canaries(told)
    since = time.time() - _CLOCK_SECONDS
    complaints = machine / "complained"
    with (machine / "said").open("wb") as said, complaints.open("wb") as complained, allowed_core_dumps():
        process = subprocess.Popen(
            [sys.executable, "-m", "lab.forensics.careless", machine, *outside],
            stdout=said,
            stderr=complained,
            cwd=machine / "tmp",
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        )
    with ExitStack() as leaving:
        for path in outside:
            leaving.callback(path.unlink, missing_ok=True)
        leaving.callback(process.wait)
        leaving.callback(process.kill)
        port = _port(process, machine / "said")
        fields = [(name, told.written[name]) for name in ("text", "answer", "reply", "message")]
        fields.append(("words", " ".join(_WORDS)))
        upload = Upload(told.written["name"], told.written["content"].encode())
        _post(port, "/", multipart(fields, [upload]))
        rows = [Row.of("told", "memory", search_memory([process.pid], sought))]
        _post(port, "/crash", b"")
        process.wait(_START_SECONDS)
        disk = search_disk(machine, KEY, sought, since=since, elsewhere=elsewhere)
        return rows + [Row.of("told", place, found) for place, found in disk]


def blind_places(rows: Sequence[Row]) -> list[str]:
    """Places in which the search missed something that lies there."""
    return [
        row.place
        for row in rows
        if not row.found >= EVERYTHING and (row.place != "core dumps" or would_be_beside())
    ]


def _port(process: "subprocess.Popen[bytes]", said: Path) -> int:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        for line in said.read_text().splitlines():
            if line.startswith("port "):
                return int(line.split()[1])
        time.sleep(0.05)
    raise RuntimeError("the careless site did not start")


def _post(port: int, path: str, body: bytes) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("POST", path, body, {"Content-Type": UPLOAD_TYPE})
        connection.getresponse().read()
    except (OSError, http.client.HTTPException):
        if path != "/crash":
            raise
    finally:
        connection.close()
