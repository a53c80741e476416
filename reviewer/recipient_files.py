"""Recipient files, for sources who seal by themselves: signed in the manifest, and written beside it.

``docs/formats/recipient-file.md``. Servers make the file of today out of the manifest; those on the disk are for
people: to print, to put on another site, to give to partner organisations.
"""

from collections.abc import Sequence
from pathlib import Path

from crypto.issued_keys import SealedQuarter
from crypto.keys import RootSigningKey
from crypto.manifest import Manifest
from crypto.recipient_file import recipient_file, sign_recipients
from crypto.run_files import SIGNATURE_ENDING
from reviewer.whole_file import write_whole


def with_signatures(sealed: Sequence[SealedQuarter], *, root: RootSigningKey) -> tuple[SealedQuarter, ...]:
    """The same quarters; those whose keys are new get the root's signature over their recipient file."""
    return tuple(entry if entry.signature else sign_recipients(entry, root=root) for entry in sealed)


def write_recipient_files(manifest: Manifest, folder: Path) -> list[str]:
    """``recipients-2026-Q4.txt`` and its signature for each quarter that is not over on the day of issue."""
    names = []
    for entry in manifest.sealed:
        if entry.signature and entry.quarter.last_day >= manifest.issued:
            path = folder / f"recipients-{entry.quarter}.txt"
            write_whole(path.with_name(path.name + SIGNATURE_ENDING), entry.signature_file(), mode=0o644)
            write_whole(path, recipient_file(entry), mode=0o644)
            names.append(path.name)
    return names
