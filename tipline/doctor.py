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
from tipline.site_settings import SettingsError, SiteSettings
from tipline.store_health import store_findings

_OLDEST_TOR: Final = TorVersion(0, 4, 8, 1)


def examine(path: Path, passphrase_file: str | None, machine: Machine | None = None) -> Iterator[Finding]:
    """Everything about the site in ``path``; what is inside of its store only with the passphrase.

    Raises:
        FolderError: it is no site's folder.
    """
    folder = SiteFolder.open(path)
    yield from (machine or Machine()).findings(folder)
    yield _tor()
    yield _who(folder)
    try:
        with open_site(path, passphrase_file) as site:
            yield from store_findings(site)
    except DatabaseKeyError as error:
        yield Finding("store", Level.NOT_LOOKED, str(error), error.hint or "")
    except TiplineError as error:
        yield danger("store", f"cannot be read: {error}", error.hint or "restore a backup on another disk")


def _who(folder: SiteFolder) -> Finding:
    """A source who is afraid of the police or of being reported looks for this line first."""
    try:
        settings = SiteSettings.load(folder.site_settings)
    except SettingsError as error:
        return danger("first page", f"cannot be shown: {error}", "mend site.toml; docs/site.md lists its keys")
    unset = [key for key in ("who_we_are", "tells_others") if not getattr(settings, key)]
    if unset:
        return advice(
            "first page",
            "does not say who you are, and whom you tell",
            f"choose {' and '.join(unset)} in site.toml; docs/site.md lists what can be chosen",
        )
    return fine("first page", "says who you are, and whom you tell")


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
