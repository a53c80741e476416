"""How a manifest becomes the one to go by, from files or out of a bundle: the whole run is verified first."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from crypto.errors import BadSignature, CryptoError, OutOfOrder
from crypto.manifest import SignedManifest, VerifiedManifest, adopt, verify_manifest
from tipline.clock import Clock
from tipline.errors import ManifestRefused
from tipline.folder import SiteFolder
from tipline.identity import Identity
from tipline.standing import ClosedBecause, IntakeClosed, Standing
from tipline.store import Store
from tipline.store.manifests import StoredManifest
from tipline.version_file import raise_version, read_version

_LARGEST_FILE_BYTES: Final = 5 << 20
_MOST_IN_CHAIN: Final = 1000


def read_run(path: Path) -> list[SignedManifest]:
    """A manifest file with its signature beside it, and those before it from the folder ``NAME.chain``.

    Raises:
        ManifestRefused: a file is missing or too large.
    """
    chain = path.with_name(f"{path.name}.chain")
    before = sorted(chain.glob("*.json"))[:_MOST_IN_CHAIN] if chain.is_dir() else []
    return [_read_signed(each) for each in [*before, path]]


def adopt_run(
    run: Sequence[SignedManifest], *, store: Store, folder: SiteFolder, standing: Standing, clock: Clock
) -> VerifiedManifest:
    """Go by the last of ``run`` from now on, when every signature and the whole chain hold.

    Raises:
        ManifestRefused: they do not, or it is older than one that was seen; the one before stays.
    """
    identity = Identity.load(store)
    try:
        verified = [verify_manifest(each.raw, each.signature, root=identity.root) for each in run]
        current = _current(standing)
        seen = read_version(folder) or 0
        adopted = adopt(current, verified, highest_seen=seen, today=clock.today())
    except BadSignature as error:
        raise ManifestRefused(
            "manifest is not signed by the root key that this server pins",
            hint="compare the root fingerprint in tipline status with the organisation's",
        ) from error
    except OutOfOrder as error:
        raise ManifestRefused(
            f"manifest is refused: {error}", hint="carry the folder NAME.chain along with the manifest"
        ) from error
    except CryptoError as error:
        raise ManifestRefused(f"manifest is refused: {error}") from error
    if current is None and identity.keys.party() not in adopted.manifest.servers:
        raise ManifestRefused(
            "manifest does not list this server",
            hint=f"tipline-review servers add HOME {folder.server_public}, then issue a manifest again",
        )
    # Inside first: a crash between leaves the outer number behind, which only closes intake until this runs again.
    for each in verified:
        if current is None or each.version >= current.version:
            store.manifests.put(StoredManifest(each.version, each.sha256, each.raw, each.signature))
    raise_version(folder, adopted.version)
    return adopted


def _current(standing: Standing) -> VerifiedManifest | None:
    try:
        return standing.manifest()
    except IntakeClosed as closed:
        if closed.because is ClosedBecause.NO_MANIFEST:
            return None
        raise


def _read_signed(path: Path) -> SignedManifest:
    signature = path.with_name(f"{path.name}.minisig")
    return SignedManifest(_read(path), _read(signature))


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as source:
            content = source.read(_LARGEST_FILE_BYTES + 1)
    except OSError as error:
        raise ManifestRefused(
            f"cannot read {path}: {(error.strerror or 'unknown reason').lower()}",
            hint="the signature lies beside the manifest, as NAME.minisig",
        ) from error
    if len(content) > _LARGEST_FILE_BYTES:
        raise ManifestRefused(f"{path} is too large for a manifest")
    return content
