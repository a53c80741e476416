"""The doctor: runs one check after the other, with a result and a remedy for each."""

from collections.abc import Iterator
from dataclasses import astuple
from pathlib import Path
from typing import Final

from onion.anonymity import require_anonymous, risky_settings
from onion.control import TorControl
from onion.errors import NotAnonymous, OnionError
from onion.tor_program import TorProgram, TorVersion
from system.errors import ProgramError
from tipline.errors import DatabaseKeyError
from tipline.instance.folder import SiteFolder
from tipline.instance.open_site import open_site
from tipline.instance.site_settings import SettingsError, SiteSettings
from tipline.machine.listener import ListenAddress
from tipline.machine.units import LOG_COMMAND
from tipline.operations.check_result import CheckResult, Severity, critical, ok, warning
from tipline.operations.machine_health import MachineHealth
from tipline.operations.serving_state import Serving, ServingState
from tipline.operations.store_health import check_store

_OLDEST_TOR: Final = TorVersion(0, 4, 8, 1)


def examine(
    path: Path, passphrase_file: str | None, machine: MachineHealth | None = None, *, control: str | None = None
) -> Iterator[CheckResult]:
    """Check everything about the site in ``path``; its store only with the passphrase.

    ``control`` is the tor that `serve` attaches to; without it, the one that the unit names.

    Raises:
        FolderError: it is no site's folder.
    """
    folder = SiteFolder.open(path)
    yield from (machine or MachineHealth()).check(folder)
    yield _serving(folder)
    yield _tor()
    yield _who(folder)
    if folder.languages.exists():
        yield _corrections()
    yield _settings_of_tor((machine or MachineHealth()).attached_tor(folder) if control is None else control)
    try:
        with open_site(path, passphrase_file) as site:
            yield from check_store(site)
    except DatabaseKeyError as error:
        yield CheckResult("store", Severity.SKIPPED, str(error), error.hint or "")
    except ProgramError as error:
        yield critical("store", f"cannot be read: {error}", error.hint or "restore a backup on another disk")


def _who(folder: SiteFolder) -> CheckResult:
    """A source who is afraid of the police or of being reported looks for this line first."""
    try:
        settings = SiteSettings.load(folder.site_settings)
    except SettingsError as error:
        return critical("first page", f"cannot be shown: {error}", "correct site.toml; see docs/operate/site.md")
    unset = [key for key in ("who_we_are", "tells_others") if not getattr(settings, key)]
    if unset:
        return warning(
            "first page",
            "does not say who you are, and whom you tell",
            f"choose {' and '.join(unset)} in site.toml; docs/operate/site.md lists what can be chosen",
        )
    return ok("first page", "says who you are, and whom you tell")


def _corrections() -> CheckResult:
    return warning(
        "languages",
        "the folder languages/ is not read any more: the site speaks the sentences that are shipped",
        "send its corrections as a patch (docs/develop/translating.md), then remove the folder",
    )


def _serving(folder: SiteFolder) -> CheckResult:
    state = ServingState.of(folder)
    last = "" if state.failed is None else f"; the last start {state.failed.reason}, on {state.failed.day}"
    match state.serving:
        case Serving.YES:
            return ok("serving", "the first page was answered just now")
        case Serving.WAITING:
            return critical(
                "serving",
                f"it waits for its passphrase: no source gets a page{last}",
                f"tipline unlock {folder.path}",
            )
        case Serving.STARTING:
            return critical(
                "serving", "it is being started, and no source gets a page yet", f"in a minute again; {LOG_COMMAND}"
            )
        case Serving.SILENT:
            return critical(
                "serving", "it runs, and does not answer with its first page", f"{LOG_COMMAND} says why"
            )
        case Serving.NO if state.failed is not None:
            return critical(
                "serving", f"no{last}", f"{LOG_COMMAND} has the whole reason; then systemctl start tipline"
            )
        case Serving.NO:
            return warning(
                "serving", "the site is not being served now", "systemctl start tipline, then tipline unlock"
            )


def _tor() -> CheckResult:
    try:
        program = TorProgram.find()
    except OnionError as error:
        return critical("tor", str(error), error.hint)
    version = ".".join(map(str, astuple(program.version)))
    if program.version < _OLDEST_TOR:
        return critical(
            "tor", f"{version} is too old: it gets no security updates", "apt install tor, from Debian 12 on"
        )
    if not program.has_proof_of_work:
        return warning("tor", f"{version} has no defence against floods", "install a tor built with its pow module")
    return ok("tor", f"{version}, with its defence against floods")


def _settings_of_tor(attached: str | None) -> CheckResult:
    about = "tor settings"
    if attached is None:
        return ok(about, "serve starts a tor of its own, which hides its place and keeps no visits")
    try:
        bind = ListenAddress.parse(attached)
        with TorControl.connect(bind.path or bind.port or 0) as control:
            require_anonymous(control)
            risks = risky_settings(control)
    except NotAnonymous as error:
        return critical(about, f"{error}: every visitor can learn where this server is", error.hint)
    except (OnionError, ProgramError) as error:
        return CheckResult(about, Severity.SKIPPED, f"at {attached}: {error}", error.hint or "look at that tor")
    if risks:
        return warning(about, "; ".join(risks), "take it out of the torrc of that tor, and restart it")
    return ok(about, "the tor that serve attaches to hides its place and keeps no visits")
