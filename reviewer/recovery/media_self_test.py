"""The end of the ceremony: everything that was just made is used once, as it lies on the media.

A key that was written wrong shows on the day on which it is needed, unless it is tried on the day on which it can
still be made again. What is read here comes from the medium itself, not from the memory in which the system keeps
what was just written.
"""

import io
import os
from collections.abc import Callable, Sequence
from pathlib import Path

from crypto.age.envelope import EnvelopeWriter, open_envelope
from crypto.errors import CryptoError
from crypto.keys import minisign
from crypto.keys.identity_file import IdentityFile
from crypto.keys.keys import HybridPublicKey, HybridSecretKey, RootVerifyKey
from reviewer.errors import MediumError
from reviewer.home.home import Home
from reviewer.media.root_medium import RootMedium

_MESSAGE = b"tipline rehearsal: not a manifest, and not in use\n"


def self_test_media(
    media: Sequence[Path],
    *,
    root_key: RootVerifyKey,
    backup_key: HybridPublicKey,
    backup_key_file: str,
    told: Callable[[str], None],
) -> None:
    """Sign, verify, seal and open with what is on each root medium; say each thing that holds.

    Raises:
        MediumError: something does not hold; the message says what.
    """
    for folder in media:
        _forget_what_was_read(folder)
        try:
            key = RootMedium.open_unfinished(folder).signing_key
            signature = minisign.sign(_MESSAGE, key=key, trusted_comment="rehearsal")
            minisign.verify(_MESSAGE, untrusted_signature=signature, key=root_key)
        except CryptoError as error:
            raise _failed(f"the root key on {folder} signs nothing that its public key verifies") from error
        told(f"the root key, read again from {folder}, signs, and its public key verifies it")
        try:
            (identity,) = IdentityFile.parse((folder / backup_key_file).read_bytes()).keys
            _seal_and_open(to=backup_key, key=identity)
        except (CryptoError, OSError, ValueError) as error:
            raise _failed(f"{backup_key_file} on {folder} opens no casebook backup") from error
        told(f"{backup_key_file}, read again from {folder}, opens what is sealed to it, as casebook backups are")


def self_test_home(home: Home, *, told: Callable[[str], None]) -> None:
    """Seal, open, sign and verify with the reviewer's own keys, as they lie in the home.

    Raises:
        MediumError: they do not belong together.
    """
    try:
        own = home.party_keys()
        _seal_and_open(to=own.transport.public_key(), key=own.transport)
        own.party().verify_key.verify(_MESSAGE, signature=own.signing.sign(_MESSAGE))
    except CryptoError as error:
        raise _failed("the reviewer's own keys do not belong together") from error
    told("the reviewer's own keys, read again from this home, seal and open, sign and verify")


def _seal_and_open(*, to: HybridPublicKey, key: HybridSecretKey) -> None:
    sealed = io.BytesIO()
    writer = EnvelopeWriter(sealed.write, to=[to])
    writer.write(_MESSAGE)
    writer.finish()
    sealed.seek(0)
    opened = open_envelope(sealed, keys=[key], slots=1)
    if opened.read(len(_MESSAGE) + 1) != _MESSAGE or opened.read(1):
        raise _failed("what was sealed came back as something else")


def _forget_what_was_read(folder: Path) -> None:
    """Let the system drop its copies, so that the next read goes to the medium."""
    for path in [*folder.glob("*.key")]:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        finally:
            os.close(descriptor)


def _failed(what: str) -> MediumError:
    return MediumError(
        f"the rehearsal failed: {what}", hint="nothing was kept; use another medium, and do it again from the start"
    )
