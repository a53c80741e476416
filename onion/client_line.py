"""A line to an onion service with client authorisation, through a tor of its own that ends with it.

For relays and duty machines. What speaks HTTP over the line is the caller's.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from onion.client_auth import ClientKey
from onion.errors import OnionError
from onion.network_map import NetworkMap
from onion.private_file import private_folder
from onion.runtime_dir import RuntimeDir
from onion.service_key import is_address
from onion.tor_process import ANY_PORT, TorProcess, TorSettings
from onion.tor_program import TorProgram

_NETWORK_SECONDS = 180.0


@dataclass(frozen=True, slots=True)
class ClientLine:
    """The service's address, the client's key, and a folder for tor's data.

    ``network`` is the folder of a running private network; None for the public one.
    """

    address: str
    key: ClientKey
    folder: Path
    network: Path | None = None

    @contextmanager
    def open(self, *, name: str, warn: Callable[[str], object] = lambda _line: None) -> Iterator[int]:
        """Start tor, and yield the port of its SOCKS proxy on loopback, through which the service is reached.

        Raises:
            OnionError: no such address, tor does not start, or it reaches no network.
        """
        if not is_address(self.address):
            raise OnionError("expected an onion address", hint="56 letters and digits, then .onion")
        with ExitStack() as running:
            folder = private_folder(self.folder.absolute())
            network = NetworkMap.load(self.network).torrc if self.network else ()
            run = running.enter_context(RuntimeDir(folder / "run")).path
            settings = TorSettings(folder / "tor", run / "tor.socket", ANY_PORT, network)
            tor = running.enter_context(TorProcess.start(TorProgram.find(), settings, name=name))
            if not tor.is_sandboxed:
                warn("tor runs without its system call sandbox, which it did not start with here")
            tor.control.await_network(seconds=_NETWORK_SECONDS)
            service = self.address.removesuffix(".onion")
            tor.control.send(f"ONION_CLIENT_AUTH_ADD {service} {self.key.for_control_port()}")
            yield tor.control.socks_port()
