"""Repeated searches while the server works, to find data that is on its disk for a moment only."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from demo.search_terms import SearchTerms
from demo.seizure import Findings, descendants, search_folders, search_processes

EVERY_SECONDS = 0.2


@contextmanager
def watching(folders: Sequence[Path], pids: Callable[[], list[int]], sought: SearchTerms) -> Iterator[Findings]:
    """Search the changes in ``folders``, and ``pids`` with all their children, until the block ends.

    A last search comes after that; the findings are complete then.
    """
    findings, over = Findings(), threading.Event()

    def look_again() -> None:
        since, is_last = time.time(), False
        while not is_last:
            is_last, begin = over.wait(EVERY_SECONDS), time.time()
            # File times are coarser than this clock.
            findings.add(search_folders(folders, sought, changed_since=since - 0.1))
            findings.add(search_processes([below for pid in pids() for below in descendants(pid)], sought))
            since = begin

    thread = threading.Thread(target=look_again, name="seizer")
    thread.start()
    try:
        yield findings
    finally:
        over.set()
        thread.join()
