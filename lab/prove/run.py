"""Runs the proofs that take long, part by part: ``scripts/prove``.

A run that was broken off goes on where it was: a part that held at the same commit is not run again. Ends with 1
where a part fails.
"""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from lab.prove.commit import TREE, commit
from lab.prove.parts import LONG, SHORT, Part
from lab.prove.results import FAILS, HOLDS, Result, Results, table
from tests.documents.machine import machine


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="scripts/prove", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help="only these; --list names them")
    parser.add_argument("--short", action="store_true", help="the short form, below 30 minutes")
    parser.add_argument("--folder", type=Path, default=TREE / "prove-results", help="state file, logs and outputs")
    parser.add_argument("--again", action="store_true", help="also run parts that held at this commit")
    parser.add_argument("--write", action="store_true", help="put measured figures into docs/evidence/ as well")
    parser.add_argument("--list", action="store_true", help="name the parts with their commands, and run nothing")
    options = parser.parse_args(arguments)
    known = SHORT if options.short else LONG
    unknown = set(options.parts) - {part.name for part in known}
    if unknown:
        parser.error(f"there is no part {min(unknown)}")
    chosen = [part for part in known if not options.parts or part.name in options.parts]
    folder: Path = options.folder.absolute()
    if options.list:
        for part in chosen:
            print(f"{part.name}: {part.shows}")
            print(
                *(f"    {' '.join(command)}" for command in _commands(part, folder, write=options.write)), sep="\n"
            )
        return 0
    return prove(chosen, folder, commit(), again=options.again, write=options.write)


def prove(parts: Sequence[Part], folder: Path, here: str, *, again: bool = False, write: bool = False) -> int:
    """Runs the parts in turn, writes a line for each, and prints the table; 0 where all hold at commit ``here``."""
    results = Results(folder)
    print(f"results and logs: {folder}", flush=True)
    for part in parts:
        if not again and results.is_done(part.name, here):
            print(f"== {part.name}: held at {here} already", flush=True)
            continue
        print(f"== {part.name}: {part.shows}", flush=True)
        began = time.monotonic()
        holds = _run(part, folder, write=write)
        result = Result(part.name, here, HOLDS if holds else FAILS, (time.monotonic() - began) / 60)
        results.add(result)
        print(f"   {result.outcome}, {result.minutes:.1f} minutes", flush=True)
    last = [(part.name, part.shows, results.last_of(part.name)) for part in parts]
    print(f"On {machine()}.", *table(last), sep="\n", flush=True)
    return int(any(one is None or (one.commit, one.outcome) != (here, HOLDS) for _, _, one in last))


def _run(part: Part, folder: Path, *, write: bool) -> bool:
    """All commands of a part, also after one that failed; what they print goes to a log."""
    log = folder / f"{part.name.replace(' ', '-')}.log"
    holds = True
    with log.open("w", encoding="utf-8") as sink:
        for command in _commands(part, folder, write=write):
            sink.write(f"$ {' '.join(command)}\n")
            sink.flush()
            ended = subprocess.run(
                command, cwd=TREE, stdin=subprocess.DEVNULL, stdout=sink, stderr=subprocess.STDOUT, check=False
            )
            sink.write(f"ended with {ended.returncode}\n")
            holds &= ended.returncode == 0
    if not holds:
        print(*log.read_text(encoding="utf-8", errors="replace").splitlines()[-30:], sep="\n   ")
    return holds


def _commands(part: Part, folder: Path, *, write: bool) -> list[list[str]]:
    processes = max(2, min(4, os.cpu_count() or 1))
    return part.filled(kept=folder / "measured", python=sys.executable, processes=processes, write=write)


if __name__ == "__main__":
    sys.exit(main())
