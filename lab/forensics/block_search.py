"""Plays a server and the careless site on disks of their own, and says what the blocks of these disks tell.

`python -m lab.forensics.block_search FOLDER`, started by :func:`search_blocks`. Prints a line of JSON for each.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

from demo.search_terms import SearchTerms
from lab.forensics.blocks import BlockDisk, clear_below, commits, pieces_of
from lab.forensics.careless import KEY
from lab.forensics.control import EVERYTHING, control_canaries, play_control
from lab.forensics.journey import Secrets
from lab.forensics.machine import Machine
from lab.forensics.places import plain_and_compressed
from lab.forensics.visitor import Visitor
from tests.tipline.site_stage import Upload

_ROOT: Final = Path(__file__).parents[2]
_TEXTS: Final = 5
_APART_SECONDS: Final = 1.3


@dataclass(frozen=True)
class Told:
    """Findings in the blocks of one disk.

    ``without_key`` and ``with_key`` are names of canaries. For each arrival, ``off_seconds`` is how far the nearest
    moment in the file system's journal is from it. Of reply rows that became dummies (``dummies``), ``seen`` still
    show what they were, to anyone who has the key.
    """

    without_key: list[str]
    with_key: list[str]
    off_seconds: list[float] = field(default_factory=list)
    dummies: int = 0
    seen: int = 0


def search_blocks(folder: Path) -> tuple[Told, Told]:
    """Of a server, and of the control; below ``folder``, where no one else sees what is mounted. Needs root.

    Raises:
        subprocess.CalledProcessError: it failed; what it complained of is in ``stderr``.
    """
    command = ["unshare", "--mount", sys.executable, "-m", "lab.forensics.block_search", str(folder)]
    said = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, check=True).stdout
    ours, control = (Told(**json.loads(line)) for line in said.splitlines())
    return ours, control


def blocks_verdict() -> int:
    """Search, and say what was found; 0 when nothing that anyone wrote was, and the search is not blind."""
    with tempfile.TemporaryDirectory(prefix="blocks-") as name:
        ours, control = search_blocks(Path(name))
    blind = EVERYTHING - set(control.without_key) & set(control.with_key)
    found = {*ours.without_key, *ours.with_key}
    print("\nthe blocks of its disk, ext4, below the files:")
    print(f"  of what anyone wrote: {', '.join(sorted(found)) or 'nothing, without the database key and with it'}")
    print(f"  the control: {'MISSED ' + ', '.join(sorted(blind)) if blind else 'all of it is found, both ways'}")
    print("  what the threat model says they tell:")
    off = max(ours.off_seconds)
    print(f"    arrivals that the journal of ext4 has, to within {off:.3f} s: {len(ours.off_seconds)}")
    print(
        f"    reply rows that became dummies, and are seen as they were with the key: {ours.seen} of {ours.dummies}"
    )
    return 1 if found or blind else 0


def ours(folder: Path) -> Told:
    """A server that took tips, and an answer that was deleted."""
    told = Secrets()
    with BlockDisk(folder) as disk, Machine(disk.place / "machine") as machine:
        machine.start()
        arrivals, before = _play(machine, told)
        with machine.served.store() as store:
            gone = before - {tag for _id, _salt, tag in store.replies.tags()}
    blocks, key = disk.blocks(), machine.served.key
    moments = commits(blocks)
    in_clear = b"".join(clear_below(blocks, key))
    return Told(
        *_found(blocks, key, SearchTerms(told.canaries)),
        off_seconds=[min(abs(moment - arrival) for moment in moments) for arrival in arrivals],
        dummies=len(gone),
        seen=sum(tag in in_clear for tag in gone),
    )


def careless(folder: Path) -> Told:
    """The control: a site that leaves everything everywhere."""
    told = Secrets()
    with BlockDisk(folder) as disk:
        play_control(disk.place, told)
    return Told(*_found(disk.blocks(), KEY, control_canaries(told)))


def _found(blocks: bytes, key: bytes, sought: SearchTerms) -> tuple[list[str], list[str]]:
    return _names(pieces_of(blocks), sought), _names(clear_below(blocks, key), sought)


def _play(machine: Machine, told: Secrets) -> tuple[list[float], set[bytes]]:
    """Tips, an answer, a log-in, and its deletion. When each tip came, in seconds since 1970; and the tags of all
    reply rows before the deletion."""
    arrivals = []
    for number in range(_TEXTS):
        time.sleep(_APART_SECONDS)
        visitor = Visitor(machine.address)
        visitor.get("/form/1")
        fields = [
            ("nonce", visitor.hidden("nonce")),
            ("text", f"I saw {told.written['text']}, {number}."),
            ("q:company", f"Example {told.written['answer']}"),
        ]
        content = told.written["content"].encode() * 20_000
        visitor.upload("/form/1", fields, [Upload(told.written["name"] + ".bin", content)])
        arrivals.append(time.time())
        told.words = visitor.words()
    told.keys = keys = machine.mailbox(told.words)
    machine.carry_in((told.written["reply"], keys), ("another", keys))
    with machine.served.store() as store:
        before = {tag for _id, _salt, tag in store.replies.tags()}
    visitor.post("/mailbox", [("passphrase", " ".join(told.words))])
    delete = [("nonce", visitor.hidden("nonce", form="/mailbox/delete")), ("which", "all")]
    message = [("nonce", visitor.hidden("nonce", form="/mailbox/write")), ("text", told.written["message"])]
    visitor.upload("/mailbox/write", message)
    visitor.post("/mailbox/delete", delete)
    visitor.get("/left")
    return arrivals, before


def _names(pieces: Iterable[bytes], sought: SearchTerms) -> list[str]:
    return sorted(frozenset().union(*(sought.names_in(piece, plain_and_compressed) for piece in pieces)))


def main() -> None:
    for play in (ours, careless):
        folder = Path(sys.argv[1]) / play.__name__
        folder.mkdir()
        print(json.dumps(asdict(play(folder))), flush=True)


if __name__ == "__main__":
    main()
