"""The witness: seven files by the page for files, through a slow line to a real onion, in Firefox at "Safest".

The connection is lost once on the way; what arrives in the end is opened by the reviewer's own program.
``WITNESS_MIB=400 .venv/bin/pytest lab/journeys/test_witness.py`` sends as much as it says (40 without it), and
``WITNESS_PICTURES=FOLDER`` keeps what the screen showed.
"""

import os
import re
import secrets
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from demo.errors import BrowserError
from demo.firefox import Firefox
from demo.machine import program
from demo.staff import Reviewer
from demo.stage import Stage
from lab.journeys.journey import Journey
from tests.slow_line import SlowLine
from tipline.instance.site_settings import SiteSettings

pytestmark = [pytest.mark.tor, pytest.mark.browser]

MIB = 1 << 20
ALL_MIB = int(os.environ.get("WITNESS_MIB", "40"))
SLOW, QUICK = MIB, 30 * MIB
"""Bytes a second: so that a quick machine does not have all before the line breaks."""
HEALED_SECONDS = 6.0
"""So short a break Firefox heals by itself: it sends once more."""
STAYS_SECONDS = 20.0
"""The frame that counts looks every five seconds."""
TEXT = "Seven papers from the office.\nСемь бумаг."
STOPPED = "You pressed “Stop sending”"
IDLE = "You will see numbers here while your files are being sent. Above it says when everything has arrived."
BROKE_OFF = (
    "Sending stopped.",
    "We saved nothing.",
    "Press Send again. If it stays like this, press “Stop sending”, then Send again.",
)
COUNT = re.compile(r"([\d.]+) MB of ([\d.]+) MB have arrived\. ([\d.]+) MB are left\.")


def seven_files(folder: Path) -> tuple[Path, ...]:
    """Of every awkward length, and all that is missing in the last one."""
    sizes = [0, 1, 65_535, 65_537, MIB - 1, 10 * MIB]
    sizes.append(ALL_MIB * MIB - sum(sizes))
    names = ["empty.txt", "one", "доклад.pdf", "a photo.jpg", "صورة.png", "list.xlsx", "film.mp4"]
    folder.mkdir()
    for name, size in zip(names, sizes, strict=True):
        with (folder / name).open("wb") as file:
            for begin in range(0, size, MIB):
                file.write(secrets.token_bytes(min(MIB, size - begin)))
    return tuple(folder / name for name in names)


def picture(window: Firefox, name: str, tmp_path: Path) -> None:
    window.screenshot(Path(os.environ.get("WITNESS_PICTURES", tmp_path)) / f"witness-{name}.png")


def eventually(
    condition: Callable[[], bool], *, seconds: float = 60, otherwise: Callable[[], object] = lambda: ""
) -> None:
    """``otherwise`` tells what there is instead."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, f"it did not come to that: {otherwise()}"
        time.sleep(0.2)


def counted(window: Firefox) -> str:
    """The text of the counting frame; empty while it is being loaded again."""
    try:
        with window.inside("/files/progress"):
            return " ".join(window.text("main").split())
    except BrowserError:
        return ""


def told(window: Firefox, *sentences: str) -> bool:
    said = counted(window)
    return all(each in said for each in sentences)


def arrived_mb(window: Firefox) -> float:
    found = COUNT.search(counted(window))
    return float(found[1]) if found else 0.0


def result(window: Firefox) -> str:
    """The text of the frame that takes the upload; empty while it does."""
    try:
        with window.inside("/files/send"):
            return window.text("h2")
    except BrowserError:
        return ""


def has_arrived(window: Firefox) -> bool:
    return result(window) == "Everything has arrived"


def sends_again(window: Firefox) -> bool:
    """As the page says; whether it had to be stopped first, as the browser believed that it was still under way."""
    window.press("button.send", loads=False)
    until = time.monotonic() + STAYS_SECONDS
    while BROKE_OFF[0] in (said := counted(window)) or not said:
        if time.monotonic() > until:
            window.press("a[target=result]", loads=False)
            eventually(lambda: result(window) == STOPPED)
            window.press("button.send", loads=False)
            return True
        time.sleep(0.2)
    return False


def test_the_witness_sees_seven_files_arrive_loses_the_connection_once_and_all_is_bit_exact_at_the_reviewer(
    tip_line: Stage, tmp_path: Path
) -> None:
    files = seven_files(tmp_path / "papers")
    socks_port = tip_line.socks_ports[0]
    with (
        SlowLine(socks_port, bytes_per_second=SLOW) as line,
        Journey(tmp_path / "browser", "witness", line) as window,
    ):
        window.open(f"http://{tip_line.address}/")
        window.tick("form details:last-of-type summary")
        window.press_into_a_new_window("form a[href$='/files']")  # what was typed here stays
        window.fill("#text", TEXT)
        window.attach("#files", files)
        window.press("button.send", loads=False)
        eventually(lambda: arrived_mb(window) > 0)
        first = arrived_mb(window)
        eventually(lambda: arrived_mb(window) > first)
        picture(window, "1-counting", tmp_path)

        line.cut()
        eventually(lambda: not COUNT.search(counted(window)), seconds=60)
        time.sleep(HEALED_SECONDS)
        line.mend()
        line.bytes_per_second = QUICK
        window.press("a[target=progress]", loads=False)
        eventually(lambda: told(window, *BROKE_OFF), seconds=60)
        picture(window, "2-broken", tmp_path)

        had_to_stop = sends_again(window)
        eventually(
            lambda: result(window) not in {"", STOPPED},  # which stands there until the next sending is answered
            seconds=120 + 2 * ALL_MIB,
            otherwise=lambda: (counted(window), line.carried_bytes),
        )
        assert has_arrived(window), result(window)
        eventually(lambda: counted(window) == IDLE, seconds=60)
        picture(window, "3-arrived", tmp_path)
        with window.inside("/files/send"):
            assert "7 files" in window.text("main")
            window.press("form button")
        assert window.text("h1") == "Your message has arrived"
        assert len(window.text("[data-passphrase]").split()) == 8
        picture(window, "4-receipt", tmp_path)
        cost = window.cost(only=tip_line.address)
        assert (cost.presses - 2 * had_to_stop, cost.pages) == (6, 3), "docs/develop/design-notes.md says so"
        assert cost.bytes_on_the_wire > ALL_MIB * MIB

    bundles = tip_line.stick / "witness.bundles"
    pull = (program("tipline"), "courier", "pull", tip_line.courier_home, "--out", bundles)
    tip_line.courier.run(*pull, seconds=120 + 2 * ALL_MIB)
    reviewer = Reviewer(tip_line)
    reviewer.take_in(bundles)
    (submission,) = [one for one in reviewer.new_ones() if TEXT in {field["value"] for field in one["fields"]}]
    reviewer.read(submission, TEXT)
    reviewer.save_and_compare(submission, files)


def test_too_much_is_told_within_seconds_though_the_browser_is_still_sending_and_a_better_choice_gets_in(
    tip_line: Stage, tmp_path: Path
) -> None:
    too_much = tmp_path / "film.mp4"
    with too_much.open("wb") as sparse:
        sparse.truncate(SiteSettings().limits.request_bytes + 1)
    with (
        SlowLine(tip_line.socks_ports[0], bytes_per_second=SLOW) as line,
        Firefox(tmp_path / "browser", socks_port=line.port) as window,
    ):
        window.open(f"http://{tip_line.address}/files")
        window.fill("#text", "A film.")
        window.attach("#files", [too_much])
        window.press("button.send", loads=False)
        # All of it would take seventeen minutes.
        eventually(
            lambda: "Everything together was too big. You can send up to 2 GB" in counted(window), seconds=60
        )
        picture(window, "5-too-much", tmp_path)
        window.press("a[target=result]", loads=False)
        eventually(lambda: "You pressed “Stop sending”" in result(window))
        less = tmp_path / "film.zip"
        less.write_bytes(b"less of it")
        window.attach("#files", [less])
        window.press("button.send", loads=False)
        eventually(lambda: has_arrived(window), seconds=60)
