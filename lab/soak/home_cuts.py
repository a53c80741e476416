"""The power fails under the reviewer: its home, the root medium, the twin, and what it writes for others.

Each command is started, and the power goes at a random moment of it, or after it. What it had said by then must
hold, its product, carried away before, included; where it had not ended, the same command again must finish it.
"""

import contextlib
import hashlib
import random
import shutil
import subprocess
import time
from collections import Counter
from pathlib import Path
from typing import Final

from lab.soak.losses import Lost, want
from lab.soak.lossy_disk import LossyDisk
from lab.soak.office import Act, Office
from lab.soak.report import Row, Say

_DISK_MEBIBYTES: Final = 1024
_LONGER: Final = 1.15
_ENDED: Final = 0.3
_TO_ITS_END_SECONDS: Final = 120.0


class _Cuts:
    """Commands of an office, one after the other, each with its end or without."""

    def __init__(self, folder: Path, disk: LossyDisk, rng: random.Random) -> None:
        self._rng = rng
        self._disk = disk
        self._away = folder
        self._office = Office(folder, disk.place, rng)
        self._seconds: dict[str, float] = {}

    def __enter__(self) -> "_Cuts":
        return self

    def __exit__(self, *_: object) -> None:
        self._office.close()

    def names(self) -> list[str]:
        return list(self._office.acts())

    def whole(self, name: str) -> None:
        """One command without a cut; how long it takes."""
        act = self._office.acts()[name]()
        began = time.monotonic()
        self._office.is_repetition = False
        self._do(act)
        self._seconds[act.command] = time.monotonic() - began

    def cut(self, name: str) -> tuple[str, bool]:
        """One command, and the power goes; which it was, and whether it had ended by then."""
        act = self._office.acts()[name]()
        with subprocess.Popen(
            self._office.reviewer.command(act.command, *act.arguments),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        ) as process:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(self._moment(act.command))
            ended = process.poll()
            if ended:
                assert process.stderr is not None
                raise Lost(f"tipline-review {act.command} was refused: {process.stderr.read().decode()}")
            carried = self._carried_away(act) if ended == 0 else None
            with self._disk.power_cut():
                process.kill()
                process.wait()
        self._office.require_usable()
        self._office.is_repetition = ended is None and not act.is_done()
        if self._office.is_repetition:
            self._do(act)
        elif carried is not None:
            assert act.product is not None
            want(_digests(act.product) == _digests(carried), f"what {act.command} wrote is not there any more")
            act.use(carried)
        else:
            act.use(self._disk.place)
        return act.command, ended is not None

    def _moment(self, command: str) -> float:
        """When to cut, in seconds: mostly in the middle, else when it has ended."""
        if self._rng.random() < _ENDED:
            return _TO_ITS_END_SECONDS
        return self._rng.uniform(0, _LONGER * self._seconds[command])

    def end(self) -> None:
        """Everything that was sent is there once, and the newest backup has it as well."""
        self.whole("import")
        self._office.require_all()
        self.whole("backup")
        self._office.reviewer.do("log verify")

    def _do(self, act: Act) -> None:
        ended = subprocess.run(
            self._office.reviewer.command(act.command, *act.arguments), capture_output=True, text=True, check=False
        )
        want(ended.returncode == 0, f"tipline-review {act.command} was refused after the cut: {ended.stderr}")
        act.use(self._carried_away(act) or self._disk.place)

    def _carried_away(self, act: Act) -> Path | None:
        """Its files on another disk, with those beside them."""
        if act.product is None:
            return None
        away = self._away / "away"
        shutil.rmtree(away, ignore_errors=True)
        away.mkdir()
        for path in act.product.parent.glob(f"{act.product.name}*"):
            (shutil.copytree if path.is_dir() else shutil.copyfile)(path, away / path.name)
        return away / act.product.name


def _digests(product: Path) -> dict[Path, bytes]:
    """Of each file of it, and of those beside it that begin with its name."""
    found = {}
    for beside in product.parent.glob(f"{product.name}*"):
        for path in [beside, *beside.rglob("*")]:
            if path.is_file():
                with path.open("rb") as file:
                    found[path.relative_to(product.parent)] = hashlib.file_digest(file, "sha256").digest()
    return found


def play_home_cuts(folder: Path, kind: str, *, points: int, seed: int, say: Say) -> Row:
    """Cuts under the reviewer, on one kind of file system.

    Raises:
        Lost: something that was there, or was said to be, before a cut.
    """
    rng = random.Random(f"{seed} home {kind}")
    done: Counter[str] = Counter()
    in_time = 0
    with LossyDisk(folder, kind, mebibytes=_DISK_MEBIBYTES) as disk:
        with _Cuts(folder, disk, rng) as cuts:
            for name in cuts.names():
                cuts.whole(name)
            for point in range(1, points + 1):
                command, had_ended = cuts.cut(rng.choice(cuts.names()))
                in_time += had_ended
                done[command] += 1
                say(f"{kind}: cut {point} of {points}, under {command}")
            cuts.end()
        disk.require_lossy()
    told = ", ".join(f"{name} {count}" for name, count in sorted(done.items()))
    return Row(f"power cuts under the reviewer, {kind}", points, f"{told}; {in_time} had ended when it went")
