"""Recovery from paper: the root medium, or a joined reviewer's backup key, from sheets.

With a home named, the reviewer whose keys follow from the sheets comes back too, without cases. All of it or
nothing, and rehearsed like the first ceremony. Paper holds neither cases nor intake keys: cases come from a
casebook backup afterwards (``restore``), and intake keys from a twin medium (``keys restore``).
"""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from crypto.errors import CryptoError
from crypto.keys.keys import HybridSecretKey, RootSigningKey, RootVerifyKey
from crypto.manifests.manifest import SignedManifest, VerifiedManifest, verify_manifest
from crypto.recovery.backup_key import casebook_backup_key
from crypto.recovery.recovery_sheet import RecoverySecret, SecretKind
from reviewer.home.home import Home
from reviewer.keys.reviewer_roster import HomeSummary
from reviewer.media.backup_medium import keep_backup_key
from reviewer.media.known_copies import note_root_media
from reviewer.media.new_media import new_media
from reviewer.media.root_medium import RootMedium, backup_key_line, backup_key_name, holds_root_key
from reviewer.recovery.home_from_sheets import IdentifiedReviewer, find_reviewer, home_from_sheets
from reviewer.recovery.media_self_test import self_test_home, self_test_media
from reviewer.recovery.recovery_plan import RecoveryPlan, RecoveryResult
from reviewer.terminal.secret_entry import SecretEntry
from system.errors import ProgramError


def recover(
    wanted: RecoveryPlan, secret: RecoverySecret, *, entry: SecretEntry, today: dt.date, told: Callable[[str], None]
) -> RecoveryResult:
    """Make media, and the home where one is wanted; ``told`` hears what the rehearsal shows.

    Raises:
        ProgramError: sheets and manifests do not belong together, or something is missing that would make the
            next manifest a wrong one. Nothing is left behind then.
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
    run = _whole_run(given, key, may_be_empty=wanted.nothing_issued)
    founder = _founder(root, run)
    name = founder.keys.name if founder is not None else wanted.name
    backup_key = casebook_backup_key(root, name=name)
    with _founders_home(wanted, key, founder, run, entry=entry, today=today) as home:
        for medium in found:
            for verified in run[len(medium.run) :]:
                medium.add(verified)
        with new_media(new, root, secrets={backup_key_name(name): backup_key_line(backup_key)}, run=run):
            self_test_media(
                # A medium that was found again may have the key for backups under a name that is not known here.
                wanted.media if founder is not None else new,
                root_key=key,
                backup_key=backup_key.public_key(),
                backup_key_file=backup_key_name(name),
                told=told,
            )
            if home is not None:
                self_test_home(home, told=told)
        return RecoveryResult(
            key,
            backup_key_name(name),
            run[-1].version if run else 0,
            known=HomeSummary.of(home) if home is not None else None,
            reviewer=name if home is not None else "",
            no_home=_not_listed(run[-1]) if wanted.home is not None and home is None else "",
        )


@contextmanager
def _founders_home(
    wanted: RecoveryPlan,
    root_key: RootVerifyKey,
    founder: IdentifiedReviewer | None,
    run: Sequence[VerifiedManifest],
    *,
    entry: SecretEntry,
    today: dt.date,
) -> Iterator[Home | None]:
    """The founder's home; None if none is wanted, or if the sheets give no reviewer back."""
    if wanted.home is None or founder is None:
        yield None
        return
    with home_from_sheets(wanted.home, founder, root_key=root_key, run=run, entry=entry, today=today) as home:
        note_root_media(home, len(wanted.media))
        yield home


def _founder(root: RootSigningKey, run: Sequence[VerifiedManifest]) -> IdentifiedReviewer | None:
    """The reviewer who founded the organisation, where the newest manifest lists it."""
    listed = run[-1].manifest.reviewers if run else ()
    return find_reviewer(listed, backup_key_of=lambda name: casebook_backup_key(root, name=name))


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
            hint="leave out --root and --root-copy; --backup-medium FOLDER gets the key that opens its backups",
        )
    if wanted.home is None:
        return RecoveryResult(None, _kept(wanted, backup_key, name=wanted.name), 0)
    root_key, run = wanted.whose_run(today)
    reviewer = find_reviewer(run[-1].manifest.reviewers, backup_key_of=lambda _name: backup_key)
    if reviewer is None:
        raise ProgramError(
            _not_listed(run[-1]),
            hint="with a casebook backup: --backup-medium FOLDER without HOME, then restore HOME; without one join"
            " again with init --root-key and keys offer",
        )
    with home_from_sheets(wanted.home, reviewer, root_key=root_key, run=run, entry=entry, today=today) as home:
        self_test_home(home, told=told)
        known = HomeSummary.of(home)
        key_file = _kept(wanted, backup_key, name=reviewer.keys.name)
    return RecoveryResult(None, key_file, run[-1].version, known=known, reviewer=reviewer.keys.name)


def _kept(wanted: RecoveryPlan, backup_key: HybridSecretKey, *, name: str) -> str:
    """Last of all, as when joining: so that new sheets can be made of it."""
    return str(keep_backup_key(wanted.place_of_backup_key(), backup_key, name=name))


def _whole_run(
    signed: Sequence[SignedManifest], root: RootVerifyKey, *, may_be_empty: bool
) -> list[VerifiedManifest]:
    """All manifests from the first to the newest, each verified and chained to the one before.

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
