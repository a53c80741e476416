"""Every place of a machine that is no memory of a process, and those of the whole system."""

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from demo.search_terms import SearchTerms
from lab.forensics.journal import JOURNALS
from lab.forensics.places import Found, search_clear_log, search_clear_store, search_files

SHARED_MEMORY: Final = Path("/dev/shm")  # noqa: S108 -- one of the places
_SYSTEM: Final = (Path("/tmp"), Path("/var/tmp"), Path("/var/log"))  # noqa: S108 -- to be searched


def search_disk(
    folder: Path, key: bytes, sought: SearchTerms, *, since: float, elsewhere: Sequence[Path] = ()
) -> Iterator[tuple[str, Found]]:
    """Search for traces that a machine in ``folder`` left there, in shared memory, and in the folders
    ``elsewhere``, each of them a
    place of its own. What is not in ``folder`` is searched where it changed after ``since``."""
    site, tmp = folder / "site", folder / "tmp"
    dumps = [path for path in tmp.rglob("core*") if path.is_file()]
    yield "data folder", search_files([site], sought, leave_out=[site / "onion"])
    yield "pages in the clear", search_clear_store(site, key, sought)
    yield "write-ahead log in the clear", search_clear_log(site, key, sought)
    yield "temp folders", search_files([tmp], sought, leave_out=dumps)
    yield "shared memory", search_files([SHARED_MEMORY], sought, changed_since=since)
    yield "standard output", search_files([folder / "said"], sought)
    yield "standard error", search_files([folder / "complained"], sought)
    yield "tor's folder", search_files([site / "onion"], sought)
    yield "core dumps", search_files(dumps, sought)
    for place in elsewhere:
        yield str(place), search_files([place], sought, changed_since=since, leave_out=[folder, *JOURNALS])


def system_folders() -> list[Path]:
    """Those for what is temporary and for logs that are on this machine, shared memory aside."""
    return sorted(place for place in {Path(tempfile.gettempdir()), *_SYSTEM} if place.is_dir())
