"""Client authorisation: the courier's key, and the list of couriers that a server lets in.

Without a key that the service knows, its descriptor cannot even be read: to all others the address does not exist.
"""

import base64
import re
from collections.abc import Iterator
from pathlib import Path

from onion._sodium import new_x25519_pair, x25519_public
from onion.errors import MalformedClientKey, NoSuchClient, UnsafeKeyFile
from onion.private_file import private_folder, read_private, remove_private, write_private
from onion.service_key import is_address

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
_KEY_BYTES = 32


class ClientPublicKey:
    """The courier's public key for the server; its file is `descriptor:x25519:` and 52 base32 letters."""

    __slots__ = ("base32",)

    base32: str

    def __init__(self, raw: bytes) -> None:
        if len(raw) != _KEY_BYTES:
            raise ValueError("expected a public key of 32 bytes")
        self.base32 = _to_base32(raw)

    @classmethod
    def parse(cls, untrusted_bytes: bytes) -> "ClientPublicKey":
        """Parse the content of its file; raises MalformedClientKey."""
        if len(untrusted_bytes) > 200:
            raise MalformedClientKey("expected a courier's public key, one short line")
        parts = untrusted_bytes.decode("ascii", "replace").strip().split(":")
        if len(parts) != 3 or parts[:2] != ["descriptor", "x25519"]:
            raise MalformedClientKey("expected a line that begins with descriptor:x25519:")
        return cls(_from_base32(parts[2]))

    def to_bytes(self) -> bytes:
        return f"descriptor:x25519:{self.base32}\n".encode()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ClientPublicKey) and other.base32 == self.base32

    def __hash__(self) -> int:
        return hash(self.base32)

    def __repr__(self) -> str:
        return f"ClientPublicKey({self.base32})"


class ClientKey:
    """The courier's secret half. Prints nothing of itself."""

    __slots__ = ("_secret", "public")

    public: ClientPublicKey

    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        self.public = ClientPublicKey(x25519_public(secret))

    @classmethod
    def make(cls) -> "ClientKey":
        secret, _public = new_x25519_pair()
        return cls(secret)

    @classmethod
    def load(cls, path: Path) -> "ClientKey":
        """Load the key from its file, 0600: one line `x25519:` and base32; raises UnsafeKeyFile."""
        kind, _, value = read_private(path, limit_bytes=200).decode("ascii", "replace").strip().partition(":")
        if kind != "x25519":
            raise UnsafeKeyFile(f"expected a courier's key in {path}")
        try:
            return cls(_from_base32(value))
        except MalformedClientKey as error:
            raise UnsafeKeyFile(f"expected a courier's key in {path}") from error

    def keep(self, path: Path) -> None:
        """Writes the secret key, durable, 0600."""
        write_private(path, f"x25519:{_to_base32(self._secret)}\n".encode())

    def for_control_port(self) -> str:
        """The secret as ONION_CLIENT_AUTH_ADD takes it. For the control connection only."""
        return "x25519:" + base64.b64encode(self._secret).decode()

    def auth_private_line(self, address: str) -> bytes:
        """The content of a file NAME.auth_private for tor's ClientOnionAuthDir."""
        if not is_address(address):
            raise MalformedClientKey("expected an onion address", hint="56 letters and digits, then .onion")
        return f"{address.removesuffix('.onion')}:descriptor:x25519:{_to_base32(self._secret)}\n".encode()

    def __repr__(self) -> str:
        return "ClientKey(…)"


class AuthorizedClients:
    """The couriers that a service lets in: one file NAME.auth each, in tor's own form."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def add(self, untrusted_name: str, key: ClientPublicKey) -> None:
        """Lets a courier in from the next publication on. The same name again replaces its key."""
        private_folder(self._folder)
        write_private(self._file(untrusted_name), key.to_bytes())

    def remove(self, untrusted_name: str) -> None:
        """Shuts a courier out from the next publication on; raises NoSuchClient."""
        path = self._file(untrusted_name)
        if not path.exists():
            raise NoSuchClient("expected the name of an authorised courier")
        remove_private(path)

    def keys(self) -> dict[str, ClientPublicKey]:
        """Name to key, sorted by name; empty if none was ever added. Whose file is damaged is not let in.

        Raises OSError where a file cannot be read now.
        """
        return {name: key for name, key in self._read() if key is not None}

    def damaged(self) -> list[str]:
        """Names whose file holds no key: to be added again or removed. Raises OSError as `keys` does."""
        return [name for name, key in self._read() if key is None]

    def _read(self) -> Iterator[tuple[str, ClientPublicKey | None]]:
        for path in sorted(self._folder.glob("*.auth")):
            try:
                yield path.stem, ClientPublicKey.parse(path.read_bytes())
            except MalformedClientKey:
                # One damaged file must neither keep others out nor keep a removed courier in.
                yield path.stem, None
            except FileNotFoundError:  # removed since it was listed
                continue

    def _file(self, untrusted_name: str) -> Path:
        if not _NAME.fullmatch(untrusted_name):
            raise NoSuchClient("expected a name of at most 32 small letters, digits and hyphens")
        return self._folder / f"{untrusted_name}.auth"


class SwitchedClients(AuthorizedClients):
    """The clients of a service that is switched on and off: while it is off, none is let in.

    ``is_known`` is False until the first client is added: then nothing of the service exists.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._switch = folder / "open"

    @property
    def is_known(self) -> bool:
        return self._folder.is_dir()

    @property
    def is_on(self) -> bool:
        return self._switch.exists()

    def switch(self, *, on: bool) -> None:
        """Let the listed clients in, or none, from the next publication on. Durable."""
        private_folder(self._folder)
        if on:
            write_private(self._switch, b"")
        elif self._switch.exists():
            remove_private(self._switch)

    def keys(self) -> dict[str, ClientPublicKey]:
        return super().keys() if self.is_on else {}

    def damaged(self) -> list[str]:
        return super().damaged() if self.is_on else []

    def listed(self) -> list[str]:
        """Names of all that were added, let in or not. Raises OSError as `keys` does."""
        return sorted([*super().keys(), *super().damaged()])


def _to_base32(raw: bytes) -> str:
    return base64.b32encode(raw).decode().rstrip("=")


def _from_base32(untrusted_text: str) -> bytes:
    try:
        raw = base64.b32decode(untrusted_text + "=" * (-len(untrusted_text) % 8))
    except ValueError as error:
        raise MalformedClientKey("expected 52 base32 signs") from error
    if len(raw) != _KEY_BYTES or _to_base32(raw) != untrusted_text:
        raise MalformedClientKey("expected 52 base32 signs, in their one canonical form")
    return raw
