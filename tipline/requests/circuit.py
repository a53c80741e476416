"""The Tor circuit of a request: a number that tor passes on, known to no one else, and kept nowhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_TOR_PREFIX = "fc00:dead:beef:4dad:"


@dataclass(frozen=True, slots=True)
class Circuit:
    """Requests with the same name share a queue. Without a name they all share one."""

    name: str

    @property
    def is_known(self) -> bool:
        return bool(self.name)

    @classmethod
    def of(cls, environ: Mapping[str, Any]) -> "Circuit":
        """Read it from the address that the web server has set, never from a header of the client."""
        address = str(environ.get("REMOTE_ADDR") or "")
        if not address or address.startswith(_TOR_PREFIX):
            return cls(address)
        # Without Tor, for tests and development: each connection is a circuit of its own.
        return cls(f"{address} {environ.get('REMOTE_PORT', '')}")


NO_CIRCUIT = Circuit("")
"""The circuit of requests that tor does not tell apart."""
