"""The doctor's checks of the machine: swap, memory, dumps, permissions, room, disk and unit.

They open no store.
"""

import errno
import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from system.call_filter import can_filter
from system.landlock import landlock_version
from system.memory import disk_swaps
from tipline.instance.database_key import is_protected
from tipline.instance.folder import SiteFolder
from tipline.machine.disk_encryption import DiskEncryption, disk_encryption
from tipline.machine.no_plaintext import may_lock_memory
from tipline.machine.units import PACKAGED_UNIT_FOLDER, UNIT_FOLDER, hardening, settings_of, tor_of
from tipline.operations.check_result import CheckResult, critical, ok, warning
from tipline.operations.network_health import NetworkHealth
from tipline.operations.site_status import coarse_room_mib
from tipline.store.ballast import FILE_NAME as BALLAST

WITHOUT_LANDLOCK: Final = (
    "there is no Landlock here: code that took over the web process could read the onion keys and the locked "
    "database key, and write wherever this user may"
)

_MIB: Final = 1 << 20
_FULL_MIB: Final = 64
_LITTLE_MIB: Final = 1024
_MOST_NAMED: Final = 3
_TO_A_DISK: Final = {"LimitCORE", "LogNamespace", "MemorySwapMax", "ProtectSystem", "TemporaryFileSystem"}
_ON_A_DISK: Final = "cryptsetup luksFormat, as the runbook of the server says, and the folder on it"


@dataclass(frozen=True, slots=True)
class MachineHealth:
    """The places that are checked; tests pass a machine of their own."""

    swaps: Path = Path("/proc/swaps")
    core_pattern: Path = Path("/proc/sys/kernel/core_pattern")
    power: Path = Path("/sys/power/disk")
    kernel_options: Path = Path("/proc/cmdline")
    units: Path = UNIT_FOLDER
    packaged_units: Path = PACKAGED_UNIT_FOLDER
    below: Callable[[Path], DiskEncryption] = disk_encryption
    network: NetworkHealth = field(default_factory=NetworkHealth)
    filters_calls: Callable[[], bool] = can_filter
    landlock: Callable[[], int] = landlock_version

    def check(self, folder: SiteFolder) -> Iterator[CheckResult]:
        yield self._swap()
        yield _memory()
        yield self._core_dumps()
        yield self._hibernation()
        yield self._freed_memory()
        yield check_kernel(filters_calls=self.filters_calls(), landlock=self.landlock())
        yield _rights(folder)
        yield _database_key(folder)
        yield _room(folder)
        yield self._blocks(folder)
        yield self._unit(folder)
        yield from self.network.check()

    def _swap(self) -> CheckResult:
        try:
            swaps = disk_swaps(self.swaps)
        except OSError:
            return warning("swap", "cannot be looked at here", "cat /proc/swaps as root")
        if not swaps:
            return ok("swap", "none on a disk")
        areas = ", ".join(swaps)
        if may_lock_memory():
            return warning(
                "swap",
                f"on ({areas}); serve starts its tor only where the unit is kept out of it (MemorySwapMax=0)",
                "swapoff -a, and out of fstab",
            )
        return critical(
            "swap",
            f"on ({areas}), and memory may not be locked: what sources write could reach the disk",
            "swapoff -a, and out of /etc/fstab; or LimitMEMLOCK=infinity in the unit",
        )

    def _core_dumps(self) -> CheckResult:
        # serve switches its own off, limit and dumpable flag; what is left are tor and tools run by hand.
        try:
            pattern = self.core_pattern.read_text().strip()
        except OSError:
            pattern = ""
        if pattern.startswith("|"):
            return warning(
                "core dumps",
                f"go to the program {pattern[1:].split()[0]}; serve makes none, tor could",
                "LimitCORE=0 in the unit, or sysctl kernel.core_pattern=/dev/null",
            )
        return ok("core dumps", "serve makes none, and no program collects others'")

    def _hibernation(self) -> CheckResult:
        try:
            modes = self.power.read_text()
        except OSError:
            modes = "[disabled]"
        if "[disabled]" in modes or not modes.strip():
            return ok("hibernation", "not possible here")
        return warning(
            "hibernation",
            "possible: it writes all memory to the disk",
            "systemctl mask hibernate.target hybrid-sleep.target suspend-then-hibernate.target",
        )

    def _freed_memory(self) -> CheckResult:
        try:
            options = self.kernel_options.read_text().split()
        except OSError:
            options = []
        if {"init_on_free=1", "init_on_free=on", "init_on_free=y"} & set(options):
            return ok("freed memory", "is overwritten by the kernel")
        return warning(
            "freed memory",
            "may keep plaintext for a while: no kernel option overwrites it",
            "init_on_free=1 in GRUB_CMDLINE_LINUX of /etc/default/grub, then update-grub, and reboot",
        )

    def _blocks(self, folder: SiteFolder) -> CheckResult:
        try:
            encryption = self.below(folder.path)
        except OSError:
            encryption = DiskEncryption.UNKNOWN
        match encryption:
            case DiskEncryption.WHOLE:
                return ok(
                    "disk encryption", "below the folder, so that a disk of a machine that is off tells nothing"
                )
            case DiskEncryption.IN_MEMORY:
                return critical(
                    "disk encryption", "the folder is in memory: all of it is gone with the next start", _ON_A_DISK
                )
            case DiskEncryption.NONE:
                return warning(
                    "disk encryption",
                    "none below the folder: a thief of the disk sees when something came",
                    _ON_A_DISK,
                )
            case DiskEncryption.UNKNOWN:
                return warning("disk encryption", "cannot be told for this kind of file system", _ON_A_DISK)

    def attached_tor(self, folder: SiteFolder) -> str | None:
        """Behind ``--control`` in the unit that serves this folder; None where it serves by a tor of its own."""
        served = self._serving_unit(folder)
        return tor_of(served.command) if served else None

    def _unit(self, folder: SiteFolder) -> CheckResult:
        served = self._serving_unit(folder)
        if served is None:
            return warning("unit", "no systemd unit serves this folder", "tipline setup writes one")
        missing = [name for name, values in hardening().items() if served.settings.get(name) != values]
        if not missing:
            return ok("unit", f"{served.name} has all hardening; it applies to servers started with it")
        missing.sort(key=lambda name: name not in _TO_A_DISK)
        named = ", ".join(missing[:_MOST_NAMED]) + (" and others" if len(missing) > _MOST_NAMED else "")
        cure = "tipline setup, with the same options, writes the unit again; then systemctl restart"
        if _TO_A_DISK & set(missing):
            return critical("unit", f"{served.name} lets something reach the disk: {named}", cure)
        return warning("unit", f"{served.name} leaves out {named}", cure)

    def _serving_unit(self, folder: SiteFolder) -> "_ServingUnit | None":
        path = str(folder.path.absolute())
        packaged = {unit.name: unit for unit in self.packaged_units.glob("*.service")}
        units = packaged | {unit.name: unit for unit in self.units.glob("*.service")}
        for name, unit in sorted(units.items()):
            try:
                settings = settings_of(unit.read_text(encoding="utf-8", errors="replace"))
            except OSError:
                continue
            for command in settings.get("ExecStart", []):
                if f" serve {path}" in f"{command} ":
                    return _ServingUnit(name, settings, command)
        return None


@dataclass(frozen=True, slots=True)
class _ServingUnit:
    name: str
    settings: dict[str, list[str]]
    command: str


def _memory() -> CheckResult:
    if may_lock_memory():
        return ok("memory", "may be locked, so that none of it is swapped")
    return warning(
        "memory",
        "may not be locked by this user here: serve then needs a machine without swap",
        "LimitMEMLOCK=infinity in the unit",
    )


def _rights(folder: SiteFolder) -> CheckResult:
    cure = f"chown -R {_owner(folder.path)}: {folder.path}; chmod -R go= {folder.path}"
    if folder.path.stat().st_mode & 0o077:
        return critical("rights", f"others can enter {folder.path}", cure)
    wrong: list[str] = []
    secret = {*folder.store.glob("*.db*"), folder.database_key, *folder.onion.rglob("*")}
    for path in folder.path.rglob("*"):
        try:
            status = path.lstat()
        except OSError:
            continue  # tor and serve come and go with some files
        if path in secret and status.st_mode & 0o077 and not stat.S_ISLNK(status.st_mode):
            wrong.append(f"{path.name} is open to others")
        elif status.st_uid != folder.path.stat().st_uid:
            wrong.append(f"{path.name} belongs to another user")
    if wrong:
        more = f", and {len(wrong) - _MOST_NAMED} more" if len(wrong) > _MOST_NAMED else ""
        return critical("rights", ", ".join(wrong[:_MOST_NAMED]) + more, cure)
    return ok("rights", "folder, keys and store are their owner's only, and all in it are")


def _owner(path: Path) -> str:
    try:
        return path.owner()
    except KeyError:
        return str(path.stat().st_uid)


def _takes_a_file(folder: Path) -> bool:
    """Tried, as a disk that failed under a running system still calls itself writable."""
    trial = folder / f".{os.getpid()}.trial"
    try:
        trial.touch(mode=0o600, exist_ok=False)
        trial.unlink()
    except OSError as error:
        return error.errno != errno.EROFS
    return True


def _database_key(folder: SiteFolder) -> CheckResult:
    if is_protected(folder):
        return ok("database key", "under a passphrase")
    return critical(
        "database key",
        "lies UNPROTECTED in the folder: a thief of the disk can count sealed submissions and their days",
        "tipline backup with --passphrase-file FILE, then tipline restore to a new folder: there it has one",
    )


def _room(folder: SiteFolder) -> CheckResult:
    disk = os.statvfs(folder.path)
    if not _takes_a_file(folder.path):
        return critical(
            "disk",
            "is read-only: nothing is taken in",
            "see dmesg for its errors; stop the server, check the file system, mount it again",
        )
    free_mib = disk.f_bavail * disk.f_frsize // _MIB
    if free_mib < _FULL_MIB:
        gone = "" if (folder.store / BALLAST).exists() else " (the ballast is given up already)"
        return critical(
            "disk", f"is full: nothing is taken in{gone}", "delete what is not the tip line's; let the courier come"
        )
    if free_mib < _LITTLE_MIB:
        says = f"has {coarse_room_mib(free_mib)} MiB or more left"
        return warning("disk", says, "delete what is not the tip line's; let the courier come")
    return ok("disk", f"has {coarse_room_mib(free_mib) >> 10} GiB or more left")


def check_kernel(*, filters_calls: bool, landlock: int) -> CheckResult:
    """Report how the kernel confines the web process. ``landlock`` is its version, 0 without it."""
    about = "confinement"
    if not filters_calls:
        return critical(
            about,
            "this kernel filters no system calls: the web process does not start",
            "use Debian's own kernel, on a machine of the kind amd64 or arm64",
        )
    if not landlock:
        return warning(
            about,
            WITHOUT_LANDLOCK,
            "use Debian's own kernel; where it is started with the option lsm=, add landlock to that",
        )
    return ok(about, "the kernel keeps the web process to the store's files and to the calls that it needs")
