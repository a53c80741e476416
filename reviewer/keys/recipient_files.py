"""Recipient files, for sources who seal by themselves: signed in the manifest, and written beside it.

``docs/formats/recipient-file.md``. Servers make the file of today out of the manifest; those on the disk are for
people: to print, to put on another site, to give to partner organisations.
"""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from crypto.errors import Malformed
from crypto.keys.keys import RootSigningKey, RootVerifyKey
from crypto.manifests.issued_keys import SealedQuarter
from crypto.manifests.manifest import Manifest
from crypto.manifests.manifest_chain import SIGNATURE_ENDING
from crypto.manifests.recipient_file import recipient_file, sign_recipients
from crypto.primitives.week import Quarter
from reviewer.files.overwrite_guard import require_own_signature
from system.atomic_files import write_whole

_BEGINNING: Final = "recipients-"
_ENDING: Final = ".txt"


def with_signatures(sealed: Sequence[SealedQuarter], *, root: RootSigningKey) -> tuple[SealedQuarter, ...]:
    """The same quarters; those whose keys are new get the root's signature over their recipient file."""
    return tuple(entry if entry.signature else sign_recipients(entry, root=root) for entry in sealed)


def require_own_recipient_files(folder: Path, *, root: RootVerifyKey, issued: dt.date) -> None:
    """Return if :func:`write_recipient_files` would replace only this organisation's files.

    Raises:
        ProgramError: there is one that another root key signed.
    """
    for signature in sorted(folder.glob(_name("*") + SIGNATURE_ENDING)):
        try:
            quarter = Quarter.parse(signature.name.removeprefix(_BEGINNING).partition(".")[0])
        except Malformed:
            continue
        if quarter.last_day >= issued:
            require_own_signature(signature, root=root)


def write_recipient_files(manifest: Manifest, folder: Path) -> list[str]:
    """Write ``recipients-2026-Q4.txt`` and its signature for each quarter that is not over."""
    names = []
    for entry in manifest.sealed:
        if entry.signature and entry.quarter.last_day >= manifest.issued:
            path = folder / _name(str(entry.quarter))
            write_whole(path.with_name(path.name + SIGNATURE_ENDING), entry.signature_file(), mode=0o644)
            write_whole(path, recipient_file(entry), mode=0o644)
            names.append(path.name)
    return names


def _name(quarter: str) -> str:
    return f"{_BEGINNING}{quarter}{_ENDING}"
