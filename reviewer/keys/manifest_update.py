"""Adopting a manifest: the whole chain is verified, then the list of servers is updated."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from crypto.errors import CryptoError, Expired, Forked, OutOfOrder
from crypto.keys.keys import RootVerifyKey
from crypto.manifests.manifest import SignedManifest, VerifiedManifest, adopt, verify_manifest
from crypto.manifests.manifest_chain import read_chain_files
from crypto.primitives.week import Week
from reviewer.errors import ManifestRejected
from reviewer.home.home import Home
from reviewer.refusals import kind_of
from system.errors import system_reason

_HINTS: tuple[tuple[type[CryptoError], str], ...] = (
    (
        OutOfOrder,
        "carry NAME.chain along; all are in what tipline manifests writes, and in manifests/ on the root medium",
    ),
    (Expired, "ask the issuer of keys for a newer one, and look at the clock of this machine"),
    (Forked, "two copies of the root medium were used, or a stranger has the root key: ask the issuer"),
)


@dataclass(frozen=True, slots=True)
class AdoptionResult:
    """The changes here. ``without_key`` are current and coming weeks whose tips this home cannot open."""

    verified: VerifiedManifest
    is_first: bool
    is_listed: bool
    was_listed: bool
    new_servers: tuple[str, ...]
    gone_servers: tuple[str, ...]
    without_key: tuple[Week, ...]


def read_chain(path: Path) -> list[SignedManifest]:
    """Read a manifest file, its signature and the manifests before it.

    Those lie in the folder ``NAME.chain`` or, on a root medium, beside the file.

    Raises:
        ManifestRejected: a file is missing or too large.
    """
    try:
        return read_chain_files(path)
    except OSError as error:
        raise ManifestRejected(
            f"cannot read {error.filename}: {system_reason(error)}",
            hint="the signature lies beside the manifest, as NAME.minisig",
        ) from error
    except CryptoError as error:
        raise _refused(error) from error


def adopt_files(home: Home, run: Sequence[SignedManifest], *, today: dt.date) -> AdoptionResult:
    """Go by the last of ``run`` from now on, when every signature and the whole chain hold.

    Raises:
        ManifestRefused: they do not, it is older than one that was seen, or it is the first here and does not list
            this reviewer.
    """
    before = home.casebook.manifests.newest(root=home.root_key)
    verified = verify_chain(run, root=home.root_key, before=before, today=today)
    adopted = verified[-1]
    if before is None and not is_listed(home, adopted):
        raise ManifestRejected(
            "manifest does not list this reviewer",
            hint="tipline-review keys offer HOME, then the issuer of keys takes the offer: keys issue --with",
        )
    return follow(home, verified, today=today)


def verify_chain(
    run: Sequence[SignedManifest], *, root: RootVerifyKey, before: VerifiedManifest | None, today: dt.date
) -> list[VerifiedManifest]:
    """Verify a chain in any order and return it oldest first; ``before`` is the present manifest.

    Raises:
        ManifestRejected: a signature or the chain does not hold; the last is older than ``before``, or not valid
            today.
    """
    try:
        verified = [verify_manifest(each.raw, each.signature, root=root) for each in run]
        adopt(before, verified, highest_seen=before.version if before else 0, today=today)
    except CryptoError as error:
        raise _refused(error) from error
    return [each for _version, each in sorted({each.version: each for each in verified}.items())]


def follow(home: Home, run: Sequence[VerifiedManifest], *, today: dt.date) -> AdoptionResult:
    """Keep a verified chain, oldest first, and update the servers from its last manifest."""
    before = home.casebook.manifests.newest(root=home.root_key)
    newest = run[-1]
    missed = [each for each in run[:-1] if before is None or each.version > before.version]
    with home.casebook.changing():
        for each in run:
            home.casebook.manifests.add(each)
        new, gone = _servers_follow(home, before, missed, newest, today)
        home.casebook.settings.set("organisation", newest.manifest.organisation)  # as the root spells it
        if before is None or newest.version > before.version:
            home.casebook.log.add("manifest adopted", f"version {newest.version}", today=today)
    return AdoptionResult(
        verified=newest,
        is_first=before is None,
        is_listed=is_listed(home, newest),
        was_listed=before is not None and is_listed(home, before),
        new_servers=new,
        gone_servers=gone,
        without_key=tuple(week for week in weeks_without_key(home, newest) if week.last_day >= today),
    )


def is_listed(home: Home, verified: VerifiedManifest) -> bool:
    """True if servers seal bundles to this reviewer."""
    return home.party_keys().party() in verified.manifest.reviewers


def weeks_without_key(home: Home, verified: VerifiedManifest) -> Iterator[Week]:
    """Weeks of a manifest whose tips cannot be opened here, because none of their keys is ours."""
    here = set(home.keyring.intake_weeks())
    retired = set(home.casebook.retired.all())
    for entry in verified.manifest.intake:
        if entry.week in retired:
            continue
        own = {key.public_key() for key in home.keyring.intake_keys(entry.week)} if entry.week in here else set()
        if own.isdisjoint(entry.keys):
            yield entry.week


def _servers_follow(
    home: Home,
    before: VerifiedManifest | None,
    missed: Sequence[VerifiedManifest],
    newest: VerifiedManifest,
    today: dt.date,
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Update the servers from the manifest.

    A server added or removed *here* since then waits for the next issue. A server that was added here, and came and
    went with manifests that this home ``missed``, does not.
    """
    servers = home.casebook.servers
    said_before = {party.verify_key for party in before.manifest.servers} if before else set()
    said_meanwhile = {party.verify_key for each in missed for party in each.manifest.servers}
    said_now = {party.verify_key for party in newest.manifest.servers}
    known = {party.verify_key for party in servers.all()}
    new, gone = [], []
    for party in newest.manifest.servers:
        if party.verify_key not in known and party.verify_key not in said_before:
            servers.add(party, today=today)
            new.append(party.name)
    for party in servers.all():
        if party.verify_key in (said_before | said_meanwhile) - said_now:
            servers.remove(party.name, today=today)
            gone.append(party.name)
    return tuple(new), tuple(gone)


def _refused(error: CryptoError) -> ManifestRejected:
    hint = next((hint for kind, hint in _HINTS if isinstance(error, kind)), "the manifest before stays")
    return ManifestRejected(f"manifest refused ({kind_of(error)}): {error}", hint=hint)
