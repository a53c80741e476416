"""The relays and duty machines of one site, and the switch of their onion service."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from onion.client_auth import ClientPublicKey, SwitchedClients
from onion.errors import OnionError
from onion.service import CourierService
from system.atomic_files import write_whole
from system.errors import ProgramError, system_reason
from tipline.instance.folder import SiteFolder
from tipline.store.relay_ring import MOST_RELAYS, keep_count

_DUTY_PREFIX: Final = "duty-"
_LEFT_HANGING: Final = "closed-early"


class RelayListError(ProgramError):
    """The list of relays cannot be changed, or the service not be switched, as asked."""


def relay_clients(folder: SiteFolder) -> SwitchedClients:
    """The relays and duty machines that are let in."""
    return SwitchedClients(folder.onion / "relays")


def relay_service(folder: SiteFolder, target: Path) -> CourierService:
    """The relays' service of a site; its key is made at the first question for its address."""
    return CourierService(folder.onion / "relay", target, relay_clients(folder))


def keep_relay_count(folder: SiteFolder) -> None:
    """Write the number of relays where the web process may read it: it has no access to the list itself."""
    names = relay_clients(folder).listed()
    keep_count(folder.store, sum(not name.startswith(_DUTY_PREFIX) for name in names))


@dataclass(frozen=True, slots=True)
class RelaysState:
    """The names that were added, and whether their service is on."""

    is_on: bool
    relays: list[str]
    duty: list[str]
    address: str
    """Empty before the first one was added: until then nothing of the service exists."""

    closed_early: bool
    """The service was switched off before everything was taken down."""


class Relays:
    """Names and keys in the folder; a running server looks there for itself."""

    def __init__(self, site: Path) -> None:
        self._folder = SiteFolder.open(site)
        self._clients = relay_clients(self._folder)
        self._early = self._folder.onion / "relays" / _LEFT_HANGING

    @property
    def address(self) -> str:
        """The address for relays and duty machines; its key is made at the first call."""
        try:
            return relay_service(self._folder, self._folder.path).address
        except OnionError as error:
            raise RelayListError(str(error), hint=error.hint or None) from error

    def add(self, untrusted_name: str, file: Path, *, is_duty: bool) -> str:
        """Admit the client whose public key is in ``file``; returns the name under which it stands.

        Raises:
            RelayListError: no key in the file, an invalid name, or too many relays.
        """
        if untrusted_name.startswith(_DUTY_PREFIX):
            raise RelayListError(f"a name must not begin with {_DUTY_PREFIX}", hint="use --duty for a duty machine")
        name = f"{_DUTY_PREFIX}{untrusted_name}" if is_duty else untrusted_name
        state = self.state()
        if not is_duty and len({*state.relays, name}) > MOST_RELAYS:
            raise RelayListError(f"there are {MOST_RELAYS} relays at most", hint="remove one that is gone")
        try:
            with file.open("rb") as source:
                key = ClientPublicKey.parse(source.read(1024))
            self._clients.add(name, key)
            keep_relay_count(self._folder)
        except OnionError as error:
            raise RelayListError(str(error), hint=error.hint or None) from error
        except OSError as error:
            raise RelayListError(f"cannot read {file}: {system_reason(error)}") from error
        return name

    def remove(self, untrusted_name: str) -> None:
        """Remove a client. Raises RelayListError: there is none of this name."""
        try:
            self._clients.remove(untrusted_name)
            keep_relay_count(self._folder)
        except OnionError as error:
            raise RelayListError(str(error).replace("courier", "relay"), hint=error.hint or None) from error

    def switch_on(self) -> None:
        """Let all that were added in.

        Raises:
            RelayListError: none was added yet.
        """
        if not self._clients.is_known or not self._clients.listed():
            raise RelayListError("no relay was added yet", hint="tipline relays add DIR FILE --name NAME")
        self._clients.switch(on=True)
        self._early.unlink(missing_ok=True)

    def switch_off(self, *, is_taken_down: bool) -> None:
        """Let none in. Without ``is_taken_down`` the state says from then on that it was too early.

        Raises:
            RelayListError: it is off already.
        """
        if not self._clients.is_on:
            raise RelayListError("the relays' service is off already")
        self._clients.switch(on=False)
        if not is_taken_down:
            write_whole(self._early, b"")

    def state(self) -> RelaysState:
        """The list and the switch. Raises RelayListError: a file cannot be read."""
        try:
            names = self._clients.listed() if self._clients.is_known else []
            return RelaysState(
                is_on=self._clients.is_on,
                relays=[name for name in names if not name.startswith(_DUTY_PREFIX)],
                duty=[name for name in names if name.startswith(_DUTY_PREFIX)],
                address=self.address if names else "",
                closed_early=self._early.exists(),
            )
        except OSError as error:
            raise RelayListError(
                f"cannot read the list of relays: {system_reason(error)}",
                hint="do it as the user whose folder it is",
            ) from error
