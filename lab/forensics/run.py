"""Searches a server for what sources and staff wrote, in every place and at every moment: `scripts/forensics`.

Ends with 1 when it finds anything that the threat model does not name, when it cannot search a place, and when it
misses the control, which leaves everything in nearly all places, in one of them.
"""

import argparse
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from demo.search_terms import SearchTerms
from lab.forensics.block_search import blocks_verdict
from lab.forensics.control import blind_places, play_control
from lab.forensics.disk_search import system_folders
from lab.forensics.journey import Journey
from lab.forensics.machine import Machine
from lab.forensics.row import Row
from lab.forensics.swap import search_swap
from onion.private_network import PrivateNetwork
from tests.documents.runs import record

_MEBIBYTES: Final = 400
_SHORT_MEBIBYTES: Final = 40
_MARKS: Final = (
    "-  nothing   a  only what the threat model says is there   !  FOUND   ?  NOT SEARCHED   "
    ".  no such place at that moment"
)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="scripts/forensics", description=__doc__)
    parser.add_argument(
        "--short", action="store_true", help="40 MiB, without tor, and only the moments that matter"
    )
    parser.add_argument("--blocks", action="store_true", help="only the blocks of its disk, below the files")
    parser.add_argument("--write", action="store_true", help="put the counts into docs/evidence/forensics.json")
    parser.add_argument("--mebibytes", type=int, help="size of the upload")
    options = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that all that was started is ended as well
    if options.blocks:
        return blocks_verdict()
    mebibytes = options.mebibytes or (_SHORT_MEBIBYTES if options.short else _MEBIBYTES)
    with tempfile.TemporaryDirectory(prefix="forensics-") as name, ExitStack() as running:
        folder = Path(name)
        control = play_control(folder, elsewhere=() if options.short else system_folders())
        network = None
        if not options.short:
            network = running.enter_context(PrivateNetwork(folder / "network", clients=1))
        machine = Machine(
            folder / "machine",
            network=None if network is None else network.folder,
            socks_port=0 if network is None else network.map.socks_ports[0],
        )
        running.callback(machine.stop)
        clock = _Clock()
        journey = Journey(machine, mebibytes=mebibytes, everywhere=not options.short, say=clock.say)
        try:
            journey.play(whole=not options.short)
            with Machine(folder / "faults") as other:
                faults = Journey(other, mebibytes=mebibytes, everywhere=False, say=clock.say)
                faults.rows = journey.rows
                faults.play_faults(whole=not options.short)
            # Once, for what was written to either server.
            swap = search_swap(SearchTerms([*journey.sought.canaries, *faults.sought.canaries]))
            searched = sum(not row.missed for row in swap)
            clock.say(f"areas of swap on this machine: {len(swap)}, of which were searched: {searched}")
            journey.rows += swap
        finally:
            # Also of what was searched before something failed.
            report(journey.rows, control)
    outcome = verdict(journey.rows, control)
    if options.write:
        form = "short, without tor" if options.short else "whole, through tor"
        record("forensics", f"{form}, {mebibytes} MiB", counts(journey.rows, control))
    return outcome if options.short else max(outcome, blocks_verdict())


def report(rows: Sequence[Row], control: Sequence[Row]) -> None:
    """Everything that was searched, and the control."""
    for line in table(rows):
        print(line)
    print("\nthe control, which leaves everything in each of these places:")
    for row in control:
        print(f"  {row.place:30} {'found: ' + ', '.join(sorted(row.found)) if row.found else 'NOTHING FOUND'}")


def table(rows: Sequence[Row]) -> list[str]:
    """Moments from top to bottom, places from left to right; then each finding with its place."""
    places = list(dict.fromkeys(row.place for row in rows))
    moments = list(dict.fromkeys(row.moment for row in rows))
    marks = {(row.moment, row.place): _mark(row) for row in rows}
    width = max(map(len, moments), default=0)
    lines = [f"{' ' * width}  {number:2} {place}" for number, place in enumerate(places, start=1)]
    lines.append(f"{' ' * width}  {' '.join(f'{number:2}' for number in range(1, len(places) + 1))}")
    for moment in moments:
        cells = [marks.get((moment, place), ".") for place in places]
        lines.append(f"{moment:{width}}  {' '.join(f' {cell}' for cell in cells)}")
    searched = sum(row.length for row in rows)
    lines += ["", _MARKS, f"{len(rows)} searches, {searched >> 20} MiB"]
    for row in rows:
        if row.found:
            said = "FOUND" if row.is_leak else "allowed"
            lines.append(f"{said}: {row.moment}, {row.place}: {', '.join(sorted(row.found))}")
        if row.is_leak:
            lines += [f"    {where}" for where in row.where]
        lines += [f"NOT SEARCHED: {row.moment}, {row.place}: {why}" for why in row.missed]
    return lines


def counts(rows: Sequence[Row], control: Sequence[Row]) -> dict[str, int]:
    """The figures of a run, for the file of results."""
    return {
        "searches": len(rows),
        "mib": sum(row.length for row in rows) >> 20,
        "findings": sum(row.is_leak for row in rows),
        "not_searched": len({row.place for row in rows if row.missed}),
        "blind": len(blind_places(control)),
    }


def verdict(rows: Sequence[Row], control: Sequence[Row]) -> int:
    """0 when nothing was found that may not be there, everything was searched, and the search is not blind."""
    leaks = [row for row in rows if row.is_leak]
    missed = {row.place for row in rows if row.missed}
    blind = blind_places(control)
    if blind:
        print(f"\nin the control the search misses something in {', '.join(blind)}")
    print(f"\nfindings of a source or of staff where nothing may be: {len(leaks)}")
    print(f"places that could not be searched: {len(missed)}")
    print(f"places in which the search is blind: {len(blind)}")
    return 1 if leaks or missed or blind else 0


def _mark(row: Row) -> str:
    return "!" if row.is_leak else "?" if row.missed else "a" if row.found else "-"


class _Clock:
    """Says what goes on, with the time since it was made."""

    def __init__(self) -> None:
        self._begun = time.monotonic()

    def say(self, what: str) -> None:
        print(f"{time.monotonic() - self._begun:5.0f} s  {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
