"""The key of an onion service: who holds it, is the address.

Kept in tor's own file form, so that the folder can be given to tor, and to any other tor later, as it is.
"""

import base64
import hashlib
from pathlib import Path

from onion._sodium import new_expanded_key, public_of_expanded
from onion.errors import UnsafeKeyFile
from onion.private_file import private_folder, read_private, write_private

FILE_NAME = "hs_ed25519_secret_key"
_MAGIC = b"== ed25519v1-secret: type0 ==\0\0\0"
_EXPANDED_BYTES = 64


class ServiceKey:
    """A v3 service key. Prints nothing of itself; `address` is the public part."""

    __slots__ = ("_expanded", "address")

    address: str  # 56 signs and ".onion"

    def __init__(self, expanded: bytes) -> None:
        if len(expanded) != _EXPANDED_BYTES:
            raise ValueError("expected an expanded key of 64 bytes")
        self._expanded = expanded
        self.address = address_of(public_of_expanded(expanded))

    @classmethod
    def make(cls) -> "ServiceKey":
        """A fresh key, from the operating system's generator."""
        return cls(new_expanded_key())

    @classmethod
    def load(cls, folder: Path) -> "ServiceKey":
        """The key kept in `folder`; raises UnsafeKeyFile if others may read it or it is not such a file."""
        path = folder / FILE_NAME
        content = read_private(path, limit_bytes=len(_MAGIC) + _EXPANDED_BYTES)
        if not content.startswith(_MAGIC) or len(content) != len(_MAGIC) + _EXPANDED_BYTES:
            raise UnsafeKeyFile(f"expected an onion service key in {path}")
        return cls(content[len(_MAGIC) :])

    @classmethod
    def load_or_make(cls, folder: Path) -> "ServiceKey":
        """The key kept in `folder`, or a fresh one, kept there (folder 0700, file 0600) before it is returned."""
        if (folder / FILE_NAME).exists():
            return cls.load(folder)
        key = cls.make()
        key.keep(folder)
        return key

    def keep(self, folder: Path) -> None:
        """Writes the key into `folder`, durable, 0600."""
        private_folder(folder)
        write_private(folder / FILE_NAME, _MAGIC + self._expanded)

    def for_control_port(self) -> str:
        """The secret as ADD_ONION takes it. For the control connection only."""
        return "ED25519-V3:" + base64.b64encode(self._expanded).decode()

    def __repr__(self) -> str:
        return "ServiceKey(…)"


def address_of(public_key: bytes) -> str:
    """The v3 address of a 32-byte Ed25519 public key (rend-spec-v3, 6)."""
    version = b"\x03"
    checksum = hashlib.sha3_256(b".onion checksum" + public_key + version).digest()[:2]
    return base64.b32encode(public_key + checksum + version).decode().lower() + ".onion"


def is_address(untrusted_text: str) -> bool:
    """True for a well-formed v3 address: length, alphabet, version and checksum."""
    name = untrusted_text.removesuffix(".onion")
    if len(name) != 56 or name + ".onion" != untrusted_text:
        return False
    try:
        decoded = base64.b32decode(name.upper())
    except ValueError:
        return False
    return address_of(decoded[:32]) == untrusted_text
