"""Records visits through the tap, and has them judged: ``scripts/traffic``."""

import argparse
import json
import random
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from lab.forensics.machine import Machine
from lab.traffic.onlooker import to_json
from lab.traffic.record import HOST, Recorded, learn_from_firefox, record
from lab.traffic.tap import Tap

_VISITS: Final = 100
_SHORT_VISITS: Final = 20
_TREE: Final = Path(__file__).parents[2]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="scripts/traffic", description=__doc__)
    parser.add_argument("--short", action="store_true", help="few visits: too few for a verdict on what is alike")
    parser.add_argument("--visits", type=int, help="of each class")
    parser.add_argument("--keep", type=Path, metavar="FILE", help="where to keep what the onlooker wrote down")
    parser.add_argument("--seed", type=int, help="of a run before, for the same order, sources and texts")
    parser.add_argument("--write", action="store_true", help="put the guesses into docs/evidence/traffic.json")
    parser.add_argument("--judge", type=Path, required=True, help="a python with scikit-learn")
    options = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that all that was started is ended as well
    seed = random.SystemRandom().getrandbits(32) if options.seed is None else options.seed
    print(f"seed {seed}", file=sys.stderr, flush=True)
    random.seed(seed)
    with tempfile.TemporaryDirectory(prefix="traffic-") as name:
        folder = Path(name)
        visits = options.visits or (_SHORT_VISITS if options.short else _VISITS)
        written = options.keep or folder / "visits.json"
        seen = _watched(folder, visits)
        written.write_text(json.dumps({name: [to_json(visit) for visit in made] for name, made in seen.items()}))
        command = [options.judge, "-m", "lab.traffic.judge", written.absolute()]
        command += ["--write"] if options.write else []
        return subprocess.run(command, cwd=_TREE, check=False).returncode


def _watched(folder: Path, visits: int) -> Recorded:
    with Machine(folder / "machine") as machine:
        machine.start()
        with Tap(HOST, machine.address.port) as tap:
            manner, _passed = learn_from_firefox(folder / "firefox", tap)
            return record(machine, tap, manner, visits)


if __name__ == "__main__":
    sys.exit(main())
