"""Swap on a disk: a warning at each command, and a refusal before a file is looked at."""

from pathlib import Path

from reviewer.errors import DiskSwapOn
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


def require_no_disk_swap(*, swaps: Path = SWAPS) -> None:
    """Return if no memory of this machine can reach a disk through swap.

    Compressed memory (zram) without a disk behind it is no swap on a disk. Encrypted swap is refused like any
    other: the program cannot tell a key that is forgotten at switch-off from the key of the whole disk, which opens
    swap of last year too.

    Raises:
        DiskSwapOn: swap on a disk is on, or the kernel's list cannot be read.
    """
    try:
        areas = disk_swaps(swaps)
    except OSError as error:
        raise DiskSwapOn(
            "cannot tell whether swap is on, through which readable files get to a disk",
            hint="read /proc/swaps as this user; nothing was opened",
        ) from error
    if areas:
        raise DiskSwapOn(
            f"swap on a disk is on ({', '.join(areas)}), and readable files would get to that disk; encrypted swap"
            " counts too",
            hint="as root: swapoff -a, and take it out of /etc/fstab; then do this again",
        )
