"""Adopts manifests, from files or from a bundle, and writes the adopted chain to files.

The whole chain is verified before the server follows its newest manifest. Manifests are public and signed: a copy
needs no secrecy and no trust.
"""

from collections.abc import Sequence
from dataclasses import dataclass
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
from crypto.manifests.manifest import SignedManifest, VerifiedManifest, adopt, verify_manifest
from crypto.manifests.manifest_chain import CHAIN_ENDING, SIGNATURE_ENDING, chain_file_name, read_chain_files
from system.atomic_files import write_whole
from system.clock import Clock
from system.errors import ProgramError, system_reason
from tipline.errors import ManifestRefused
from tipline.instance.folder import SiteFolder
from tipline.instance.identity import Identity
from tipline.instance.intake_status import ClosedReason, IntakeClosed, IntakePolicy, raise_version, read_version
from tipline.store import Store
from tipline.store.events import Event
from tipline.store.manifests import StoredManifest

_KINDS: Final[dict[type[CryptoError], tuple[str, str]]] = {
    OutOfOrder: (
        "out of order",
        "carry NAME.chain along; tipline manifests of another server, and manifests/ on the root medium, have all",
    ),
    Forked: (
        "forked",
        "two copies of the root medium were used, or another person has the root key: ask the reviewers",
    ),
    RolledBack: ("rolled back", "this server has adopted a newer one: ask the reviewers for the newest"),
    Expired: ("expired", "check the date of this machine; if it is right, the reviewers issue a newer one"),
    TooEarly: ("too early", "set the date of this machine (timedatectl), or that of the machine that issued it"),
    NewerFormat: ("newer", "update this program"),
    Malformed: ("malformed", "copy it again"),
}
"""The name of each kind of refusal, and the remedy."""


def read_run(path: Path) -> list[SignedManifest]:
    """Read a manifest file, its signature beside it, and the manifests before it.

    Earlier manifests lie in the folder ``NAME.chain`` or, on a root medium, beside the file.

    Raises:
        ManifestRefused: a file is missing or too large.
    """
    try:
        return read_chain_files(path)
    except OSError as error:
        raise ManifestRefused(
            f"cannot read {error.filename}: {system_reason(error)}",
            hint="the signature lies beside the manifest, as NAME.minisig",
        ) from error
    except CryptoError as error:
        raise _refused(error) from error


def write_run(store: Store, out: Path) -> int:
    """Write the adopted chain to files; return the version of the newest manifest.

    The newest goes to ``out``, with its signature beside it, and all earlier ones to ``out.chain/``. Reviewers who
    lost their chain with a root medium take it from there.

    Raises:
        ProgramError: no manifest was adopted yet, or a file cannot be written.
    """
    run = store.manifests.run()
    if not run:
        raise ProgramError("no manifest was adopted yet", hint="tipline manifest DIR FILE")
    *earlier, newest = run
    chain = out.with_name(f"{out.name}{CHAIN_ENDING}")
    if earlier:
        chain.mkdir(exist_ok=True)
    for each in earlier:
        path = chain / chain_file_name(each.version)
        write_whole(path.with_name(f"{path.name}{SIGNATURE_ENDING}"), each.signature, mode=0o644)
        write_whole(path, each.raw, mode=0o644)
    write_whole(out.with_name(f"{out.name}{SIGNATURE_ENDING}"), newest.signature, mode=0o644)
    write_whole(out, newest.raw, mode=0o644)
    return newest.version


@dataclass(frozen=True, slots=True)
class CheckedRun:
    """A run whose signatures and chain hold; ``adopted`` is its newest manifest."""

    adopted: VerifiedManifest
    verified: tuple[VerifiedManifest, ...]
    before: VerifiedManifest | None


def check_run(
    run: Sequence[SignedManifest], *, store: Store, folder: SiteFolder, policy: IntakePolicy, clock: Clock
) -> CheckedRun:
    """Verify every signature and the whole chain; changes nothing.

    Raises:
        ManifestRefused: they do not hold, or the run ends before a version that was seen here.
    """
    identity = Identity.load(store)
    try:
        verified = tuple(verify_manifest(each.raw, each.signature, root=identity.root) for each in run)
        before = _current(policy)
        seen = read_version(folder) or 0
        adopted = adopt(before, verified, highest_seen=seen, today=clock.today())
    except BadSignature as error:
        raise ManifestRefused(
            "manifest is refused (bad signature): it is not signed by the root key that this server pins",
            hint="compare the root fingerprint in tipline status with the organisation's",
        ) from error
    except CryptoError as error:
        if isinstance(error, Forked):
            store.events.note(Event.MANIFEST_FORKED)
        raise _refused(error) from error
    if before is None and identity.keys.party() not in adopted.manifest.servers:
        raise ManifestRefused(
            "manifest does not list this server",
            hint=f"tipline-review servers add HOME {folder.server_public}, then issue a manifest again",
        )
    return CheckedRun(adopted, verified, before)


def adopt_run(
    run: Sequence[SignedManifest], *, store: Store, folder: SiteFolder, policy: IntakePolicy, clock: Clock
) -> VerifiedManifest:
    """Follow the last manifest of ``run`` from now on, as the person at this server asks.

    This works on a restored store too. Then the receipts of every reviewer of any manifest count only once staff
    have accepted that reviewer again, and replies that waited are shown where their reviewer is listed.

    Raises:
        ManifestRefused: as :func:`check_run`; the manifest before stays.
    """
    checked = check_run(run, store=store, folder=folder, policy=policy, clock=clock)
    if not policy.is_put_back():
        return _keep(checked, store, folder)
    root = Identity.load(store).root
    kept = [verify_manifest(each.raw, each.signature, root=root) for each in store.manifests.run()]
    store.incoming.await_acceptance(_reviewers(*kept, *checked.verified))
    _keep_in_store(checked, store)
    store.incoming.release(_reviewers(checked.adopted))
    # Last: until this number is there a person is awaited, and does all of it again.
    raise_version(folder, checked.adopted.version)
    return checked.adopted


def adopt_carried(
    run: Sequence[SignedManifest], *, store: Store, folder: SiteFolder, policy: IntakePolicy, clock: Clock
) -> VerifiedManifest:
    """Follow the last manifest of ``run``, which a courier brought.

    Raises:
        ManifestRefused: as :func:`check_run`, or the store was restored: the newest manifest is not known here,
            and a courier may hold back a newer one.
    """
    if policy.is_put_back():
        raise ManifestRefused(
            "the manifest in it was not adopted: this server was restored, and a person must adopt the newest",
            hint=ClosedReason.ROLLED_BACK.hint,
        )
    return _keep(check_run(run, store=store, folder=folder, policy=policy, clock=clock), store, folder)


def _keep(checked: CheckedRun, store: Store, folder: SiteFolder) -> VerifiedManifest:
    # Inside first: a crash between leaves the outer number behind. The first manifest is then adopted again.
    _keep_in_store(checked, store)
    raise_version(folder, checked.adopted.version)
    return checked.adopted


def _keep_in_store(checked: CheckedRun, store: Store) -> None:
    for each in checked.verified:
        if checked.before is None or each.version >= checked.before.version:
            store.manifests.put(StoredManifest(each.version, each.sha256, each.raw, each.signature))
    store.events.note(Event.MANIFEST_ADOPTED)


def _reviewers(*manifests: VerifiedManifest) -> frozenset[bytes]:
    """Return the keys of all reviewers of these manifests."""
    return frozenset(party.verify_key.to_bytes() for each in manifests for party in each.manifest.reviewers)


def _current(policy: IntakePolicy) -> VerifiedManifest | None:
    try:
        return policy.manifest()
    except IntakeClosed as closed:
        if closed.reason is ClosedReason.NO_MANIFEST:
            return None
        raise


def _refused(error: CryptoError) -> ManifestRefused:
    kind, hint = next((told for each, told in _KINDS.items() if isinstance(error, each)), ("", None))
    return ManifestRefused(f"manifest is refused{kind and f' ({kind})'}: {error}", hint=hint)
