"""The power fails at random moments: under the server, under the reviewer's home and media, under the courier."""

import contextlib
import os
import random
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from lab.soak.courier_cuts import play_courier_cuts
from lab.soak.crowd import Crowd
from lab.soak.home_cuts import play_home_cuts
from lab.soak.ledger import Ledger
from lab.soak.line import Line
from lab.soak.losses import want
from lab.soak.lossy_disk import KINDS, LossyDisk
from lab.soak.report import Row, Say
from lab.soak.unit import Unit

_DISK_MEBIBYTES: Final = 2048
_HOME_SHARE: Final = 0.25
_COURIER_SHARE: Final = 0.1
_ROUND_EVERY: Final = 12
_IMPORTS: Final = 0.25


def play_power_cuts(folder: Path, *, points: int, seed: int, say: Say) -> list[Row]:
    """On ext4 and on xfs; most under a server that twenty sources write to, others under reviewer and courier.

    Raises:
        Lost: something that was promised before a cut.
        PermissionError: not root.
    """
    if os.geteuid() != 0:
        raise PermissionError("power cuts mount file systems: run this as root")
    rows = []
    at_home, carried = round(points * _HOME_SHARE), round(points * _COURIER_SHARE)
    for kind, count in zip(KINDS, _halves(points - at_home - carried), strict=True):
        rows.append(_under_the_server(_made(folder / f"server-{kind}"), kind, count, seed, say))
    for kind, count in zip(KINDS, _halves(at_home), strict=True):
        rows.append(play_home_cuts(_made(folder / f"home-{kind}"), kind, points=count, seed=seed, say=say))
    for kind, count in zip(KINDS, _halves(carried), strict=True):
        rows.append(play_courier_cuts(_made(folder / f"courier-{kind}"), kind, points=count, seed=seed, say=say))
    return rows


def _under_the_server(folder: Path, kind: str, points: int, seed: int, say: Say) -> Row:
    rng = random.Random(f"{seed} power {kind}")
    ledger = Ledger()
    with LossyDisk(folder, kind, mebibytes=_DISK_MEBIBYTES) as disk:
        line = Line(folder, site=disk.place / "site")
        unit = Unit(line.server_command("serve", line.site), log=folder / "serve.log")
        with unit, Crowd(unit, ledger, name=kind, seed=seed) as crowd:
            for point in range(1, points + 1):
                crowd.await_random_moment(rng)
                if rng.random() < _IMPORTS:
                    ledger.take(line.carry_out())
                    with _importing(line, rng) as process:
                        unit.stand_still()
                        with disk.power_cut():
                            unit.kill_all()
                            process.kill()
                            process.wait()
                    unit.stand_up()
                    line.carry_in()
                else:
                    unit.stand_still()
                    with disk.power_cut():
                        unit.kill_all()
                    unit.stand_up()
                line.look_into_store()
                crowd.require_sound()
                if point % _ROUND_EVERY == 0 or point == points:
                    ledger.take(line.carry())
                    want(not (damage := line.damage()), f"the store is damaged: {damage}")
                say(
                    f"{kind}: cut {point} of {points}; {ledger.promised} receipts shown, {ledger.unanswered} tries "
                    f"without an answer"
                )
        ledger.take(line.carry())
        say(f"{ledger.require_all(line.mailbox_of)} forms were sent again: the copy of each receipt is there")
        want(ledger.promised or not points, "no one got a receipt: this proves nothing")
        disk.require_lossy()
        return Row(
            f"power cuts under the server, {kind}",
            disk.cuts,
            f"{disk.lost} of them took what was not durable; {ledger.promised} receipts shown, {ledger.unanswered} "
            f"tries without an answer, {ledger.doubled} came twice; started {unit.starts} times",
        )


@contextlib.contextmanager
def _importing(line: Line, rng: random.Random) -> Iterator["subprocess.Popen[bytes]"]:
    """A command that deletes what was receipted is at work. The block ends it, as the power does: while it lives,
    the disk cannot be mounted again."""
    command = line.server_command("import", line.site, line.outbox)
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(rng.uniform(0.1, 1.2))
        want(not process.poll(), "an import is refused though nothing is wrong yet")
        try:
            yield process
        finally:
            process.kill()


def _halves(count: int) -> tuple[int, int]:
    return (count + 1) // 2, count // 2


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder
