"""The key that opens a reviewer's casebook backups; the reviewer's two other keys follow from it.

For the reviewer who founded the organisation, it follows from the root key and the reviewer's name
(``docs/formats/recovery-sheet.md``); for others it is random. The root key or the backup key, from a medium or from
paper, is therefore enough to make this reviewer again. The derivation (HKDF) cannot be reversed.
"""

from crypto.keys.keys import HybridSecretKey, PartySigningKey, RootSigningKey, TransportSecretKey
from crypto.keys.party import PartyKeys, check_name
from crypto.primitives import _hybrid

_LABEL = "tipline/v1/casebook-backup/"
_SIGNING_LABEL = "tipline/v1/reviewer/signing"
_TRANSPORT_LABEL = "tipline/v1/reviewer/transport"


def casebook_backup_key(root: RootSigningKey, *, name: str) -> HybridSecretKey:
    """The key of the reviewer ``name``.

    Raises:
        Malformed: no party may be called so.
    """
    check_name(name)
    return HybridSecretKey(_follow(root.seed(), f"{_LABEL}{name}"))


def reviewer_keys(backup_key: HybridSecretKey, *, name: str) -> PartyKeys:
    """The signature and transport keys of the reviewer with this casebook-backup key.

    Homes made before this rule have random ones: compare with the manifest.

    Raises:
        Malformed: no party may be called so.
    """
    seed = backup_key.seed()
    return PartyKeys(
        name,
        PartySigningKey(_follow(seed, _SIGNING_LABEL)),
        TransportSecretKey(_follow(seed, _TRANSPORT_LABEL)),
    )


def _follow(seed: bytes, label: str) -> bytes:
    return _hybrid.hkdf_sha256(seed, salt=None, label=label.encode("ascii"), length_bytes=_hybrid.SEED_BYTES)
