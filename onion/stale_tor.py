"""A tor that outlived the process that started it.

As a rule it ends within seconds: it watches its owner. Some hang as they end (tor 0.4.9, where threads are freed),
hear no signal, and hold the lock of their data folder, so that none could start there again.
"""

import contextlib
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

OWNER_OPTION = "--__OwningControllerProcess"
_PROC = Path("/proc")
_TERM_SECONDS = 3.0
_LOOK_SECONDS = 0.05


def end_stale_tor(torrc: Path, *, proc: Path = _PROC, term_seconds: float = _TERM_SECONDS) -> None:
    """End each tor of this torrc whose owner is gone, by SIGKILL if needed; others are left alone.

    ``proc`` is the kernel's folder of processes; each has ``term_seconds`` to end by itself.
    """
    left = list(_left(os.fsencode(torrc), proc))
    for signal_number in (signal.SIGTERM, signal.SIGKILL):
        for process in left:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(process, signal_number)
        deadline = time.monotonic() + term_seconds
        while left and time.monotonic() < deadline:
            time.sleep(_LOOK_SECONDS)
            left = [process for process in left if _state_and_parent(proc, process) is not None]


def _left(torrc: bytes, proc: Path) -> Iterator[int]:
    for entry in proc.iterdir():
        if not entry.name.isdecimal():
            continue
        with contextlib.suppress(OSError, ValueError):
            words = (entry / "cmdline").read_bytes().split(b"\0")
            if words[1:3] != [b"-f", torrc] or _is_in_a_container(entry):
                continue
            owner = int(words[words.index(os.fsencode(OWNER_OPTION)) + 1])
            found = _state_and_parent(proc, int(entry.name))
            # Its parent stays its owner while that lives, even if its number is reused afterwards.
            if found is not None and found[1] != owner:
                yield int(entry.name)


def _is_in_a_container(entry: Path) -> bool:
    """True in a container, where owner and folder have other names. Raises OSError if it is gone."""
    (numbers,) = [line.split()[1:] for line in (entry / "status").read_text().splitlines() if line[:6] == "NSpid:"]
    return len(numbers) > 1


def _state_and_parent(proc: Path, process: int) -> tuple[str, int] | None:
    """State and parent of a process; None if it is gone or only waits for its parent."""
    try:
        state, parent = (proc / str(process) / "stat").read_text().rpartition(")")[2].split()[:2]
    except OSError:
        return None
    return None if state in "ZX" else (state, int(parent))
