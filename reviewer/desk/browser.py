"""Firefox for the desk, with everything that it writes in memory, and its end.

Firefox gets a home of its own in memory: profile, caches, temporary files and small pictures of a desktop all land
there. Of the environment it gets what it needs to show a window.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from reviewer.desk.browser_profile import write_profile
from reviewer.files.overwritten_files import destroy_folder
from reviewer.machine.swap_warning import require_no_disk_swap
from system.errors import ProgramError
from system.memory_folders import memory_place, own_folder

_DESK: Final = "tipline-desk"
_PROGRAMS: Final = ("firefox-esr", "firefox")
_END_SECONDS: Final = 10.0
_KEPT: Final = (
    *("PATH", "LANG", "LANGUAGE", "DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", "XDG_RUNTIME_DIR"),
    *("XDG_SESSION_TYPE", "XDG_CURRENT_DESKTOP", "DBUS_SESSION_BUS_ADDRESS", "AT_SPI_BUS_ADDRESS"),
    *("GTK_IM_MODULE", "GTK_MODULES", "GTK_THEME", "GDK_SCALE", "GDK_DPI_SCALE", "XMODIFIERS", "IBUS_ADDRESS"),
)
"""Variables that a window needs, with the input of other scripts and screen readers."""

_OF_THE_DESKTOP: Final = ("dconf", "gtk-3.0", "ibus", "fcitx5")
"""Settings of the person's desktop, such as large letters: read from where they are."""


class MemoryBrowser:
    """One Firefox; leaving the block ends it and destroys its folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()

    @property
    def folder(self) -> Path:
        """Its profile and its home, in memory."""
        return self._folder

    def start(self, link: str, *, arguments: tuple[str, ...] = ()) -> None:
        """Start Firefox at ``link``; ``arguments`` are for tests, and must not hold the link.

        Raises:
            ProgramError: Firefox is not installed.
        """
        program = _program()
        profile = self._folder / "profile"
        profile.mkdir(mode=0o700)
        write_profile(profile, link=link)
        self._process = subprocess.Popen(
            [*_with_us(), program, "--no-remote", "--profile", str(profile), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=_environment(self._folder, os.environ),
            cwd=self._folder,
            start_new_session=True,
        )

    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def end(self) -> None:
        """End all processes of this Firefox, and destroy its folder; may be called twice."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(_END_SECONDS)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)  # it, or a process that it left behind
            self._process.wait()
            self._process = None
        if self._folder.exists():
            destroy_folder(self._folder)


def memory_browser() -> MemoryBrowser:
    """A folder for one Firefox. Folders of desks that were killed are destroyed first.

    Raises:
        ProgramError: this machine has no folder in memory, or memory can reach a disk, or there is no Firefox.
    """
    require_no_disk_swap()
    _program()
    place = memory_place()
    if place is None:
        raise ProgramError(
            "no folder of this machine lies in memory, so the browser would write to a disk",
            hint="log in at the desktop, so that /run/user/… is there; or start the desk without --browser",
        )
    above = own_folder(_DESK, within=place)
    for left in above.iterdir():
        if not Path("/proc", left.name.partition("-")[0]).exists():
            destroy_folder(left)
    return MemoryBrowser(Path(tempfile.mkdtemp(prefix=f"{os.getpid()}-", dir=above)))


def _program() -> str:
    found = next((found for name in _PROGRAMS if (found := shutil.which(name))), None)
    if found is None:
        raise ProgramError(
            "Firefox is not installed",
            hint="apt install firefox-esr while there is a network; or leave --browser out",
        )
    return found


def _with_us() -> tuple[str, ...]:
    """The kernel ends Firefox if this program is killed without a chance to do it."""
    return ("setpriv", "--pdeathsig", "TERM") if shutil.which("setpriv") else ()


def _environment(folder: Path, ours: Mapping[str, str]) -> dict[str, str]:
    """The environment of Firefox; makes the folders that it names."""
    home, config = folder / "home", folder / "home" / ".config"
    for one in (home, config, folder / "tmp"):
        one.mkdir(mode=0o700)
    real_home = Path(ours.get("HOME", "/nonexistent"))
    real_config = Path(ours.get("XDG_CONFIG_HOME") or real_home / ".config")
    for name in _OF_THE_DESKTOP:
        if (real_config / name).is_dir():
            (config / name).symlink_to(real_config / name)
    kept = {name: value for name, value in ours.items() if name in _KEPT or name.startswith("LC_")}
    if "DISPLAY" in kept:
        kept.setdefault("XAUTHORITY", str(real_home / ".Xauthority"))
    return kept | {
        "HOME": str(home),
        "TMPDIR": str(folder / "tmp"),
        "XDG_CONFIG_HOME": str(config),
        "XDG_CACHE_HOME": str(home / ".cache"),
        "XDG_DATA_HOME": str(home / ".local" / "share"),
        "MOZ_CRASHREPORTER_DISABLE": "1",
        "MOZ_DATA_REPORTING": "0",
        "MOZ_REMOTE_SETTINGS_DEVTOOLS": "1",  # else "services.settings.server" of the profile is not heeded
    }
