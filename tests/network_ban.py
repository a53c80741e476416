"""A ban on every connection, datagram and name look-up that leaves this machine, for the whole test run.

It is an audit hook, so it also sees what libraries do, and it cannot be patched away by a test. It refuses the call
and remembers it: a refusal that some code swallows still fails the test in which it happened.
"""

import ipaddress
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager

WATCHED = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg", "socket.bind"})
LOOK_UPS = frozenset({"socket.getaddrinfo", "socket.gethostbyname"})


class LeavesThisMachine(RuntimeError):
    """A test tried to reach, or to listen for, something outside loopback."""


class NetworkBan:
    """Refuses and remembers; one object for the process, because an audit hook cannot be taken out again."""

    def __init__(self) -> None:
        self._offences: list[str] = []

    def install(self) -> None:
        sys.addaudithook(self._hook)

    def drain(self) -> list[str]:
        """The offences since the last call, as ``event address``."""
        offences, self._offences = self._offences, []
        return offences

    @contextmanager
    def expecting_an_offence(self) -> Iterator[None]:
        """For the tests of the ban itself: an offence inside is wanted, and none is a failure."""
        yield
        assert self.drain(), "nothing was refused"

    def _hook(self, event: str, arguments: tuple[object, ...]) -> None:
        if event in WATCHED:
            sock, address = arguments[0], arguments[-1]
            if getattr(sock, "family", None) not in (socket.AF_INET, socket.AF_INET6) or address is None:
                return
            host = address[0] if isinstance(address, tuple) else address
        elif event in LOOK_UPS:
            host = arguments[0]
        else:
            return
        if not stays_here(host):
            self._offences.append(f"{event} {host!r}")
            raise LeavesThisMachine(f"{event} {host!r}")


def stays_here(host: object) -> bool:
    """True if a host, as Python's socket calls take it, is loopback."""
    if host is None:
        return True  # getaddrinfo of nothing: the loopback address
    text = host.decode("ascii", "replace") if isinstance(host, (bytes, bytearray)) else str(host)
    if text == "localhost":
        return True
    try:
        return ipaddress.ip_address(text).is_loopback
    except ValueError:
        return False


BAN = NetworkBan()
