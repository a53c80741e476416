"""The onion services of a tip line: a public one, and one for couriers with a client key.

The public one is a HiddenServiceDir: only then does tor separate circuits, limit introductions and work behind
Onionbalance. The couriers' one is added over the control connection, so that it ends with the program and accepts
new couriers without a restart. Relays of buttons for help have one of the same kind.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from onion.anonymity import require_anonymous
from onion.client_auth import AuthorizedClients, ClientPublicKey
from onion.control import TorControl
from onion.errors import TorRefused
from onion.private_file import private_folder, socket_path
from onion.service_key import ServiceKey
from onion.tor_program import TorProgram

_NO_SUCH_SERVICE = "552"  # tor's answer to DEL_ONION

# Tor Browser opens at most six streams to one address, and several tabs share a circuit. A circuit that asks for
# more is refused the stream, but lives on, or a running upload would die with it.
_STREAMS_A_CIRCUIT = 20

# At each introduction point, which knows nothing of proof of work: by tor's own 25 a second a small flood would
# keep out clients who did the work, before it is checked (ADR 30). The queue behind takes 50, by effort.
_INTRODUCTIONS_A_SECOND = 200
_INTRODUCTIONS_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class PublicService:
    """The address that sources type. `folder` holds its key and is tor's own; `target` is a unix socket."""

    folder: Path
    target: Path

    @property
    def key(self) -> ServiceKey:
        """Made at the first call, and kept."""
        return ServiceKey.load_or_make(self.folder)

    @property
    def address(self) -> str:
        return self.key.address

    def torrc_lines(self, program: TorProgram) -> list[str]:
        """Lines for our own torrc. Ensures that the key exists: tor would make another."""
        private_folder(self.folder)
        _ = self.key
        return [f"{name} {value}" for name, value in self._options(program)]

    def publish_at(self, control: TorControl, program: TorProgram) -> None:
        """Add the service to an attached tor, and keep that tor's own services.

        SETCONF alone would remove them. Raises NotAnonymous before any change if that tor would not hide the
        service.
        """
        require_anonymous(control)
        private_folder(self.folder)
        _ = self.key
        present = _service_options(control)
        others = _without_folder(present, self.folder)
        if len(others) < len(present):
            # Left from an earlier connection. Tor sends a descriptor again only for a service that is new to it.
            _set_services(control, others)
        control.forget_uploads(self.address)
        _set_services(control, [*others, *self._options(program)])

    def retire_from(self, control: TorControl) -> None:
        """Remove the service from an attached tor, and keep that tor's own services."""
        _set_services(control, _without_folder(_service_options(control), self.folder))

    def _options(self, program: TorProgram) -> list[tuple[str, str]]:
        options = [
            ("HiddenServiceDir", str(self.folder)),
            ("HiddenServiceVersion", "3"),
            ("HiddenServicePort", f"80 unix:{socket_path(self.target)}"),
            ("HiddenServiceExportCircuitID", "haproxy"),
            ("HiddenServiceMaxStreams", str(_STREAMS_A_CIRCUIT)),
            ("HiddenServiceMaxStreamsCloseCircuit", "0"),
            ("HiddenServiceEnableIntroDoSDefense", "1"),
            ("HiddenServiceEnableIntroDoSRatePerSec", str(_INTRODUCTIONS_A_SECOND)),
            ("HiddenServiceEnableIntroDoSBurstPerSec", str(_INTRODUCTIONS_AT_ONCE)),
        ]
        if program.has_proof_of_work:
            options += [
                ("HiddenServicePoWDefensesEnabled", "1"),
                ("HiddenServicePoWQueueRate", "50"),
                ("HiddenServicePoWQueueBurst", "200"),
            ]
        return options


@dataclass(frozen=True, slots=True)
class CourierService:
    """The address that couriers fetch bundles from. `folder` holds its key."""

    folder: Path
    target: Path
    clients: AuthorizedClients

    @property
    def key(self) -> ServiceKey:
        """Made at the first call, and kept."""
        return ServiceKey.load_or_make(self.folder)

    @property
    def address(self) -> str:
        return self.key.address

    def publish_at(self, control: TorControl, program: TorProgram) -> dict[str, ClientPublicKey]:
        """Publish the service with this list of couriers. Open connections are cut; couriers reconnect.

        Returns the couriers that are let in, name to key. With an empty list nothing is published.
        """
        self.retire_from(control)
        control.close_visits(self.address)
        clients = self.clients.keys()
        if not clients:
            return clients
        # Without V3Auth the service would be public, so it stands beside the keys in one command.
        parts = [
            f"ADD_ONION {self.key.for_control_port()}",
            "Flags=V3Auth",
            f"MaxStreams={_STREAMS_A_CIRCUIT}",
            *(["PoWDefensesEnabled=1"] if program.has_ephemeral_proof_of_work else []),
            *(f"ClientAuthV3={key.base32}" for key in clients.values()),
            f"Port=80,unix:{socket_path(self.target)}",
        ]
        control.forget_uploads(self.address)
        control.send(" ".join(parts))
        return clients

    def is_up_at(self, control: TorControl) -> bool:
        """True while tor lists it for this connection."""
        return self.address.removesuffix(".onion") in control.ask("onions/current").split()

    def retire_from(self, control: TorControl) -> None:
        """Takes the service down, if it is up."""
        try:
            control.send(f"DEL_ONION {self.address.removesuffix('.onion')}")
        except TorRefused as refused:
            # It was not up on this connection: that is what was wanted.
            if refused.code != _NO_SUCH_SERVICE:
                raise


def _service_options(control: TorControl) -> list[tuple[str, str]]:
    """Tor's present services, in order: each begins with its HiddenServiceDir."""
    answer = control.send("GETCONF HiddenServiceOptions")
    return [(name, value) for name, _, value in (line.partition("=") for line in answer) if value]


def _without_folder(options: Sequence[tuple[str, str]], folder: Path) -> list[tuple[str, str]]:
    kept: list[tuple[str, str]] = []
    ours = False
    for name, value in options:
        if name == "HiddenServiceDir":
            ours = Path(value) == folder
        if not ours:
            kept.append((name, value))
    return kept


def _set_services(control: TorControl, options: Sequence[tuple[str, str]]) -> None:
    if not options:
        control.send("RESETCONF HiddenServiceDir")
        return
    control.send("SETCONF " + " ".join(f'{name}="{_quoted(value)}"' for name, value in options))


def _quoted(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"')
