"""The journals of systemd: their files as they lie there, and what `journalctl` reads in them.

journald packs long fields with zstd, LZ4 or XZ, of which Python can read the last only.
"""

import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from demo.search_terms import SearchTerms
from lab.forensics.places import Found, search_files, search_stream

JOURNALS: Final = (Path("/var/log/journal"), Path("/run/log/journal"))


def search_journal(sought: SearchTerms, *, since: float, places: Sequence[Path] = JOURNALS) -> Found:
    """All files of the journals, and in the clear what was written to them from ``since`` on (seconds since 1970).

    What `journalctl` cannot read, or where there is none, is said in ``missed``.
    """
    found = search_files(places, sought)
    # Folder by folder: those of other machines and of name spaces are left out of what lies above them, and where
    # files are named one by one, a single damaged one keeps it from reading any.
    for folder in sorted({path.parent for place in places for path in place.rglob("*.journal*")}):
        _search_unpacked(folder, sought, int(since), found)
    return found


def _search_unpacked(folder: Path, sought: SearchTerms, since: int, found: Found) -> None:
    reader = ["journalctl", "--quiet", "--output=export", "--all", f"--since=@{since}", f"--directory={folder}"]
    with tempfile.TemporaryFile() as complaints:
        try:
            process = subprocess.Popen(reader, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=complaints)
        except OSError as error:
            found.missed.append(f"long fields in {folder}: journalctl: {error.strerror}")
            return
        with process:
            if process.stdout is not None:
                search_stream(process.stdout, f"what journalctl reads in {folder}", sought, found)
        complaints.seek(0)
        complained = complaints.read().decode(errors="replace").splitlines()
    # It goes on after a file that it cannot read, and ends with 0.
    if process.returncode or complained:
        why = complained[0] if complained else f"ended with {process.returncode}"
        found.missed.append(f"long fields in {folder}: journalctl: {why}")
