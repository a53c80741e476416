"""The desk has a limit on its memory, and what looks at files has its own."""

import re
import signal
import subprocess
import sys
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path

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
    found = re.search(r"^Max data size +(\d+) ", limits, re.MULTILINE)
    assert found is not None
    assert int(found[1]) == MOST_DATA_BYTES <= 300_000_000
