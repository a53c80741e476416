"""Recovery from paper: the root medium from sheets, the home from a backup or from sheets alone.

All or nothing, and tested like the first ceremony. Some things stay lost: intake keys, and the tips sealed to them
that were not imported; without a backup, all cases.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path

from crypto.errors import CryptoError, NoKeyOpens
from crypto.keys.keys import HybridSecretKey, RootSigningKey, RootVerifyKey
from crypto.manifests.manifest import SignedManifest, VerifiedManifest, verify_manifest
from crypto.recovery.backup_key import casebook_backup_key
from crypto.recovery.recovery_sheet import RecoverySecret, SecretKind
from reviewer.errors import ManifestRejected
from reviewer.home.home import Home
from reviewer.keys.manifest_update import adopt_files, follow, read_run
from reviewer.media.backup_medium import backup_medium_of, keep_backup_key
from reviewer.media.known_copies import note_root_media
from reviewer.media.new_media import new_media
from reviewer.media.root_medium import RootMedium, backup_key_line, backup_key_name, holds_root_key
from reviewer.recovery.backup import Restored, restored_home
from reviewer.recovery.home_from_sheets import IdentifiedReviewer, find_reviewer, home_from_sheets
from reviewer.recovery.media_self_test import self_test_media
from reviewer.recovery.recovery_plan import RecoveryPlan, RecoveryResult
from reviewer.terminal.secret_entry import SecretEntry
from system.errors import ProgramError


def recover(
    wanted: RecoveryPlan, secret: RecoverySecret, *, entry: SecretEntry, today: dt.date, told: Callable[[str], None]
) -> RecoveryResult:
    """Make media and home again; ``told`` hears what the rehearsal shows.

    Raises:
        ProgramError: sheets, backup and manifests do not belong together, or something is missing that would make
            the next manifest a wrong one. Nothing is left behind then.
    """
    match secret.kind:
        case SecretKind.ROOT:
            return _recover_root(wanted, RootSigningKey(secret.seed), entry=entry, today=today, told=told)
        case SecretKind.CASEBOOK_BACKUP:
            return _recover_reviewer(wanted, HybridSecretKey(secret.seed), entry=entry, today=today, told=told)


def _recover_root(
    wanted: RecoveryPlan, root: RootSigningKey, *, entry: SecretEntry, today: dt.date, told: Callable[[str], None]
) -> RecoveryResult:
    if not wanted.media:
        raise ProgramError(
            "these sheets hold the root key: name an empty medium for it", hint="--root FOLDER; --root-copy FOLDER"
        )
    key = root.verify_key()
    found = [RootMedium.open_existing(folder) for folder in wanted.media if holds_root_key(folder, key)]
    new = [folder for folder in wanted.media if folder not in [medium.folder for medium in found]]
    given = wanted.given() + [verified.signed for medium in found for verified in medium.run]
    founder, no_home = None, ""
    if wanted.backup is None:
        founder, no_home = _founder(wanted, root, _whole_run(given, key, may_be_empty=wanted.nothing_issued))
    name = founder.keys.name if founder is not None else wanted.name
    backup_key = casebook_backup_key(root, name=name)
    backup_key_file = backup_key_name(name)
    secrets = {backup_key_file: backup_key_line(backup_key)}
    whose = founder if not no_home else None
    with _home(wanted, key, backup_key, whose, entry=entry, today=today) as (home, keys):
        if home is not None and home.root_key != key:
            raise ProgramError(
                "these sheets are of another organisation than the backup",
                hint="bring the sheets that belong to it",
            )
        known = home.casebook.manifests.signed_after(0) if home is not None else []
        run = _whole_run([*known, *given], key, may_be_empty=wanted.nothing_issued)
        if home is not None:
            if run:
                follow(home, run, today=today)
            note_root_media(home, len(wanted.media))
        for medium in found:
            for verified in run[len(medium.run) :]:
                medium.add(verified)
        with new_media(new, root, secrets=secrets, run=run):
            if home is not None:
                self_test_media(
                    home,
                    wanted.media,
                    backup_key=backup_key.public_key(),
                    backup_key_file=backup_key_file,
                    told=told,
                )
        restored = Restored.of(home, keys) if home is not None else None
    return RecoveryResult(
        key,
        backup_key_file,
        restored,
        run[-1].version if run else 0,
        reviewer=founder.keys.name if founder is not None else "",
        no_home=no_home,
    )


def _home(
    wanted: RecoveryPlan,
    root_key: RootVerifyKey,
    backup_key: HybridSecretKey,
    founder: IdentifiedReviewer | None,
    *,
    entry: SecretEntry,
    today: dt.date,
) -> AbstractContextManager[tuple[Home | None, list[str]]]:
    if wanted.backup is not None:
        return _restored(wanted.backup, wanted, backup_key, entry, today)
    if founder is None:
        return nullcontext((None, []))
    return home_from_sheets(
        wanted.home,
        founder,
        organisation=wanted.organisation,  # until a manifest says it
        root_key=root_key,
        twin=wanted.twin,
        entry=entry,
        today=today,
    )


def _founder(
    wanted: RecoveryPlan, root: RootSigningKey, run: Sequence[VerifiedManifest]
) -> tuple[IdentifiedReviewer | None, str]:
    """The founding reviewer, if its keys follow from the sheets; and why no home is made, if none is."""

    def backup_key_of(name: str) -> HybridSecretKey:
        return casebook_backup_key(root, name=name)

    if run:
        founder = find_reviewer(run[-1].manifest.reviewers, backup_key_of=backup_key_of)
        return founder, wanted.taken if founder is not None else _not_listed(run[-1])
    if not wanted.organisation:
        return None, "no manifest says what the organisation is called; with --organisation NAME it would be"
    return IdentifiedReviewer.of(backup_key_of(wanted.name), name=wanted.name), wanted.taken


def _not_listed(newest: VerifiedManifest) -> str:
    return (
        f"manifest {newest.version} lists no reviewer whose keys follow from these sheets: that reviewer's home was"
        " made by an earlier version of this program, or the reviewer was removed"
    )


def _recover_reviewer(
    wanted: RecoveryPlan,
    backup_key: HybridSecretKey,
    *,
    entry: SecretEntry,
    today: dt.date,
    told: Callable[[str], None],
) -> RecoveryResult:
    if wanted.media:
        raise ProgramError(
            "these sheets are of a reviewer who joined, and hold no root key",
            hint="leave out --root and --root-copy",
        )
    if wanted.backup is None:
        return _reviewer_from_sheets(wanted, backup_key, entry=entry, today=today, told=told)
    not_taken = []
    with _restored(wanted.backup, wanted, backup_key, entry, today) as (home, keys):
        for path in wanted.manifests:
            try:
                adopt_files(home, read_run(path), today=today)
            except ManifestRejected as error:
                # It can be adopted any day, and no one types a hundred words again for it.
                not_taken.append(f"{path}: {error}")
        restored = Restored.of(home, keys)
        key_file = _kept(wanted, backup_key, name=home.party_keys().name)
    return RecoveryResult(None, key_file, restored, restored.known.version, tuple(not_taken))


def _reviewer_from_sheets(
    wanted: RecoveryPlan,
    backup_key: HybridSecretKey,
    *,
    entry: SecretEntry,
    today: dt.date,
    told: Callable[[str], None],
) -> RecoveryResult:
    root_key, run = wanted.whose_run(today)
    reviewer = find_reviewer(run[-1].manifest.reviewers, backup_key_of=lambda _name: backup_key)
    if reviewer is None:
        raise ProgramError(
            _not_listed(run[-1]),
            hint="give its casebook backup with --backup FILE, or join again with init --root-key and keys offer",
        )
    with home_from_sheets(
        wanted.home,
        reviewer,
        organisation=run[-1].manifest.organisation,
        root_key=root_key,
        twin=wanted.twin,
        entry=entry,
        today=today,
    ) as (home, keys):
        follow(home, run, today=today)
        self_test_media(home, [], backup_key=backup_key.public_key(), backup_key_file="", told=told)
        restored = Restored.of(home, keys)
        key_file = _kept(wanted, backup_key, name=reviewer.keys.name)
    return RecoveryResult(None, key_file, restored, run[-1].version, reviewer=reviewer.keys.name)


def _kept(wanted: RecoveryPlan, backup_key: HybridSecretKey, *, name: str) -> str:
    """Last of all, as when joining: so that new sheets can be made of it."""
    return str(keep_backup_key(backup_medium_of(wanted.home, wanted.backup_medium), backup_key, name=name))


def _whole_run(
    signed: Sequence[SignedManifest], root: RootVerifyKey, *, may_be_empty: bool
) -> list[VerifiedManifest]:
    """All manifests from the first to the newest, each verified and bound to the one before.

    A medium that lacks the newest would sign a second manifest of a version that servers have; one without any
    would begin with a new salt, and every passphrase that was given out would be worthless.

    Raises:
        ProgramError: some are missing, or two of one version differ.
    """
    by_version: dict[int, VerifiedManifest] = {}
    for each in signed:
        try:
            verified = verify_manifest(each.raw, each.signature, root=root)
        except CryptoError as error:
            raise ProgramError(f"a manifest is not of this organisation: {error}") from error
        if by_version.setdefault(verified.version, verified).sha256 != verified.sha256:
            raise ProgramError(
                f"there are two manifests of version {verified.version} that differ",
                hint="two copies of the root key were used apart from each other; compare them before going on",
            )
    if not by_version and not may_be_empty:
        raise ProgramError(
            "no manifest is here: the next one would have another salt, and no passphrase would open anything",
            hint="bring the newest with --manifest FILE; only if none was ever issued, --nothing-issued",
        )
    missing = [str(version) for version in range(1, max(by_version, default=0)) if version not in by_version]
    if missing:
        raise ProgramError(
            f"manifests are missing: version {', '.join(missing)}",
            hint="bring them with --manifest FILE; FILE.chain/ beside one holds those before it, and any"
            " server writes all that it has (tipline manifests)",
        )
    return [by_version[version] for version in sorted(by_version)]


@contextmanager
def _restored(
    backup: Path, wanted: RecoveryPlan, backup_key: HybridSecretKey, entry: SecretEntry, today: dt.date
) -> Iterator[tuple[Home, list[str]]]:
    identity = backup_key_line(backup_key)
    try:
        source = backup.open("rb")
    except OSError as error:
        raise ProgramError(f"cannot read {backup}: {(error.strerror or 'unknown reason').lower()}") from error
    with source:
        try:
            with restored_home(
                wanted.home, backup=source, identity=identity, twin=wanted.twin, entry=entry, today=today
            ) as made:
                yield made
        except ProgramError as error:
            if isinstance(error.__cause__, NoKeyOpens):
                raise ProgramError(
                    f"these sheets do not open the backup of the reviewer {wanted.name}",
                    hint="is it the backup of a reviewer of another name (--name), or of another organisation?",
                ) from error
            raise
