"""The air gap: checks for networks before the start, and refuses connections while running.

Two guards, because each has a gap. Checking the interfaces misses a card that is plugged in later; the audit hook
sees only calls through this interpreter. Neither replaces removing the network card.
"""

import ipaddress
import sys
from pathlib import Path

from reviewer.errors import NetworkTouched

INTERFACES = Path("/sys/class/net")
_UP = 0x1  # IFF_UP of <linux/if.h>
_CARRYING_NOTHING = frozenset({"down", "notpresent", "lowerlayerdown"})
NETWORK_CLIENTS = frozenset({"httpx", "urllib3", "requests", "stem", "aiohttp", "socks"})
_WATCHED = frozenset(
    {
        "socket.connect",
        "socket.bind",
        "socket.sendto",
        "socket.sendmsg",
        "socket.getaddrinfo",
        "socket.gethostbyname",
        "socket.gethostbyaddr",
        "socket.getnameinfo",
    }
)
_hooked = False


def interfaces_up(interfaces: Path = INTERFACES) -> list[str]:
    """Names of the interfaces, other than loopback, that could carry something now.

    An interface without a cable that is merely switched on (``operstate`` down) does not count; one whose driver
    reports no state (``unknown``: tunnels, some modems) counts when it is switched on.

    Raises:
        NetworkTouched: the kernel's list cannot be read, so that nothing can be said.
    """
    try:
        found = sorted(entry for entry in interfaces.iterdir() if entry.name != "lo")
        return [entry.name for entry in found if _is_up(entry)]
    except (OSError, ValueError) as error:
        raise NetworkTouched(
            "cannot tell whether a network is up: the list of interfaces cannot be read",
            hint="make sure that no network is connected, then start again with --beside-network",
        ) from error


def require_no_network(interfaces: Path = INTERFACES) -> None:
    """Return when nothing but loopback is up.

    Raises:
        NetworkTouched: an interface is up; the message names it.
    """
    names = interfaces_up(interfaces)
    if names:
        raise NetworkTouched(
            f"a network interface is up: {', '.join(names)}",
            hint="disconnect this machine; only for tests and demonstrations, add --beside-network",
        )


def refuse_connections() -> None:
    """Raise :class:`NetworkTouched` at any connection from this machine, until the process ends."""
    global _hooked  # noqa: PLW0603 -- an audit hook cannot be removed: one is enough
    if not _hooked:
        sys.addaudithook(_watch)
        _hooked = True


def _is_up(entry: Path) -> bool:
    if not (entry / "operstate").exists():
        return False  # bonding_masters and other control files are no interfaces
    state = (entry / "operstate").read_text(encoding="ascii").strip()
    switched_on = int((entry / "flags").read_text(encoding="ascii"), 16) & _UP != 0
    return switched_on and state not in _CARRYING_NOTHING


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    if event == "import":
        if str(arguments[0]).partition(".")[0] in NETWORK_CLIENTS:
            raise ImportError("network clients are not loaded on the reviewer's machine")
    elif event in _WATCHED and not _stays_here(event, arguments):
        raise NetworkTouched(
            "something tried to reach the network from the reviewer's program",
            hint="nothing was sent; please report this as a fault of the program",
        )


def _stays_here(event: str, arguments: tuple[object, ...]) -> bool:
    if event in ("socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg"):
        address: object = arguments[1] if len(arguments) > 1 else None
    elif event == "socket.getnameinfo":
        address = arguments[0]
    else:
        address = arguments[:1]
    if address is None or isinstance(address, str | bytes):
        return True  # a unix socket, or a socket that is connected already and was judged then
    if not isinstance(address, tuple) or not address:
        return False
    host = address[0].decode("ascii", "replace") if isinstance(address[0], bytes) else str(address[0])
    if host in ("localhost", "None"):
        return True
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False
