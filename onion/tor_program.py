"""The installed tor and its features. Older versions do not start with unknown options."""

import re
import shutil
import subprocess
from dataclasses import dataclass

from onion.errors import TorNotInstalled

_SEARCH_PATH = (
    "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"  # Debian keeps tor in sbin, off users' PATH
)


@dataclass(frozen=True, slots=True, order=True)
class TorVersion:
    major: int
    minor: int
    micro: int
    patch: int


@dataclass(frozen=True, slots=True)
class TorProgram:
    path: str
    version: TorVersion
    modules: frozenset[str]

    @classmethod
    def find(cls) -> "TorProgram":
        """The installed tor; raises TorNotInstalled."""
        path = find_program("tor")
        version = _output(path, "--version")
        found = re.search(r"Tor version (\d+)\.(\d+)\.(\d+)\.(\d+)", version)
        if found is None:
            raise TorNotInstalled("expected the program tor to say its version")
        modules = re.findall(r"^(\w+): yes", _output(path, "--list-modules"), flags=re.MULTILINE)
        return cls(path, TorVersion(*map(int, found.groups())), frozenset(modules))

    @property
    def has_proof_of_work(self) -> bool:
        """True if a HiddenServiceDir supports it."""
        return "pow" in self.modules and self.version >= TorVersion(0, 4, 8, 1)

    @property
    def has_ephemeral_proof_of_work(self) -> bool:
        """True if ADD_ONION supports it."""
        return "pow" in self.modules and self.version >= TorVersion(0, 4, 9, 2)


def find_program(name: str) -> str:
    """The path of a program of the tor package; raises TorNotInstalled."""
    path = shutil.which(name) or shutil.which(name, path=_SEARCH_PATH)
    if path is None:
        raise TorNotInstalled(f"expected the program {name} on this machine")
    return path


def _output(*command: str) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=20, check=False).stdout
    except (OSError, subprocess.TimeoutExpired) as error:
        raise TorNotInstalled("expected the program tor to run") from error
