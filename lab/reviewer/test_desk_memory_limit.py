"""The desk and an import have a limit on their memory, and what looks at files has its own."""

import os
import re
import signal
import subprocess
import sys
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path

from reviewer.cli import MOST_DATA_BYTES as COMMAND_LIMITS
from reviewer.desk.server import MOST_DATA_BYTES
from tests.reviewer.clean_copy import photos
from tests.reviewer.desk_stage import PROGRAM, Desk
from tests.reviewer.viewers.samples import pdf
from tests.tipline.processes import ended_after


def test_the_desk_may_use_300_mb_and_looks_at_large_files_all_the_same(desk: Desk) -> None:
    large = photos.encoded(photos.board((8000, 6000)), "JPEG") + bytes(100 << 20)
    (short_id,) = desk.take_in(desk.server.seal(files=[("p.pdf", "", pdf(1)), ("large.jpg", "", large)]))
    command = [sys.executable, "-c", PROGRAM, "--beside-network", "desk", desk.home]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    with ended_after(process):
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        with browser.open(address):
            pass
        limits = Path(f"/proc/{process.pid}/limits").read_text(encoding="ascii")
        site = address.partition("/open/")[0]
        for number in (1, 2):
            with browser.open(f"{site}/tip/{short_id}/look/{number}/picture/1/colour") as picture:
                assert picture.read(4) == b"\x89PNG"
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
    assert process.returncode == 0
    assert data_limit(limits) == MOST_DATA_BYTES <= 300_000_000


def data_limit(limits: str) -> int:
    found = re.search(r"^Max data size +(\d+) ", limits, re.MULTILINE)
    assert found is not None
    return int(found[1])


def test_an_import_may_use_300_mb_and_takes_in_long_texts_and_files_all_the_same(desk: Desk) -> None:
    """The file is a pipe, so that the process waits for it while its limits are read."""
    tips = [
        desk.server.seal(
            fields=[("text", f"{number} " + "word " * 40_000)],
            files=[("a.bin", "", bytes(5 << 20))],
            submission_id=bytes([number]) * 16,
        )
        for number in (1, 2)
    ]
    content = desk.write(desk.server.submissions(*tips)).read_bytes()
    pipe = desk.folder / "pipe"
    os.mkfifo(pipe)
    command = [sys.executable, "-c", PROGRAM, "--beside-network", "import", desk.home, pipe]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    with ended_after(process):
        with pipe.open("wb") as sink:  # opens once the process reads
            limits = Path(f"/proc/{process.pid}/limits").read_text(encoding="ascii")
            sink.write(content)
        _told, troubles = process.communicate(timeout=120)
    assert process.returncode == 0, troubles
    assert data_limit(limits) == COMMAND_LIMITS["import"] <= 300_000_000
    assert len(desk.submissions()) == 2
