"""Debian's own systemd as the first process of namespaces of its own, to see what it makes of our unit.

`python -m lab.tipline.booted_system FOLDER UNIT SITE`, started by `unshare` as root, puts a copy of this
system's files there that is gone with it, without a network and with the kernel's settings closed. Then it
becomes systemd.
"""

import contextlib
import fcntl
import os
import shutil
import socket
import struct
import subprocess
import sys
import sysconfig
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, Self

from tests.tipline.processes import children_of
from tipline.machine.units import JOURNAL_NAME, journal_text

CHECKOUT: Final = Path(__file__).resolve().parents[2]
USER: Final = "tipline-tried"
NUMBER: Final = 64_123
"""Of that user and its group; no one else has it."""
SITE: Final = Path("/srv/tipline")
PRIVATE: Final = Path("/usr/lib/tipline")
"""The folder in which the Debian package puts the program; the unit hides homes, where a checkout may lie."""
_PLACES: Final = ("/home/a", "/root", "/tmp", "/var/tmp", "/run/user/1", "/dev")  # noqa: S108
SEEN_OUTSIDE: Final = tuple(f"{place}/sda" for place in _PLACES)
"""Files of a system that people use too."""
_PYTHON: Final = Path("/usr/lib/tipline-python")
_NAMESPACES: Final = ("--mount", "--pid", "--net", "--uts", "--ipc", "--cgroup")
_PATH: Final = "/usr/sbin:/usr/bin:/sbin:/bin"
_IN_GROUP: Final = ("sh", "-c", 'echo 0 >"$1/cgroup.procs" && shift && exec "$@"', "-")
# Nothing of it outlives who started it.
_TIED: Final = ("setpriv", "--pdeathsig", "KILL", "unshare", "--fork", "--kill-child")
_UNSHARE: Final = (*_TIED, "--propagation", "private", *_NAMESPACES)
_OURS: Final = ("tipline", "courier", "onion", "sealer", "system", "crypto", "templates")
# What a systemd in a container needs no less, and what could reach this machine.
_GIVEN_UP: Final = "-sys_module,-sys_rawio,-sys_time,-sys_boot,-syslog,-mac_admin,-audit_control"


class BootedSystem:
    """A unit, and ``site`` copied to its folder, in a system that has just started it. Use it in a ``with``."""

    def __init__(self, folder: Path, unit: Path, site: Path) -> None:
        self._folder = folder
        self._arguments = (folder, unit, site)
        self._group = _own_group() / f"booted-{os.getpid()}-{folder.parent.name}"
        self._process: subprocess.Popen[bytes] | None = None
        self.first = 0
        """The number that its first process has here."""

    def __enter__(self) -> Self:
        self._folder.mkdir()
        self._group.mkdir()
        try:
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _start(self) -> None:
        boot = [sys.executable, "-m", "lab.tipline.booted_system", *self._arguments]
        with (self._folder / "said").open("wb") as said:
            self._process = subprocess.Popen(
                [*_IN_GROUP, self._group, *_UNSHARE, *boot],
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                cwd=CHECKOUT,
            )
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children")
        self.eventually(lambda: bool(children.read_text().split()))
        self.first = int(children.read_text().split()[0])
        self.eventually(lambda: Path(f"/proc/{self.first}/comm").read_text() == "systemd\n")

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            self._process.kill()  # and with it the first process, and so all others
            self._process.wait()
        self.eventually(self._groups_are_gone)

    def _groups_are_gone(self) -> bool:
        """Wait until all groups below its own are gone; the kernel needs a moment to end the last of them."""
        for group, _below, _files in os.walk(self._group, topdown=False):
            Path(group).rmdir()
        return not self._group.exists()

    def path(self, inside: Path | str) -> Path:
        """The path of a file of that system, seen from here."""
        return Path(f"/proc/{self.first}/root") / str(inside).lstrip("/")

    def do(
        self, *command: str | Path, of: int | None = None, user: bool = False
    ) -> subprocess.CompletedProcess[str]:
        """A command in it, or in what its process ``of`` sees, as root or as the unit's user."""
        process = of or self.first
        enter = ["nsenter", "--target", str(process), *_NAMESPACES[:5], "--root", "--wdns=/"]
        as_user = ["setpriv", f"--reuid={NUMBER}", f"--regid={NUMBER}", "--clear-groups"] if user else []
        return subprocess.run(
            [*enter, *as_user, *map(str, command)],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
            env={"PATH": _PATH},
        )

    def processes(self, unit: str) -> dict[str, int]:
        """Processes of a unit, by what they are: their numbers here."""
        group, numbers = f"/{unit}\n", Path(f"/proc/{self.first}/ns/pid").readlink()
        found, web = {}, []
        for place in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if (place / "cgroup").read_text().endswith(group) and (place / "ns/pid").readlink() == numbers:
                    command = (place / "cmdline").read_bytes()
                    if b"tipline.web.start" in command:
                        web.append(int(place.name))
                    else:
                        found["tor" if b"torrc" in command else "serve"] = int(place.name)
        return found | {("web" if children_of(one) else "worker"): one for one in web}

    def eventually(self, condition: Callable[[], bool], *, seconds: float = 90) -> None:
        """Raises AssertionError with what was said meanwhile."""
        deadline = time.monotonic() + seconds
        while not _holds(condition):
            assert time.monotonic() < deadline, (self._folder / "said").read_text(errors="replace")[-3000:]
            time.sleep(0.1)


def _holds(condition: Callable[[], bool]) -> bool:
    """True if the condition holds; false where its file is not there."""
    try:
        return condition()
    except OSError:
        return False


def _own_group() -> Path:
    """Ours in the hierarchy that systemd works in: what is booted gets one below, and can touch no other."""
    mounts = (line.split() for line in Path("/proc/self/mountinfo").read_text().splitlines())
    top = next(Path(parts[4]) for parts in mounts if parts[parts.index("-") + 1] == "cgroup2")
    lines = Path("/proc/self/cgroup").read_text().splitlines()
    return top / next(line for line in lines if line.startswith("0::")).removeprefix("0::/")


def may_boot() -> bool:
    """True if this system lets us make such namespaces and groups; only root may, and not in every container."""
    try:
        (trial := _own_group() / f"trial-{os.getpid()}").mkdir()
        trial.rmdir()
        mount = [*_UNSHARE, "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
        return subprocess.run(mount, check=False, capture_output=True).returncode == 0
    except (OSError, StopIteration):
        return False


def _mount(*arguments: str | Path) -> None:
    subprocess.run(["mount", *map(str, arguments)], check=True)


def _boot(folder: Path, unit: Path, site: Path) -> None:
    _lift_loopback()
    _mount("-t", "tmpfs", "tmpfs", folder)
    root, packages = folder / "root", folder / "packages"
    _overlay(root, Path("/"))
    _system(root)
    for name in _OURS:
        shutil.copytree(CHECKOUT / name, packages / name, ignore=shutil.ignore_patterns("__pycache__"))
    _program(root, packages)
    _site(root, site, unit)
    os.chroot(root)
    os.chdir("/")
    options = ("--system", f"--unit={unit.name}", "--show-status=no")
    command = ["setpriv", f"--bounding-set={_GIVEN_UP}", "/lib/systemd/systemd", *options]
    os.execve("/usr/bin/setpriv", command, {"container": "other", "PATH": _PATH})  # noqa: S606


def _lift_loopback() -> None:
    with socket.socket() as any_socket:
        fcntl.ioctl(any_socket, 0x8914, struct.pack("16sH14x", b"lo", 1))  # SIOCSIFFLAGS, IFF_UP


def _overlay(place: Path, below: Path) -> None:
    """The files below, and whatever is changed in memory only."""
    upper, work = (place.with_name(f"{place.name}-{name}") for name in ("upper", "work"))
    for each in (place, upper, work):
        each.mkdir()
        each.chmod(0o755)
    _mount("-t", "overlay", "overlay", "-o", f"lowerdir={below},upperdir={upper},workdir={work}", place)


def _system(root: Path) -> None:
    _mount("-t", "proc", "proc", root / "proc")
    _mount("--bind", root / "proc/sys", root / "proc/sys")
    _mount("-o", "remount,bind,ro", root / "proc/sys")
    _mount("-t", "sysfs", "-o", "ro", "sysfs", root / "sys")
    _mount("-t", "cgroup2", "cgroup2", root / "sys/fs/cgroup")
    for name in ("run", "tmp", "dev"):
        _mount("-t", "tmpfs", "-o", "mode=755", "tmpfs", root / name)
    (root / "tmp").chmod(0o1777)
    for name in ("null", "zero", "full", "random", "urandom", "tty"):
        (root / "dev" / name).touch()
        _mount("--bind", Path("/dev") / name, root / "dev" / name)
    for name in ("shm", "pts"):
        (root / "dev" / name).mkdir()
    _mount("-t", "devpts", "-o", "newinstance,ptmxmode=0666", "devpts", root / "dev/pts")
    (root / "dev/ptmx").symlink_to("pts/ptmx")
    _mount("-t", "tmpfs", "-o", "mode=1777", "tmpfs", root / "dev/shm")
    (root / "etc/fstab").write_text("")  # nothing of this machine is mounted
    (root / "etc/tmpfiles.d/tmp.conf").write_text("")  # some empty /tmp at a start
    for place in SEEN_OUTSIDE:
        (root / place.lstrip("/")).parent.mkdir(parents=True, exist_ok=True)
        (root / place.lstrip("/")).write_text("what the unit is not to see\n")
    with (root / "etc/passwd").open("a") as users:
        users.write(f"{USER}:x:{NUMBER}:{NUMBER}::/nonexistent:/usr/sbin/nologin\n")
    with (root / "etc/group").open("a") as groups:
        groups.write(f"{USER}:x:{NUMBER}:\n")


def _program(root: Path, packages: Path) -> None:
    """As in the Debian package: a virtual environment of a fixed place, with our code in it and not by a link."""
    python = root / str(_PYTHON).lstrip("/")
    python.mkdir()
    _mount("--bind", sys.base_prefix, python)
    # Its library may be looked for in a home, which the unit hides.
    (root / "etc/ld.so.conf.d/00-tipline-python.conf").write_text(f"{_PYTHON}/lib\n")
    subprocess.run(["ldconfig", "-r", root], check=True)
    private = root / str(PRIVATE).lstrip("/")
    site_packages = private / f"lib/python{sys.version_info[0]}.{sys.version_info[1]}/site-packages"
    site_packages.mkdir(parents=True)
    (private / "bin").mkdir()
    _mount("-t", "overlay", "overlay", "-o", f"lowerdir={packages}:{sysconfig.get_path('purelib')}", site_packages)
    (private / "pyvenv.cfg").write_text(f"home = {_PYTHON}/bin\ninclude-system-site-packages = false\n")
    (private / "bin/python3").symlink_to(_PYTHON / f"bin/python{sys.version_info[0]}.{sys.version_info[1]}")
    program = private / "bin/tipline"
    shutil.copyfile(CHECKOUT / "install/server/tipline", program)
    program.chmod(0o755)


def _site(root: Path, site: Path, unit: Path) -> None:
    copy = root / str(SITE).lstrip("/")
    shutil.copytree(site, copy)
    for path in (copy, *copy.rglob("*")):
        os.chown(path, NUMBER, NUMBER)
    shutil.copyfile(unit, root / "etc/systemd/system" / unit.name)
    (root / "etc/systemd" / JOURNAL_NAME).write_text(journal_text())


if __name__ == "__main__":
    _boot(*map(Path, sys.argv[1:]))
