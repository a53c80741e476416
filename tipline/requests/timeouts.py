"""Timeouts of the web process: how long it waits for a client, at each step of a request.

All are set here. The worker that holds a connection puts its :class:`ClientPatience` into the WSGI environment,
under :data:`PATIENCE_KEY`, so that a reader of the body keeps to the same ones.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

PATIENCE_KEY: Final = "tipline.patience"
"""Key in the WSGI environment: the :class:`ClientPatience` with this client."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientTimeouts:
    """Seconds to wait for a client; the defaults are those of every server."""

    header: float = 30.0
    """For a whole header."""

    silence: float = 180.0
    """Without a byte. Longer than Tor takes to revive a stalled stream; an upload as a whole has its own limits."""

    upload: float = 12 * 3600
    """An upload that began under a manifest ends under it, within this time (DESIGN, section 3)."""

    drain: float = 600
    """To go on reading, after the answer, what is not kept.

    A browser that is cut off while it is still sending shows an error of its own instead of our answer.
    """

    outbox: float = 3600
    """For an outbox; a slower one comes on a medium. While a bundle comes, no other import goes on."""

    answer: float = 240.0
    """For a page, or for one piece of an answer: a courier's download has many, of at most 256 KiB."""

    long_answer_silence: float = 30.0
    """A page that gives a long text back lies in memory until all of it is sent, up to 2 MiB of it."""

    linger: float = 2.0
    """For a client that does not hang up, once it has the answer."""


CLIENT_TIMEOUTS: Final = ClientTimeouts()


class ClientPatience(Protocol):
    """The connection of a client, as the reader of a body sees it."""

    @property
    def timeouts(self) -> ClientTimeouts: ...

    def end_within(self, seconds: float, /) -> object:
        """Wait for this client for so long in all, however much it sends."""
        ...


class _NoConnection:
    """Stands for the connection where a body does not come from one."""

    timeouts = CLIENT_TIMEOUTS

    def end_within(self, seconds: float, /) -> None:
        """Do nothing: there is no one to wait for."""


def patience_of(environ: Mapping[str, Any]) -> ClientPatience:
    """Return the patience with the client of a request."""
    patience: ClientPatience = environ.get(PATIENCE_KEY, _NoConnection())
    return patience
