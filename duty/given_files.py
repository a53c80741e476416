"""Files that people bring to a duty machine: how they are read, and how they are refused.

A manifest is known by the signature that lies beside it. All else is a week file, or a key where one is asked for.
"""

from pathlib import Path

from crypto.beacon.relay_post import DutyPublicKey
from crypto.errors import CryptoError
from crypto.manifests.manifest_chain import SIGNATURE_ENDING
from system.errors import ProgramError


class DutyRefused(ProgramError):
    """The duty machine cannot do what was asked. Nothing was changed."""


def is_manifest(path: Path) -> bool:
    """True if a signature lies beside the file."""
    return path.with_name(f"{path.name}{SIGNATURE_ENDING}").exists()


def parse_other_key(untrusted_bytes: bytes, name: str) -> DutyPublicKey:
    """The public key of a duty machine. Raises DutyRefused: the file ``name`` holds none."""
    try:
        return DutyPublicKey.parse(untrusted_bytes.decode("ascii", "replace").strip())
    except CryptoError as error:
        raise DutyRefused(f"{name} must hold a public key that begins with age1pq1") from error


def read_given(path: Path, most_bytes: int) -> bytes:
    """The content of a file. Raises DutyRefused: it cannot be read, or is longer than ``most_bytes``."""
    try:
        with path.open("rb") as file:
            raw = file.read(most_bytes + 1)
    except OSError as error:
        raise DutyRefused(f"cannot read {path}: {(error.strerror or 'unknown reason').lower()}") from error
    if len(raw) > most_bytes:
        raise DutyRefused(f"{path.name} must have at most {most_bytes:,} bytes")
    return raw
