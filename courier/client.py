"""The courier's client: it carries sealed bundles between the server and the reviewers.

It runs on an online staff computer. It holds an onion client key, without which the server's address for couriers
cannot be resolved, and no key that opens a bundle. Each run starts its own tor, so that the key is in no other
program's configuration.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx

from courier.answers import line_in, number_in, plain_line, text_in
from courier.patience import CourierError, PatientTransport
from crypto.bundles.bundle_file import MAGIC
from onion.client_auth import ClientKey
from onion.errors import OnionError
from onion.network_map import NetworkMap
from onion.private_file import private_folder
from onion.runtime_dir import RuntimeDir
from onion.service_key import is_address
from onion.tor_process import ANY_PORT, TorProcess, TorSettings
from onion.tor_program import TorProgram
from system.atomic_files import whole_file, write_whole
from system.errors import system_reason
from system.given_files import open_given

_NETWORK_SECONDS: Final = 180.0
_TRIES: Final = 4
# Tor takes its time for a first circuit to a service; the server may need long to sign and seal many bundles.
_TIMEOUT = httpx.Timeout(180.0, connect=90.0)
_PIECE_BYTES: Final = 1 << 20
RESERVE_BYTES: Final = 16 << 20
"""Bytes that a FILE leaves free where it is written."""

__all__ = ["Courier", "CourierError", "PushResult", "ServerLine"]


@dataclass(frozen=True, slots=True)
class PushResult:
    """The server's report of what it imported from an outbox."""

    bundles: int
    repeated: int
    replies: int
    receipts: int
    deleted: int
    manifest_refused: str | None
    replies_wait: bool = False
    to_accept: str | None = None

    def warnings(self) -> list[str]:
        """Warnings that staff must act on."""
        found = [] if self.manifest_refused is None else [self.manifest_refused]
        if self.replies_wait:
            found.append("the replies wait there until a person has adopted the newest manifest")
        if self.to_accept is not None:
            found.append(
                "that server was restored: receipts of this reviewer count for nothing before"
                f" tipline import DIR FILE --accept-stream {self.to_accept} was done there"
            )
        return found


class ServerLine:
    """An open line to the server; made by :meth:`Courier.line`."""

    def __init__(self, client: httpx.Client, *, free_bytes: Callable[[int], int] | None = None) -> None:
        """``free_bytes`` returns the free space of the disk of a file descriptor."""
        self._client = client
        self._free_bytes = free_bytes or _free_bytes

    def pull(self, out: Path, *, from_number: int | None = None) -> int:
        """Fetch waiting bundles into a new FILE, atomically; returns its length in bytes.

        Raises:
            CourierError: no way to the server, it refuses, the connection broke, or there is more than fits.
        """
        question = {} if from_number is None else {"from": str(from_number)}
        with whole_file(out) as file, _http_errors():
            length = 0
            with self._client.stream("GET", "/bundles", params=question) as answer:
                if answer.status_code != httpx.codes.OK:
                    raise _refusal(answer)
                for piece in answer.iter_raw():
                    if self._free_bytes(file.fileno()) - RESERVE_BYTES < len(piece):
                        raise CourierError(
                            f"{out.parent} has no room for all that the server sends; what came was removed",
                            hint="make room, or ask its operator how much there is",
                        )
                    file.write(piece)
                    length += len(piece)
            return length

    def push(self, outbox: Path, *, accept: str | None = None) -> PushResult:
        """Brings a reviewer's FILE; the same one twice is harmless.

        Raises:
            CourierError: as :meth:`pull`, and the server's reason if it does not take the file.
        """
        try:
            source = open_given(outbox, follow_links=False)
        except OSError as error:
            raise CourierError(f"cannot read {plain_line(str(outbox))}: {system_reason(error)}") from error
        with source, _http_errors():
            # Before a byte of it goes anywhere: sticks carry other things too, that are no business of a server.
            if source.read(len(MAGIC)) != MAGIC:
                raise CourierError(
                    f"{plain_line(outbox.name)} is no FILE of bundles, and stays here",
                    hint="only what tipline-review outbox writes is brought; take anything else off this medium",
                )
            source.seek(0)
            length = os.fstat(source.fileno()).st_size
            request = self._client.build_request(
                "POST",
                "/outbox",
                params={} if accept is None else {"accept": accept},
                content=iter(lambda: source.read(_PIECE_BYTES), b""),
                headers={"Content-Length": str(length), "Content-Type": "application/octet-stream"},
            )
            answer = self._client.send(request, stream=True)
            try:
                if answer.status_code != httpx.codes.OK:
                    raise _refusal(answer)
                told = text_in(answer.iter_raw())
            finally:
                answer.close()
        return PushResult(
            **{name: number_in(told, name) for name in ("bundles", "repeated", "replies", "receipts", "deleted")},
            manifest_refused=line_in(told, "manifest_refused"),
            replies_wait=told.get("replies_wait") is True,
            to_accept=line_in(told, "to_accept"),
        )

    def status(self) -> dict[str, Any]:
        """The server's status, as `tipline status --json` prints it.

        Raises:
            CourierError: as :meth:`pull`.
        """
        with _http_errors(), self._client.stream("GET", "/status") as answer:
            if answer.status_code != httpx.codes.OK:
                raise _refusal(answer)
            return text_in(answer.iter_raw())


class Courier:
    """A courier's folder HOME: its key, the server's address, its tor's data. ``warn`` hears of its tor."""

    def __init__(self, home: Path, *, warn: Callable[[str], None] = lambda _line: None) -> None:
        self._home = home
        self._warn = warn
        self.public_key_file = home / "courier.pub"
        self._key_file = home / "courier.key"
        self._address_file = home / "address"
        self._network_file = home / "private-network"

    def set_up(self, *, address: str | None, network: Path | None) -> None:
        """Makes the key at the first call; keeps the server's address, also later.

        Raises:
            CourierError: not such an address, or the folder cannot be used.
        """
        if address is not None and not is_address(address):
            raise CourierError("expected an onion address", hint="56 letters and digits, then .onion")
        with _onion_errors():
            private_folder(self._home)
            if self._key_file.exists():
                key = ClientKey.load(self._key_file)
            else:
                key = ClientKey.make()
                key.keep(self._key_file)
        write_whole(self.public_key_file, key.public.to_bytes(), mode=0o644)
        if address is not None:
            write_whole(self._address_file, address.encode() + b"\n")
        if network is not None:
            write_whole(self._network_file, str(network.absolute()).encode() + b"\n")

    def pull(self, out: Path, *, from_number: int | None = None) -> int:
        """:meth:`ServerLine.pull` on a line of its own."""
        with self.line() as line:
            return line.pull(out, from_number=from_number)

    def push(self, outbox: Path, *, accept: str | None = None) -> PushResult:
        """:meth:`ServerLine.push` on a line of its own."""
        with self.line() as line:
            return line.push(outbox, accept=accept)

    def status(self) -> dict[str, Any]:
        """:meth:`ServerLine.status` on a line of its own."""
        with self.line() as line:
            return line.status()

    @contextmanager
    def line(self) -> Iterator["ServerLine"]:
        """A line to the server's couriers' service, through a tor of its own that ends with it.

        Raises:
            CourierError: no address is known, or there is no way to the server.
        """
        address = self._address()
        with ExitStack() as running, _onion_errors():
            key = ClientKey.load(self._key_file)
            network = NetworkMap.load(self._network()).torrc if self._network_file.exists() else ()
            run = running.enter_context(RuntimeDir(self._home.absolute() / "run")).path
            settings = TorSettings(self._home.absolute() / "tor", run / "tor.socket", ANY_PORT, network)
            tor = running.enter_context(TorProcess.start(TorProgram.find(), settings, name="courier"))
            if not tor.is_sandboxed:
                self._warn("tor runs without its system call sandbox, which it did not start with here")
            tor.control.await_network(seconds=_NETWORK_SECONDS)
            tor.control.send(f"ONION_CLIENT_AUTH_ADD {address.removesuffix('.onion')} {key.for_control_port()}")
            client = running.enter_context(
                httpx.Client(
                    base_url=f"http://{address}",
                    transport=PatientTransport(proxy=f"socks5h://127.0.0.1:{tor.control.socks_port()}"),
                    timeout=_TIMEOUT,
                    trust_env=False,
                    headers={"Accept-Encoding": "identity", "User-Agent": "tipline-courier"},
                )
            )
            _reach(client)
            yield ServerLine(client)

    def _address(self) -> str:
        try:
            return self._address_file.read_text().strip()
        except OSError as error:
            raise CourierError(
                "this courier does not know the server's address yet",
                hint=f"tipline courier setup {self._home} --address ADDRESS; `tipline couriers add` prints it",
            ) from error

    def _network(self) -> Path:
        return Path(self._network_file.read_text().strip())


def _reach(client: httpx.Client) -> None:
    """Ask a small question first and retry it: the first connection to a service may fail."""
    for attempt in range(1, _TRIES + 1):
        try:
            with client.stream("GET", "/status"):
                return
        except (httpx.HTTPError, OSError) as error:
            if attempt == _TRIES:
                raise CourierError(
                    "the server cannot be reached through Tor",
                    hint="is it up, and was this courier added there? (tipline couriers add)",
                ) from error


def _free_bytes(descriptor: int) -> int:
    disk = os.fstatvfs(descriptor)
    return disk.f_bavail * disk.f_frsize


def _refusal(answer: httpx.Response) -> CourierError:
    told = text_in(answer.iter_raw())
    reason = line_in(told, "error") or str(answer.status_code)
    return CourierError(f"the server refuses: {reason}", hint=line_in(told, "hint"))


@contextmanager
def _http_errors() -> Iterator[None]:
    try:
        yield
    except (httpx.HTTPError, httpx.StreamError) as error:
        raise CourierError("the connection to the server broke before the end", hint="try again") from error


@contextmanager
def _onion_errors() -> Iterator[None]:
    try:
        yield
    except OnionError as error:
        raise CourierError(str(error), hint=error.hint or None) from error
