"""The couriers of one site, as its operator keeps them."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from onion.client_auth import AuthorizedClients, ClientPublicKey
from onion.errors import OnionError
from onion.service import CourierService
from system.errors import ProgramError, system_reason
from system.given_files import read_beginning
from tipline.instance.folder import SiteFolder

_Read = TypeVar("_Read")
_LONGEST_KEY_FILE = 1023


def courier_service(folder: SiteFolder, target: Path) -> CourierService:
    """The couriers' service of a site; its key is made at the first question for its address."""
    return CourierService(folder.onion / "courier", target, authorized_couriers(folder))


def authorized_couriers(folder: SiteFolder) -> AuthorizedClients:
    return AuthorizedClients(folder.onion / "couriers")


class CourierListError(ProgramError):
    """The list of couriers cannot be changed as asked."""


class Couriers:
    """Names and keys in the folder; a running server looks there for itself."""

    def __init__(self, site: Path) -> None:
        folder = SiteFolder.open(site)
        try:
            service = courier_service(folder, folder.path)
            self.address = service.address
        except OnionError as error:
            raise CourierListError(str(error), hint=error.hint or None) from error
        self._clients = service.clients

    def add(self, untrusted_name: str, file: Path) -> None:
        """Admit a courier. Raises CourierListError: no key in the file, or an invalid name."""
        untrusted_key = read_beginning(file, _LONGEST_KEY_FILE, refused=CourierListError)
        try:
            self._clients.add(untrusted_name, ClientPublicKey.parse(untrusted_key))
        except OnionError as error:
            raise CourierListError(str(error), hint=error.hint or None) from error

    def remove(self, untrusted_name: str) -> None:
        """Remove a courier. Raises CourierListError: there is no such courier."""
        try:
            self._clients.remove(untrusted_name)
        except OnionError as error:
            raise CourierListError(str(error), hint=error.hint or None) from error

    def names(self) -> list[str]:
        """Return the couriers who are let in. Raises CourierListError: a file cannot be read."""
        return list(_readable(self._clients.keys))

    def damaged(self) -> list[str]:
        """Return the couriers whose file holds no key. Raises CourierListError: one cannot be read."""
        return _readable(self._clients.damaged)


def _readable(read: Callable[[], _Read]) -> _Read:
    try:
        return read()
    except OSError as error:
        raise CourierListError(
            f"cannot read the list of couriers: {system_reason(error)}",
            hint="do it as the user whose folder it is",
        ) from error
