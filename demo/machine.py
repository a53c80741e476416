"""The machines of the demo: folders with a home and a temporary folder, and their programs."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from demo.child import Child
from demo.errors import DemoError

COMMAND_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class DemoMachine:
    """A folder that stands for a computer; ``within`` precedes each command, to cut off the network."""

    folder: Path
    within: tuple[str, ...] = ()

    @classmethod
    def make(cls, folder: Path, *, within: tuple[str, ...] = ()) -> "DemoMachine":
        """A new machine at ``folder``, which must not exist."""
        folder.mkdir(mode=0o700)
        for name in ("home", "tmp"):
            (folder / name).mkdir(mode=0o700)
        return cls(folder, within)

    @property
    def environment(self) -> dict[str, str]:
        """The search path and the language; nothing else of the person's own environment."""
        kept = {
            name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL", "XDG_RUNTIME_DIR") if name in os.environ
        }
        return kept | {"HOME": str(self.folder / "home"), "TMPDIR": str(self.folder / "tmp")}

    def run(self, *command: str | Path, said: str = "", seconds: float = COMMAND_SECONDS) -> str:
        """Run a command to its end and return its standard output; ``said`` is its standard input.

        Raises:
            DemoError: it refuses, or takes too long; the reason holds its own last words.
        """
        shown = " ".join([program_name(command), *(str(part) for part in command[1:3])])
        try:
            done = subprocess.run(
                [*self.within, *map(str, command)],
                input=said.encode(),
                capture_output=True,
                env=self.environment,
                cwd=self.folder,
                timeout=seconds,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise DemoError(f"{shown} takes longer than {seconds:.0f} s") from error
        except OSError as error:
            raise DemoError(f"{shown} cannot be started: {error.strerror}") from error
        if done.returncode != 0:
            words = done.stderr.decode(errors="replace").strip().splitlines()[-6:]
            raise DemoError(f"{shown} ended with {done.returncode}: " + "\n".join(words))
        return done.stdout.decode(errors="replace")

    def start(self, *command: str | Path, log: str, said: str = "", descriptors: Sequence[int] = ()) -> Child:
        """Start a program that stays; its output goes to the file ``log`` in the machine's folder."""
        return Child(
            [*self.within, *map(str, command)],
            log=self.folder / log,
            env=self.environment,
            cwd=self.folder,
            said=said.encode(),
            descriptors=descriptors,
        )


def program(name: str) -> str:
    """The path of a program of this distribution: beside the running Python, else on the search path.

    Raises:
        DemoError: it is not installed.
    """
    beside = Path(sys.executable).parent / name
    found = str(beside) if os.access(beside, os.X_OK) else shutil.which(name)
    if found is None:
        raise DemoError(f"{name} is not installed", hint="run scripts/demo from a checkout, or install the package")
    return found


def program_name(command: Sequence[str | Path]) -> str:
    """The name by which a person calls a command."""
    return Path(command[0]).name


def without_network() -> tuple[str, ...] | None:
    """The prefix that runs a command without network, or None if this system forbids it."""
    # /sys is mounted again because an old mount goes on showing the interfaces outside.
    inside = ("sh", "-c", 'mount -t sysfs sysfs /sys && exec "$@"', "sh")
    for unshare in (("unshare", "--net", "--mount"), ("unshare", "--map-root-user", "--net", "--mount")):
        prefix = (*unshare, *inside)
        try:
            if subprocess.run([*prefix, "true"], capture_output=True, check=False).returncode == 0:
                return prefix
        except OSError:
            continue
    return None
