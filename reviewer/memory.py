"""What is in this program's memory stays there: no core dump, no look from outside, and a word where there is swap.

``tipline/no_plaintext.py`` looks for swap in the same way, in a copy of its own for the reasons of
docs/adr/0024; ``tests/reviewer/test_memory.py`` holds both to the same answers.
"""

import ctypes
import resource
from pathlib import Path

from reviewer.voice import say

SWAPS = Path("/proc/swaps")
POWER = Path("/sys/power")
_PR_SET_DUMPABLE = 4


def keep_memory_private() -> None:
    """No core dump of this process, which would hold tips and keys in the clear, and no other program of the same
    user looks into it. Not inherited by another program."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # The limit alone does not hold where the kernel hands dumps to a program (systemd-coredump).
    ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def warn_of_swap(*, swaps: Path = SWAPS, power: Path = POWER) -> None:
    """One line where this machine writes memory to a disk: nobody's keys are refused for it, as a tip that waits
    can be worse."""
    try:
        areas = disk_swaps(swaps)
    except OSError:
        say("warning", "cannot tell whether swap is on, through which keys and tips get to a disk: cat /proc/swaps")
        return
    if not areas:
        return
    sleeps = "; and switch this machine off rather than let it sleep or hibernate" if hibernates(power) else ""
    say(
        "warning",
        f"swap is on ({', '.join(areas)}): keys and tips get to that disk, and stay there when keys are retired:"
        f" swapoff -a, and take it out of /etc/fstab{sleeps}",
    )


def disk_swaps(swaps: Path) -> list[str]:
    """Swap areas that lie on a disk; compressed RAM without a disk behind it is none."""
    names = [line.split()[0] for line in swaps.read_text().splitlines()[1:] if line.strip()]
    return [name for name in names if not _is_ram_only(name)]


def hibernates(power: Path) -> bool:
    """Whether the kernel offers to write all memory to swap, and to switch off."""
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
