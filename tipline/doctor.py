"""The doctor: says of one thing after the other how it is, and what to do about it."""

from collections.abc import Iterator
from dataclasses import astuple
from pathlib import Path
from typing import Final

from onion.errors import OnionError
from onion.tor_program import TorProgram, TorVersion
from tipline.arguments import open_site
from tipline.errors import DatabaseKeyError, TiplineError
from tipline.finding import Finding, Level, advice, danger, fine
from tipline.folder import SiteFolder
from tipline.machine_health import Machine
from tipline.serving_state import Serving, ServingState
from tipline.store_health import store_findings
from tipline.units import LOG_COMMAND

_OLDEST_TOR: Final = TorVersion(0, 4, 8, 1)


def examine(path: Path, passphrase_file: str | None, machine: Machine | None = None) -> Iterator[Finding]:
    """Everything about the site in ``path``; what is inside of its store only with the passphrase.

    Raises:
        FolderError: it is no site's folder.
    """
    folder = SiteFolder.open(path)
    yield from (machine or Machine()).findings(folder)
    yield _serving(folder)
    yield _tor()
    try:
        with open_site(path, passphrase_file) as site:
            yield from store_findings(site)
    except DatabaseKeyError as error:
        yield Finding("store", Level.NOT_LOOKED, str(error), error.hint or "")
    except TiplineError as error:
        yield danger("store", f"cannot be read: {error}", error.hint or "restore a backup on another disk")


def _serving(folder: SiteFolder) -> Finding:
    state = ServingState.of(folder)
    last = "" if state.failed is None else f"; the last start {state.failed.reason}, on {state.failed.day}"
    match state.serving:
        case Serving.YES:
            return fine("serving", "the first page was answered just now")
        case Serving.WAITING:
            return danger(
                "serving",
                f"it waits for its passphrase: no source gets a page{last}",
                f"tipline unlock {folder.path}",
            )
        case Serving.STARTING:
            return danger(
                "serving", "it is being started, and no source gets a page yet", f"in a minute again; {LOG_COMMAND}"
            )
        case Serving.SILENT:
            return danger("serving", "it runs, and does not answer with its first page", f"{LOG_COMMAND} says why")
        case Serving.NO if state.failed is not None:
            return danger(
                "serving", f"no{last}", f"{LOG_COMMAND} has the whole reason; then systemctl start tipline"
            )
        case Serving.NO:
            return advice(
                "serving", "the site is not being served now", "systemctl start tipline, then tipline unlock"
            )


def _tor() -> Finding:
    try:
        program = TorProgram.find()
    except OnionError as error:
        return danger("tor", str(error), error.hint)
    version = ".".join(map(str, astuple(program.version)))
    if program.version < _OLDEST_TOR:
        return danger(
            "tor", f"{version} is too old: it gets no mending any more", "apt install tor, from Debian 12 on"
        )
    if not program.has_proof_of_work:
        return advice("tor", f"{version} has no defence against floods", "install a tor built with its pow module")
    return fine("tor", f"{version}, with its defence against floods")
