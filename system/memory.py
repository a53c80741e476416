"""The memory of a process, and the ways in which the system may write it to a disk."""

import ctypes
import resource
from pathlib import Path

SWAPS = Path("/proc/swaps")
POWER = Path("/sys/power")
_PR_SET_DUMPABLE = 4


def keep_memory_private() -> None:
    """Allow no core dump of this process, and no other program of the same user to read its memory.

    A program that this process starts does not inherit it.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # The limit alone does not hold where the kernel hands dumps to a program (systemd-coredump).
    ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def limit_data(most_bytes: int) -> None:
    """Limit the memory that this process may take for data; what exceeds it raises MemoryError.

    A program that this process starts inherits it, and may raise it again.
    """
    hardest = resource.getrlimit(resource.RLIMIT_DATA)[1]
    most = most_bytes if hardest == resource.RLIM_INFINITY else min(most_bytes, hardest)
    resource.setrlimit(resource.RLIMIT_DATA, (most, hardest))


def disk_swaps(swaps: Path) -> list[str]:
    """Names of the swap areas that lie on a disk; compressed RAM without a disk behind it is none.

    Raises:
        OSError: ``swaps`` cannot be read.
    """
    names = [line.split()[0] for line in swaps.read_text().splitlines()[1:] if line.strip()]
    return [name for name in names if not _is_ram_only(name)]


def hibernates(power: Path) -> bool:
    """True where the kernel offers to write all memory to swap and switch off."""
    try:
        modes = (power / "disk").read_text()
        return "disk" in (power / "state").read_text().split() and bool(modes.strip()) and "[disabled]" not in modes
    except OSError:
        return False


def _is_ram_only(device: str) -> bool:
    backing = Path("/sys/block") / Path(device).name / "backing_dev"
    try:
        return Path(device).name.startswith("zram") and backing.read_text().strip() == "none"
    except OSError:
        return False
