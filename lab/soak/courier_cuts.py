"""The power fails under the courier, while it fetches: what lies under the FILE's name is whole, old or new."""

import http
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

from lab.soak.interrupted import await_bytes, served
from lab.soak.ledger import Content, Ledger
from lab.soak.line import Line
from lab.soak.losses import want
from lab.soak.lossy_disk import LossyDisk
from lab.soak.report import Row, Say
from tests.tipline.served import send_tip
from tests.tipline.site_stage import Answer, Upload

_DISK_MEBIBYTES: Final = 512
_FILE_BYTES: Final = 2_000_000
_MOST_TIMES_ALL: Final = 1.6
"""How many times the bytes of all files must pass before the power goes: from 1.2 on, with all padding, never."""

_MOMENT_SECONDS: Final = 0.05
_TO_ITS_END_SECONDS: Final = 120.0


def play_courier_cuts(folder: Path, kind: str, *, points: int, seed: int, say: Say) -> Row:
    """Cuts under the courier's medium, on one kind of file system.

    Raises:
        Lost: a FILE that was fetched is gone, half of one lies under its name, or what it did not bring does not
            come later either, once, bit by bit.
    """
    rng = random.Random(f"{seed} courier {kind}")
    line = Line(folder)
    ledger = Ledger()
    in_time = 0
    with LossyDisk(folder, kind, mebibytes=_DISK_MEBIBYTES) as disk, served(line) as (web, road):
        assert web.port is not None
        tips = disk.place / "tips.bundles"
        for point in range(1, points + 1):
            text, uploads = f"number {point}", [Upload("a.bin", rng.randbytes(_FILE_BYTES))]
            content = Content.of(text, uploads)
            ledger.sending(content)
            page = send_tip(web.port, text, uploads)
            want(Answer(http.HTTPStatus.OK, [], page).words, "a submission got no receipt")
            ledger.was_promised(content)
            had = tips.exists()
            with subprocess.Popen(
                [sys.executable, "-m", "lab.soak.near_courier", str(road.port), "pull", str(tips)],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                text=True,
            ) as courier:
                passed = rng.uniform(0, _MOST_TIMES_ALL) * point * _FILE_BYTES
                await_bytes(road, courier, round(passed), seconds=_TO_ITS_END_SECONDS)
                time.sleep(rng.uniform(0, _MOMENT_SECONDS))
                ended = courier.poll()
                want(not ended, "a courier is refused though nothing is wrong yet")
                with disk.power_cut():
                    courier.kill()
                    courier.wait()
            want(tips.exists() or not had, "a FILE that was fetched before is gone after the cut")
            if tips.exists():
                line.reviewer.do("import", tips)
                ledger.take(line.reviewer.read_new())
            if ended is not None:
                ledger.require_all()
            in_time += ended is not None
            say(f"{kind}: cut {point} of {points}, under the courier")
        disk.require_lossy()
    ledger.take(line.carry())
    ledger.require_all()
    return Row(f"power cuts under the courier, {kind}", points, f"{in_time} had fetched all when it went")
