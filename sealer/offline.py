"""Network ban: any attempt of this program to use a network ends it."""

import sys

from system.errors import ProgramError

_REFUSED = frozenset({"socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo"})
_hooked = False


def refuse_connections() -> None:
    """Refuse all connections until the process ends."""
    global _hooked  # noqa: PLW0603 -- an audit hook cannot be removed: one is enough
    if not _hooked:
        sys.addaudithook(_watch)
        _hooked = True


def _watch(event: str, _arguments: tuple[object, ...]) -> None:
    if event in _REFUSED:
        raise ProgramError(
            "something tried to reach a network from this program",
            hint="nothing was sent; please report this as a fault of the program",
        )
