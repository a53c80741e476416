"""A fresh Debian machine becomes a server: what has to be done, step by step, shown first or done.

Steps that are done already are left out, so that it can be run again after it was broken off.
"""

import os
import pwd
import shlex
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from onion.runtime_dir import LONGEST_BYTES
from system.atomic_files import write_whole
from system.errors import ProgramError
from tipline.machine.units import (
    CREDENTIAL,
    CREDENTIAL_FILE,
    JOURNAL_FOLDER,
    JOURNAL_NAME,
    UNIT_FOLDER,
    UNIT_NAME,
    journal_text,
    unit_text,
)

_SYSTEMD_RUNS: Final = Path("/run/systemd/system")
_HOMES: Final = ("/home", "/root", "/run/user", "/tmp", "/var/tmp")  # noqa: S108 -- refused as the folder's place


class SetupRefused(ProgramError):
    """A step could not be done; those before it were, and are left out the next time."""


@dataclass(frozen=True, slots=True)
class SetupStep:
    """A command to run, or a file to write. ``why`` is a line for the operator."""

    why: str
    command: tuple[str, ...] = ()
    file: Path | None = None
    content: str = ""

    def __str__(self) -> str:
        if self.file is not None:
            return f"# {self.why}\ncat > {shlex.quote(str(self.file))} <<'END'\n{self.content}END"
        return f"# {self.why}\n{shlex.join(self.command)}"

    def take(self) -> None:
        """Do it.

        Raises:
            SetupRefused: the command said no; its own messages are above.
        """
        if self.file is not None:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            write_whole(self.file, self.content.encode(), mode=0o644)
            return
        try:
            failed = subprocess.run(self.command, check=False).returncode
        except OSError as error:
            raise SetupRefused(
                f"{self.command[0]} cannot be run", hint="is this Debian, and are you root?"
            ) from error
        if failed:
            raise SetupRefused(f"this step failed: {shlex.join(self.command)}", hint="its own messages are above")


@dataclass(frozen=True, slots=True)
class ServerSetup:
    """The few answers. ``prefix`` is another root for the unit files, for tests and packagers."""

    folder: Path
    user: str
    root_key: Path
    name: str | None = None
    prefix: Path | None = None
    passphrase_file: str | None = None
    unattended: bool = False

    def __post_init__(self) -> None:
        if not self.folder.is_absolute():
            raise SetupRefused("the folder must be named in full, from / on", hint="for instance /srv/tipline")
        if self.prefix is None and str(self.folder).startswith(_HOMES):
            raise SetupRefused(
                f"{self.folder} is hidden from the service, as all homes and temporary folders are",
                hint="for instance /srv/tipline",
            )
        if self.prefix is None and len(os.fsencode(self.folder / "run")) > LONGEST_BYTES:
            raise SetupRefused(
                f"{self.folder} has too long a name for the sockets in it",
                hint="for instance /srv/tipline; one that is there can be moved to a shorter name",
            )
        if self.unattended and self.passphrase_file in {None, "-"}:
            raise SetupRefused(
                "a server that starts unattended needs its passphrase in a file once, for systemd to encrypt",
                hint="--passphrase-file FILE; delete FILE afterwards",
            )
        if any(sign.isspace() or sign in "%$\"'\\" for sign in f"{self.folder}{self.user}"):
            raise SetupRefused("folder and user must not contain spaces, quotes, % or $")

    def steps(self) -> list[SetupStep]:
        """Return the steps that are still to be done."""
        program = _program()
        steps: list[SetupStep] = []
        if shutil.which("tor", path="/usr/bin:/usr/sbin:/usr/local/bin:/usr/local/sbin") is None:
            steps.append(SetupStep("the onion service", ("apt-get", "install", "--yes", "tor")))
        if not _is_user(self.user):
            home = ("--no-create-home", "--home-dir", str(self.folder), "--shell", "/usr/sbin/nologin")
            steps.append(
                SetupStep(
                    "a user of its own, who owns nothing else",
                    ("useradd", "--system", "--user-group", *home, self.user),
                )
            )
        if not (self.folder / "database.key").exists():
            steps.append(
                SetupStep("the server's keys and its empty store", (str(program), "init", *self._init_arguments()))
            )
        steps.append(SetupStep("for that user only", ("chown", "-R", f"{self.user}:", str(self.folder))))
        steps += [
            SetupStep("the service", file=self._under(UNIT_FOLDER / UNIT_NAME), content=self._unit(program)),
            SetupStep(
                "its lines stay in memory", file=self._under(JOURNAL_FOLDER / JOURNAL_NAME), content=journal_text()
            ),
        ]
        if self.unattended:
            encrypt = ("systemd-creds", "encrypt", f"--name={CREDENTIAL}", str(self.passphrase_file))
            steps += [
                SetupStep(
                    "where systemd keeps secrets", ("install", "-d", "-m", "700", str(CREDENTIAL_FILE.parent))
                ),
                SetupStep("the passphrase, for this machine's systemd only", (*encrypt, str(CREDENTIAL_FILE))),
            ]
        if self.prefix is None and _SYSTEMD_RUNS.is_dir():
            steps += [
                SetupStep("systemd learns of it", ("systemctl", "daemon-reload")),
                SetupStep("now and after each start of the machine", ("systemctl", "enable", "--now", UNIT_NAME)),
            ]
        return steps

    def after(self) -> list[str]:
        """Return the operator's next steps."""
        unlock = f"sudo -u {self.user} tipline unlock {self.folder}"
        return [
            f"if it was running: systemctl restart {UNIT_NAME}; until then it keeps its old settings",
            *self._about_the_passphrase(),
            f"compare keys, and give {self.folder / 'server.pub'} to the reviewers; they issue a manifest",
            f"sudo -u {self.user} tipline manifest {self.folder} manifest.json",
            *([] if self.unattended else [f"{unlock}          after each start of the machine"]),
            f"sudo -u {self.user} tipline doctor {self.folder}          says what is still wrong",
        ]

    def _about_the_passphrase(self) -> list[str]:
        if self.unattended:
            return [f"delete {self.passphrase_file}: systemd has the passphrase now"]
        if (kept := self._under(CREDENTIAL_FILE)).exists():
            return [f"systemd still keeps the passphrase, which is not needed now: shred -u {kept}"]
        return []

    def _init_arguments(self) -> Sequence[str]:
        arguments = [str(self.folder), "--root-key", str(self.root_key)]
        if self.name is not None:
            arguments += ["--name", self.name]
        if self.passphrase_file is not None:
            arguments += ["--passphrase-file", self.passphrase_file]
        return arguments

    def _unit(self, program: Path) -> str:
        return unit_text(user=self.user, folder=self.folder, program=program, unattended=self.unattended)

    def _under(self, path: Path) -> Path:
        return path if self.prefix is None else self.prefix / path.relative_to("/")


def _program() -> Path:
    beside = Path(sys.executable).with_name("tipline")
    found = shutil.which("tipline")
    return beside if beside.exists() or found is None else Path(found)


def _is_user(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True
