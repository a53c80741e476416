"""A warning at the start of each command where this machine writes memory to a disk."""

from pathlib import Path

from reviewer.terminal.console import notice
from system.memory import POWER, SWAPS, disk_swaps, hibernates


def warn_of_swap(*, swaps: Path = SWAPS, power: Path = POWER) -> None:
    """Warn if this machine writes memory to a disk. It does not refuse: a waiting tip can be worse."""
    try:
        areas = disk_swaps(swaps)
    except OSError:
        notice(
            "warning", "cannot tell whether swap is on, through which keys and tips get to a disk: cat /proc/swaps"
        )
        return
    if not areas:
        return
    sleeps = "; and switch this machine off rather than let it sleep or hibernate" if hibernates(power) else ""
    notice(
        "warning",
        f"swap is on ({', '.join(areas)}): keys and tips get to that disk, and stay there when keys are retired:"
        f" swapoff -a, and take it out of /etc/fstab{sleeps}",
    )
