"""The recipient file of a tip line, and its verification."""

import datetime as dt
from pathlib import Path

from crypto.errors import BadSignature, CryptoError
from crypto.keys import minisign
from crypto.keys.keys import RootVerifyKey
from crypto.manifests.issued_keys import SealedQuarter
from crypto.manifests.manifest_chain import SIGNATURE_ENDING
from crypto.manifests.recipient_file import FILE_BYTES, parse_recipients, verify_recipients
from system.errors import ProgramError
from system.given_files import read_beginning


def read_root_key(untrusted_text: str) -> RootVerifyKey:
    """A root key, as the name of a file like ``root.pub``, or as the line in it that begins with ``RW``.

    Raises:
        ProgramError: neither.
    """
    path = Path(untrusted_text)
    try:
        raw = _read(path, minisign.LONGEST_FILE_BYTES) if path.is_file() else _as_file(untrusted_text)
        return minisign.parse_public_key_file(raw)
    except CryptoError as error:
        raise ProgramError(
            "the root key is neither a file like root.pub nor a key that begins with RW",
            hint="take it from the organisation itself, not from the page where you got the recipients",
        ) from error


def read_recipients(path: Path, *, root: RootVerifyKey | None, today: dt.date) -> SealedQuarter:
    """The four keys to seal to today. Without ``root`` their origin is not verified.

    Raises:
        ProgramError: no recipient file, one that is over, or one that ``root`` has not signed.
    """
    raw = _read(path, FILE_BYTES)
    try:
        if root is None:
            entry = parse_recipients(raw)
        else:
            signature = _read(path.with_name(path.name + SIGNATURE_ENDING), minisign.LONGEST_FILE_BYTES)
            entry = verify_recipients(raw, signature, root=root)
    except BadSignature as error:
        raise ProgramError(
            f"{path} is not signed by this root key",
            hint="do not use it: its keys may have been replaced; ask the organisation",
        ) from error
    except CryptoError as error:
        raise ProgramError(
            f"{path} or its signature is not as it should be: {error}",
            hint="get recipients.txt and recipients.txt.minisig again, without changing them",
        ) from error
    if today > entry.quarter.last_day:
        raise ProgramError(
            f"the keys in {path} were good until {entry.quarter.last_day.isoformat()}, which is over",
            hint="get a new recipients.txt from the tip line; if it is new, look at the date of this computer",
        )
    return entry


def _as_file(untrusted_line: str) -> bytes:
    return f"untrusted comment: given by hand\n{untrusted_line.strip()}\n".encode()


def _read(path: Path, limit_bytes: int) -> bytes:
    return read_beginning(
        path,
        limit_bytes,
        hint="the signature lies beside the recipients, under the same name with .minisig behind it",
    )
