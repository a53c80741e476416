"""Settings of an attached tor that would reveal the server's location or log its traffic."""

import re
from typing import Final

from onion.control import TorControl
from onion.errors import NotAnonymous

_MODES: Final = ("HiddenServiceSingleHopMode", "HiddenServiceNonAnonymousMode")
_RISKS: Final = {
    "SafeLogging": ("1", "addresses stand in its log"),
    "ProtocolWarnings": ("0", "its log tells what visitors' programs do wrong, and when"),
    "UseEntryGuards": ("1", "in time every relay sees this server's own address"),
}
_DOMAINS: Final = re.compile(r"\[[^\]]*\]")
_TALKATIVE: Final = re.compile(r"(?:^|[ ,-])(?:info|debug)(?:$|[ ,-])", re.IGNORECASE)
_TARGET: Final = re.compile(r" (?:stdout|stderr|syslog|file|android)(?: .*)?$", re.IGNORECASE)


def require_anonymous(control: TorControl) -> None:
    """Return if tor hides the location of its services.

    In single-hop mode it would connect directly to addresses that visitors name.

    Raises NotAnonymous, or the errors of the request.
    """
    answer = control.send(f"GETCONF {' '.join(_MODES)}")
    on = [name for name, _, value in (line.partition("=") for line in answer) if value != "0"]
    if on:
        raise NotAnonymous(f"this tor hides no service's place: {' and '.join(on)} is set")


def risky_settings(control: TorControl) -> list[str]:
    """The risky settings with their explanation for the operator. Raises the errors of the request."""
    found = []
    for line in control.send(f"GETCONF {' '.join(_RISKS)}"):
        name, _, value = line.partition("=")
        wanted, why = _RISKS[name]
        if value != wanted:
            found.append(f"{name} {value}: {why}")
    for line in control.send("GETCONF Log"):
        _, _, value = line.partition("=")
        severities = _DOMAINS.sub("", _TARGET.sub("", value))
        if _TALKATIVE.search(severities):
            found.append(f"Log {severities.strip()}: it notes each visit, with its time")
    return found
