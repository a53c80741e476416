"""The systemd unit of a tip line, and where its lines go."""

import shlex
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Final

UNIT_NAME: Final = "tipline.service"
JOURNAL_NAME: Final = "journald@tipline.conf"
CREDENTIAL: Final = "tipline-passphrase"
CREDENTIAL_FILE: Final = Path("/etc/credstore.encrypted") / CREDENTIAL
UNIT_FOLDER: Final = Path("/etc/systemd/system")
PACKAGED_UNIT_FOLDER: Final = Path("/usr/lib/systemd/system")
"""The folder of the Debian package's unit; a unit of the same name in the folder above replaces it."""

LOG_COMMAND: Final = "journalctl --namespace=tipline"
"""Shows the lines of the service, which are kept in memory."""

JOURNAL_FOLDER: Final = Path("/etc/systemd")


def unit_text(*, user: str, folder: Path, program: Path, unattended: bool = False) -> str:
    """Return the unit file for a server in ``folder``, run as ``user``.

    It waits for `tipline unlock`; if ``unattended``, systemd passes the passphrase from an encrypted credential.
    """
    template = Template(files(__name__).joinpath(UNIT_NAME).read_text(encoding="utf-8"))
    serve = f"ExecStart={program} serve {folder}"
    start = f"# After each start: sudo -u {user} tipline unlock {folder}\n{serve} --wait-for-unlock"
    if unattended:
        start = (
            f"# The passphrase is in {CREDENTIAL_FILE}: a thief of this whole machine can start it\n"
            f"LoadCredentialEncrypted={CREDENTIAL}:{CREDENTIAL_FILE}\n"
            f"{serve} --passphrase-file %d/{CREDENTIAL}"
        )
    return template.substitute(user=user, folder=folder, start=start)


def journal_text() -> str:
    """Return the settings of a journal that keeps its lines in memory only."""
    return files(__name__).joinpath(JOURNAL_NAME).read_text(encoding="utf-8")


def settings_of(unit: str) -> dict[str, list[str]]:
    """The settings of a unit file's service section; a name may stand there several times."""
    found: dict[str, list[str]] = {}
    section = ""
    for line in map(str.strip, unit.splitlines()):
        if line.startswith("["):
            section = line
        elif section == "[Service]" and "=" in line and not line.startswith(("#", ";")):
            name, _, value = line.partition("=")
            found.setdefault(name.strip(), []).append(value.strip())
    return found


def tor_of(command: str) -> str | None:
    """Return the tor that a unit's ``tipline serve --control`` attaches to; None for one of its own."""
    try:
        words = shlex.split(command)
    except ValueError:  # quotes that are not closed: systemd would not start it either
        return None
    for word, following in zip(words, [*words[1:], ""], strict=True):
        if word == "--control":
            return following
        if word.startswith("--control="):
            return word.partition("=")[2]
    return None


def hardening() -> dict[str, list[str]]:
    """Return our unit's settings against leaks and break-ins; another unit should set the same."""
    ours = settings_of(unit_text(user="-", folder=Path("-"), program=Path("-")))
    not_hardening = {"Type", "User", "Group", "ExecStart", "Restart", "RestartSec", "KillMode", "TimeoutStopSec"}
    per_machine = {
        "ReadWritePaths",
        "LoadCredentialEncrypted",
        "TasksMax",
        "LimitNOFILE",
        "StandardInput",
        "SystemCallErrorNumber",
    }
    return {name: values for name, values in ours.items() if name not in not_hardening | per_machine}
