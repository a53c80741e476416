"""The search after a seizure: all bytes of files, their names, and the state of running programs."""

import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from demo.canary import Canary
from demo.search_terms import OVERLAP_BYTES, SearchTerms

PIECE_BYTES = 256 * 1024


@dataclass(slots=True)
class Findings:
    """The searched places, and the places of each canary, by its name."""

    files: int = 0
    bytes: int = 0
    unreadable: list[str] = field(default_factory=list)
    places: dict[str, set[str]] = field(default_factory=dict)

    def found(self, canary: Canary) -> set[str]:
        """The places of one canary."""
        return self.places.get(canary.name, set())

    def add(self, other: "Findings") -> None:
        """Add the findings of a further search."""
        self.files += other.files
        self.bytes += other.bytes
        self.unreadable += other.unreadable
        for name, places in other.places.items():
            self.places.setdefault(name, set()).update(places)


def search_folders(
    folders: Iterable[Path],
    sought: SearchTerms,
    *,
    changed_since: float = 0.0,
    leave_out: Sequence[Path] = (),
) -> Findings:
    """Search all files below ``folders`` and their names.

    Args:
        folders: those that do not exist are passed over.
        sought: what to look for; it remembers pieces that it has seen.
        changed_since: leave out files that were not written after this moment (seconds since 1970).
        leave_out: folders that belong to other machines.
    """
    findings = Findings()
    for folder in folders:
        for path in _files_below(folder, set(leave_out)):
            try:
                facts = path.lstat()
                if facts.st_mtime < changed_since and facts.st_ctime < changed_since:
                    continue
                _search_bytes(os.fsencode(path.name), f"name of {path}", sought, findings)
                if stat.S_ISLNK(facts.st_mode):
                    _search_bytes(os.fsencode(path.readlink()), f"link {path}", sought, findings)
                elif stat.S_ISREG(facts.st_mode):
                    findings.files += 1
                    _search_file(path, str(path), sought, findings)
            except FileNotFoundError:
                continue  # gone in between: it is not there for a seizer either
            except OSError:
                findings.unreadable.append(str(path))
    return findings


def search_processes(pids: Iterable[int], sought: SearchTerms) -> Findings:
    """Search unlinked files that programs hold open, their arguments and their environments."""
    findings = Findings()
    for pid in pids:
        process = Path(f"/proc/{pid}")
        for path, is_nameless in [(process / "cmdline", False), (process / "environ", False)] + [
            (link, True) for link in _entries(process / "fd")
        ]:
            try:
                if is_nameless and not (str(path.readlink()).endswith(" (deleted)") and path.is_file()):
                    continue
                findings.files += 1
                _search_file(
                    path, f"process {pid}: {path.readlink() if is_nameless else path.name}", sought, findings
                )
            except (FileNotFoundError, ProcessLookupError):
                continue
            except OSError:
                findings.unreadable.append(str(path))
    return findings


def descendants(pid: int) -> list[int]:
    """A process and all below it."""
    parents: dict[int, list[int]] = {}
    for entry in _entries(Path("/proc")):
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            except OSError:
                continue
            parents.setdefault(int(fields[1]), []).append(int(entry.name))
    found = [pid]
    for one in found:
        found += parents.get(one, [])
    return found


def _files_below(folder: Path, leave_out: set[Path]) -> Iterator[Path]:
    """Files on this file system only: a mounted one is another disk or, like /proc, no disk at all."""
    try:
        disk = folder.stat().st_dev
    except OSError:
        return
    for place, folders, files in os.walk(folder):
        here = Path(place)
        folders[:] = [name for name in folders if here / name not in leave_out and _is_on(disk, here / name)]
        yield from (here / name for name in [*folders, *files])


def _is_on(disk: int, path: Path) -> bool:
    try:
        return path.lstat().st_dev == disk
    except OSError:
        return False


def _entries(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []


def _search_file(
    path: Path, called: str, sought: SearchTerms, findings: Findings, *, piece_bytes: int = PIECE_BYTES
) -> None:
    tail = b""
    # A name may have become a pipe since it was looked at; nothing may make the search wait.
    with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC), "rb", buffering=0) as file:
        while piece := file.read(piece_bytes):
            findings.bytes += len(piece)
            _search_bytes(tail + piece, called, sought, findings)
            tail = (tail + piece)[-OVERLAP_BYTES:]


def _search_bytes(piece: bytes, called: str, sought: SearchTerms, findings: Findings) -> None:
    for name in sought.names_in(piece):
        findings.places.setdefault(name, set()).add(called)
