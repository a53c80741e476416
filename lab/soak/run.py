"""Kills, power cuts, couriers that break off, a count of thousands, and random walks: nothing that was promised may
be lost."""

import argparse
import secrets
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from lab.soak.count import play_count
from lab.soak.faults import play_faults
from lab.soak.interrupted import play_interrupted
from lab.soak.kills import play_kills
from lab.soak.losses import Lost
from lab.soak.power_cuts import play_power_cuts
from lab.soak.report import Row, Say, table
from lab.soak.walks import play_walks
from tests.documents.runs import record

_LAST_LINES: Final = 12

Play = Callable[..., list[Row]]


def _play_couriers(folder: Path, *, points: int, seed: int, say: Say) -> list[Row]:
    (folder / "faults").mkdir()
    return [*play_interrupted(folder, points=points, seed=seed, say=say), play_faults(folder / "faults", say)]


_PARTS: Final[dict[str, tuple[Play, int, int]]] = {
    "kills": (play_kills, 200, 8),
    "powercuts": (play_power_cuts, 200, 8),
    "couriers": (_play_couriers, 50, 6),
    "count": (play_count, 2000, 60),
    "walks": (play_walks, 10_000, 60),
}
"""Each with its points in the long form and in the short one."""


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="scripts/soak", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(_PARTS)}; all where none is named")
    parser.add_argument("--short", action="store_true", help="few points of each, some seconds")
    parser.add_argument("--write", action="store_true", help="put the results into docs/evidence/soak.json")
    parser.add_argument("--points", type=int, help="how many points of each part")
    parser.add_argument(
        "--seed", type=int, help="what the random moments are drawn from; printed when none is given"
    )
    options = parser.parse_args(arguments)
    unknown = set(options.parts) - _PARTS.keys()
    if unknown:
        parser.error(f"there is no part {min(unknown)}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that all that was started is ended as well
    seed = secrets.randbelow(1_000_000) if options.seed is None else options.seed
    print(f"seed {seed}", flush=True)
    failures = 0
    rows: list[Row] = []
    for name in options.parts or _PARTS:
        play, long_points, short_points = _PARTS[name]
        points = options.points or (short_points if options.short else long_points)
        before, failed = len(rows), not _play(name, play, points, seed, rows)
        failures += failed
        if options.write:
            _record(name, points, seed, "FAILED" if failed else "", rows[before:])
    for line in table(rows) if rows else []:
        print(line)
    print(f"parts that failed or lost something: {failures}")
    return 1 if failures else 0


def _record(name: str, points: int, seed: int, failed: str, rows: Sequence[Row]) -> None:
    result = "; ".join(filter(None, [failed, *(f"{row.what}: {row.came_of_it}" for row in rows)]))
    record("soak", name, {"points": points, "seed": seed, "result": result})


def _play(name: str, play: Play, points: int, seed: int, rows: list[Row]) -> bool:
    began = time.monotonic()
    say: Say = lambda line: print(f"{name} {time.monotonic() - began:6.1f} s  {line}", flush=True)  # noqa: E731
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        try:
            rows += play(Path(folder), points=points, seed=seed, say=say)
        except Lost as lost:
            _print_logs(Path(folder))
            print(f"{name}: LOST: {lost}\nagain: scripts/soak {name} --points {points} --seed {seed}", flush=True)
            return False
        except Exception:  # noqa: BLE001 -- the other parts are worth their run all the same
            traceback.print_exc()
            _print_logs(Path(folder))
            print(f"{name}: FAILED\nagain: scripts/soak {name} --points {points} --seed {seed}", flush=True)
            return False
    say("done")
    return True


def _print_logs(folder: Path) -> None:
    """The end of what the servers said; their folders go with the run."""
    for log in sorted(folder.rglob("*.log")):
        print(f"{log.name}:", *log.read_text(errors="replace").splitlines()[-_LAST_LINES:], sep="\n    ")


if __name__ == "__main__":
    sys.exit(main())
