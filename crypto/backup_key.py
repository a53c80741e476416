"""The key that opens a reviewer's casebook backups, where that reviewer founded the organisation.

It follows from the root key and the reviewer's name (``docs/formats/recovery-sheet.md``), so that whoever has the
root key again, from a medium or from paper, has it too. The other direction is closed: HKDF gives nothing back.
"""

from crypto import _hybrid
from crypto.keys import HybridSecretKey, RootSigningKey
from crypto.party import check_name

_LABEL = "tipline/v1/casebook-backup/"


def casebook_backup_key(root: RootSigningKey, *, name: str) -> HybridSecretKey:
    """The key of the reviewer ``name``.

    Raises:
        Malformed: no party may be called so.
    """
    check_name(name)
    return HybridSecretKey(
        _hybrid.hkdf_sha256(
            root.seed(), salt=None, label=f"{_LABEL}{name}".encode("ascii"), length_bytes=_hybrid.SEED_BYTES
        )
    )
