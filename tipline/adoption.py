"""How a manifest becomes the one to go by, from files or out of a bundle: the whole run is verified first."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from crypto.errors import (
    BadSignature,
    CryptoError,
    Expired,
    Forked,
    Malformed,
    NewerFormat,
    OutOfOrder,
    RolledBack,
    TooEarly,
)
from crypto.manifest import SignedManifest, VerifiedManifest, adopt, verify_manifest
from crypto.run_files import read_run_files
from tipline.clock import Clock
from tipline.errors import ManifestRefused
from tipline.folder import SiteFolder
from tipline.identity import Identity
from tipline.standing import ClosedBecause, IntakeClosed, Standing
from tipline.store import Store
from tipline.store.events import Event
from tipline.store.manifests import StoredManifest
from tipline.version_file import raise_version, read_version

_KINDS: Final[dict[type[CryptoError], tuple[str, str]]] = {
    OutOfOrder: (
        "out of order",
        "carry NAME.chain along; tipline manifests of another server, and manifests/ on the root medium, have all",
    ),
    Forked: (
        "forked",
        "two copies of the root medium were used, or somebody else has the root key: ask the reviewers",
    ),
    RolledBack: ("rolled back", "it is older than the one this server goes by: ask the reviewers for the newest"),
    Expired: ("expired", "check the date of this machine; if it is right, the reviewers issue a newer one"),
    TooEarly: ("too early", "set the date of this machine (timedatectl), or that of the machine that issued it"),
    NewerFormat: ("newer", "update this program"),
    Malformed: ("malformed", "copy it again"),
}
"""How each kind is named, and what the operator can do about it."""


def read_run(path: Path) -> list[SignedManifest]:
    """A manifest file with its signature beside it, and those before it: from the folder ``NAME.chain``, or, on a
    root medium, from beside it.

    Raises:
        ManifestRefused: a file is missing or too large.
    """
    try:
        return read_run_files(path)
    except OSError as error:
        raise ManifestRefused(
            f"cannot read {error.filename}: {(error.strerror or 'unknown reason').lower()}",
            hint="the signature lies beside the manifest, as NAME.minisig",
        ) from error
    except CryptoError as error:
        raise _refused(error) from error


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
            "manifest is refused (bad signature): it is not signed by the root key that this server pins",
            hint="compare the root fingerprint in tipline status with the organisation's",
        ) from error
    except CryptoError as error:
        if isinstance(error, Forked):
            store.events.note(Event.MANIFEST_FORKED)
        raise _refused(error) from error
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
    store.events.note(Event.MANIFEST_ADOPTED)
    return adopted


def _current(standing: Standing) -> VerifiedManifest | None:
    try:
        return standing.manifest()
    except IntakeClosed as closed:
        if closed.because is ClosedBecause.NO_MANIFEST:
            return None
        raise


def _refused(error: CryptoError) -> ManifestRefused:
    kind, hint = next((told for each, told in _KINDS.items() if isinstance(error, each)), ("", None))
    return ManifestRefused(f"manifest is refused{kind and f' ({kind})'}: {error}", hint=hint)
