"""The place of a private network: the file `network.json` in its folder."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from onion.errors import NetworkNotReady
from onion.private_file import write_private

FILE_NAME = "network.json"


@dataclass(frozen=True, slots=True)
class NetworkMap:
    """Everything another tor or a browser needs to take part in a private network."""

    torrc: tuple[str, ...]  # the lines that put a tor into this network
    socks_ports: tuple[int, ...]  # one for each client, on 127.0.0.1
    client_control_sockets: tuple[str, ...]
    host_control_socket: str

    def keep(self, folder: Path) -> None:
        write_private(folder / FILE_NAME, (json.dumps(asdict(self), indent=1) + "\n").encode())

    @classmethod
    def load(cls, folder: Path) -> "NetworkMap":
        """Load the map of a running network; raises NetworkNotReady."""
        try:
            fields = json.loads((folder / FILE_NAME).read_bytes())
            return cls(
                tuple(map(str, fields["torrc"])),
                tuple(map(int, fields["socks_ports"])),
                tuple(map(str, fields["client_control_sockets"])),
                str(fields["host_control_socket"]),
            )
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise NetworkNotReady(
                f"expected a running private network in {folder}",
                hint=f"start one: python -m onion.private_network {folder}",
            ) from error
