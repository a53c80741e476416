"""Runs the fuzzer: ``scripts/fuzz``. One process and one core for each target; the seed decides everything.

An input that makes new lines run, or a new kind of refusal, is kept and changed further. A find is an error that is
not the parser's own, more than 50 ms of processor time, or more than 64 MiB of memory: its bytes are written to
``fuzz-finds/`` in the present folder, and the exit code is 1.
"""

import argparse
import hashlib
import json
import random
import re
import resource
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from lab.fuzz.lines import Lines
from lab.fuzz.mutation import Mutator
from lab.fuzz.target import Target
from lab.fuzz.targets import TARGETS
from tests.documents.runs import record

CORPUS = Path(__file__).parent / "corpus"
FINDS = Path("fuzz-finds")
LIMIT_SECONDS = 0.05
LIMIT_BYTES = 64 << 20
_LOOK_AT_CLOCK_EVERY = 4096
_INVENT_SHARE = 0.25
_MOST_KEPT = 4000
_DIGITS = re.compile(r"[0-9]+")
"""Numbers in a message (of a line, of a bundle) make no new kind of it."""


@dataclass
class Outcome:
    """The findings of one run; ``kept`` are inputs that were the first to come somewhere."""

    target: str
    seed: int
    executions: int = 0
    reached: int = 0
    accepted: int = 0
    seconds: float = 0.0
    slowest_ms: float = 0.0
    finds: list[str] = field(default_factory=list)
    kept: list[bytes] = field(default_factory=list)
    lines: int = 0
    lines_run: int = 0
    missed: list[str] = field(default_factory=list)

    def report(self) -> dict[str, object]:
        return {
            "target": self.target,
            "seed": self.seed,
            "executions": self.executions,
            "per_second": round(self.executions / self.seconds) if self.seconds else 0,
            "accepted": self.accepted,
            "reached_share": round(self.reached / self.executions, 3) if self.executions else 0.0,
            "line_coverage": round(self.lines_run / self.lines, 3) if self.lines else 0.0,
            "missed": self.missed,
            "slowest_ms": round(self.slowest_ms, 1),
            "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10,
            "kept": len(self.kept),
            "finds": self.finds,
        }


class Fuzzer:
    """One target, one seed."""

    def __init__(self, target: Target, seed: int) -> None:
        self._target = target
        self._rng = random.Random(seed)
        self._mutator = Mutator(self._rng, target.tokens)
        self._lines = Lines(target.watch)
        self._pool: list[bytes] = []
        self._kinds: set[str] = set()
        self.outcome = Outcome(target.name, seed)

    def run(self, *, executions: int, seconds: float) -> Outcome:
        """Run this number of inputs, or stop earlier when the seconds are over."""
        began = time.monotonic()
        for raw in [*self._target.seeds, *corpus_of(self._target.name)]:
            self.execute(raw)
        self.outcome.kept.clear()  # they are kept already
        # What makes nothing new is as good to change as what does: seeds stay.
        self._pool = list(dict.fromkeys([*self._target.seeds, *self._pool])) or [b""]
        while self.outcome.executions < executions:
            self.execute(self._next())
            if self.outcome.executions % _LOOK_AT_CLOCK_EVERY == 0 and time.monotonic() - began > seconds:
                break
        out = self.outcome
        out.seconds = time.monotonic() - began
        out.lines, out.lines_run = len(self._lines.all), len(self._lines.ran & self._lines.all)
        out.missed = [f"{Path(file).name}:{number}" for file, number in self._lines.missed]
        self._lines.close()
        return out

    def _next(self) -> bytes:
        invent = self._target.invent
        draw = self._rng.random()
        if invent is not None and draw < _INVENT_SHARE:
            raw = invent(self._rng)
            return raw if draw < _INVENT_SHARE / 2 else self._mutator.change(raw, raw)
        pool = self._pool
        # What was kept last is tried twice as often: it came where nothing had come before.
        place = int(self._rng.random() * len(pool))
        if draw > 0.75:
            place = max(place, int(self._rng.random() * len(pool)))
        return self._mutator.change(pool[place], pool[int(self._rng.random() * len(pool))])

    def execute(self, raw: bytes) -> None:
        out = self.outcome
        out.executions += 1
        ran_before = len(self._lines.ran)
        began = time.thread_time()
        kind = self._outcome_of(raw)
        took = time.thread_time() - began
        if took > LIMIT_SECONDS:
            took = min(took, self._time_again(raw))
            if took > LIMIT_SECONDS:
                self._find(raw, f"{took * 1000:.0f} ms")
        out.slowest_ms = max(out.slowest_ms, took * 1000)
        out.reached += self._target.reached()
        if kind not in self._kinds or len(self._lines.ran) != ran_before:
            self._kinds.add(kind)
            if len(self._pool) < _MOST_KEPT:
                self._pool.append(raw)
                out.kept.append(raw)

    def _outcome_of(self, raw: bytes) -> str:
        try:
            self._lines.during(lambda: self._target.run(raw))
        except self._target.errors as error:
            return f"{type(error).__name__} {_DIGITS.sub('', str(error))}"
        except Exception as error:  # noqa: BLE001 -- this is what a fuzzer looks for
            self._find(raw, f"{type(error).__name__}: {error}")
            return type(error).__name__
        self.outcome.accepted += 1
        return "accepted"

    def _time_again(self, raw: bytes) -> float:
        """The least of six, or the first below the limit: another program may have taken our caches."""
        least = LIMIT_SECONDS * 1000
        for _ in range(6):
            began = time.thread_time()
            self._outcome_of(raw)
            least = min(least, time.thread_time() - began)
            if least <= LIMIT_SECONDS:
                break
        return least

    def _find(self, raw: bytes, what: str) -> None:
        what = _DIGITS.sub("", what)
        if what not in self.outcome.finds:
            self.outcome.finds.append(what)
            FINDS.mkdir(exist_ok=True)
            (FINDS / f"{self._target.name}-{hashlib.sha256(raw).hexdigest()[:16]}.bin").write_bytes(raw)


def corpus_of(name: str) -> list[bytes]:
    """The inputs that are kept in the tree for a target."""
    return [path.read_bytes() for path in sorted((CORPUS / name).glob("*.bin"))]


def limit_memory() -> None:
    """From now on this process may take 64 MiB more than it has; an input that wants more gets a MemoryError."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    _soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + LIMIT_BYTES, hard))


def keep(name: str, kept: Sequence[bytes]) -> None:
    """Write inputs that came somewhere new into the corpus. There are few, so that the tree stays small."""
    for raw in kept:
        folder = CORPUS / name
        folder.mkdir(exist_ok=True)
        (folder / f"{hashlib.sha256(raw).hexdigest()[:16]}.bin").write_bytes(raw)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="scripts/fuzz", description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=f"one or more of {', '.join(TARGETS)}; all")
    parser.add_argument("--executions", type=int, default=100_000, help="inputs for each target (100000)")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="and not longer than this for each")
    parser.add_argument("--seed", type=int, default=1, help="another seed, other inputs (1)")
    parser.add_argument("--keep", action="store_true", help="add inputs that came somewhere new to the corpus")
    parser.add_argument("--write", action="store_true", help="put the counts into docs/evidence/fuzzing.json")
    asked = parser.parse_args(arguments)
    if unknown := set(asked.targets) - set(TARGETS):
        parser.error(f"no such target: {', '.join(sorted(unknown))}")
    found = False
    for name in asked.targets or TARGETS:
        fuzzer = Fuzzer(TARGETS[name], asked.seed)
        limit_memory()
        outcome = fuzzer.run(executions=asked.executions, seconds=asked.seconds)
        print(json.dumps(outcome.report()), flush=True)
        if asked.keep:
            keep(name, outcome.kept)
        if asked.write:
            counted = ("seed", "executions", "accepted", "line_coverage", "slowest_ms")
            record("fuzzing", name, {figure: outcome.report()[figure] for figure in counted})
        share = outcome.reached / max(outcome.executions, 1)
        found |= bool(outcome.finds) or share < TARGETS[name].least_reached
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
