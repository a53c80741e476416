"""From paper to work: the root medium is made again from sheets, and this reviewer's home from a casebook backup.

All of it or nothing, and rehearsed like the first ceremony. What paper and backup do not hold stays lost: intake
keys, and the tips that were sealed to them and not taken in.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from crypto.backup_key import casebook_backup_key
from crypto.errors import CryptoError, NoKeyOpens
from crypto.keys import HybridSecretKey, RootSigningKey, RootVerifyKey
from crypto.manifest import SignedManifest, VerifiedManifest, verify_manifest
from crypto.recovery_sheet import RecoverySecret, SecretKind
from reviewer.adopting import adopt_files, follow, read_run
from reviewer.backup import Restored, restored_home
from reviewer.ceremony import note_root_media
from reviewer.errors import ManifestRefused, ReviewerError
from reviewer.home import Home, require_new_home
from reviewer.rehearsal import rehearse
from reviewer.root_medium import RootMedium, backup_key_line, backup_key_name, holds_root_key, new_media
from reviewer.secret_entry import SecretEntry
from reviewer.twin import OpenTwin


@dataclass(frozen=True, slots=True)
class Recovery:
    """What to recover, and from what."""

    home: Path
    media: tuple[Path, ...]
    """Where the root key goes; one that holds it already, unharmed, is kept. Empty for a reviewer who joined."""

    backup: Path | None
    name: str
    """The reviewer's: its casebook-backup key follows from it."""

    manifests: tuple[Path, ...]
    """Manifests from elsewhere, with their signatures and chains beside them: the backup may be older."""

    nothing_issued: bool
    twin: OpenTwin | None = None

    def require_possible(self) -> None:
        """Return when nothing stands in the way, as far as can be seen before anybody types a hundred words.

        Raises:
            ReviewerError: a file is missing, or the place of the home is taken.
        """
        if self.backup is not None:
            require_new_home(self.home)
            if not self.backup.is_file():
                raise ReviewerError(
                    f"{self.backup} is not there", hint="give the newest casebook backup to --backup"
                )
        for path in self.manifests:
            read_run(path)


@dataclass(frozen=True, slots=True)
class Recovered:
    """What came back. ``restored`` is None without a backup, ``version`` that of the newest manifest, 0 for none;
    ``not_taken`` says of manifests from elsewhere why a reviewer who joined does not go by them."""

    root_key: RootVerifyKey | None
    backup_key_file: str
    restored: Restored | None
    version: int
    not_taken: tuple[str, ...] = ()


def recover(
    wanted: Recovery, secret: RecoverySecret, *, entry: SecretEntry, today: dt.date, told: Callable[[str], None]
) -> Recovered:
    """Make media and home again; ``told`` hears what the rehearsal shows.

    Raises:
        ReviewerError: sheets, backup and manifests do not belong together, or something is missing that would make
            the next manifest a wrong one. Nothing is left behind then.
    """
    match secret.kind:
        case SecretKind.ROOT:
            return _recover_root(wanted, RootSigningKey(secret.seed), entry=entry, today=today, told=told)
        case SecretKind.CASEBOOK_BACKUP:
            return _recover_reviewer(wanted, HybridSecretKey(secret.seed), entry=entry, today=today)


def _recover_root(
    wanted: Recovery, root: RootSigningKey, *, entry: SecretEntry, today: dt.date, told: Callable[[str], None]
) -> Recovered:
    if not wanted.media:
        raise ReviewerError(
            "these sheets hold the root key: name an empty medium for it", hint="--root FOLDER; --root-copy FOLDER"
        )
    key, backup_key = root.verify_key(), casebook_backup_key(root, name=wanted.name)
    found = [RootMedium.open_existing(folder) for folder in wanted.media if holds_root_key(folder, key)]
    new = [folder for folder in wanted.media if folder not in [medium.folder for medium in found]]
    given = [one for path in wanted.manifests for one in read_run(path)]
    given += [verified.signed for medium in found for verified in medium.run]
    backup_key_file = backup_key_name(wanted.name)
    secrets = {backup_key_file: backup_key_line(backup_key)}
    with _home(wanted, backup_key, entry, today) as (home, keys):
        if home is not None and home.root_key != key:
            raise ReviewerError(
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
                rehearse(
                    home,
                    wanted.media,
                    backup_key=backup_key.public_key(),
                    backup_key_file=backup_key_file,
                    told=told,
                )
        restored = Restored.of(home, keys) if home is not None else None
    return Recovered(key, backup_key_file, restored, run[-1].version if run else 0)


def _recover_reviewer(
    wanted: Recovery, backup_key: HybridSecretKey, *, entry: SecretEntry, today: dt.date
) -> Recovered:
    if wanted.media:
        raise ReviewerError(
            "these sheets are of a reviewer who joined, and hold no root key",
            hint="leave out --root and --root-copy",
        )
    if wanted.backup is None:
        raise ReviewerError(
            "without a backup these sheets give nothing back",
            hint="give one with --backup FILE, or join again with init --root-key and keys offer",
        )
    not_taken = []
    with _restored(wanted.backup, wanted, backup_key, entry, today) as (home, keys):
        for path in wanted.manifests:
            try:
                adopt_files(home, read_run(path), today=today)
            except ManifestRefused as error:
                # It can be adopted any day, and nobody types a hundred words again for it.
                not_taken.append(f"{path}: {error}")
        restored = Restored.of(home, keys)
    return Recovered(None, "", restored, restored.known.version, tuple(not_taken))


def _whole_run(
    signed: Sequence[SignedManifest], root: RootVerifyKey, *, may_be_empty: bool
) -> list[VerifiedManifest]:
    """All manifests from the first to the newest, each verified and bound to the one before.

    A medium that lacks the newest would sign a second manifest of a version that servers have; one without any
    would begin with a new salt, and every passphrase that was given out would be worthless.

    Raises:
        ReviewerError: some are missing, or two of one version differ.
    """
    by_version: dict[int, VerifiedManifest] = {}
    for each in signed:
        try:
            verified = verify_manifest(each.raw, each.signature, root=root)
        except CryptoError as error:
            raise ReviewerError(f"a manifest is not of this organisation: {error}") from error
        if by_version.setdefault(verified.version, verified).sha256 != verified.sha256:
            raise ReviewerError(
                f"there are two manifests of version {verified.version} that differ",
                hint="two copies of the root key were used apart from each other; compare them before going on",
            )
    if not by_version and not may_be_empty:
        raise ReviewerError(
            "no manifest is here: the next one would have another salt, and no passphrase would open anything",
            hint="bring the newest with --manifest FILE; only if none was ever issued, --nothing-issued",
        )
    missing = [str(version) for version in range(1, max(by_version, default=0)) if version not in by_version]
    if missing:
        raise ReviewerError(
            f"manifests are missing: version {', '.join(missing)}",
            hint="bring them with --manifest FILE; FILE.chain/ beside one holds those before it, and any"
            " server writes all that it has (tipline manifests)",
        )
    return [by_version[version] for version in sorted(by_version)]


def _home(
    wanted: Recovery, backup_key: HybridSecretKey, entry: SecretEntry, today: dt.date
) -> AbstractContextManager[tuple[Home | None, list[str]]]:
    if wanted.backup is None:
        return nullcontext((None, []))
    return _restored(wanted.backup, wanted, backup_key, entry, today)


@contextmanager
def _restored(
    backup: Path, wanted: Recovery, backup_key: HybridSecretKey, entry: SecretEntry, today: dt.date
) -> Iterator[tuple[Home, list[str]]]:
    identity = backup_key_line(backup_key)
    try:
        source = backup.open("rb")
    except OSError as error:
        raise ReviewerError(f"cannot read {backup}: {(error.strerror or 'unknown reason').lower()}") from error
    with source:
        try:
            with restored_home(
                wanted.home, backup=source, identity=identity, twin=wanted.twin, entry=entry, today=today
            ) as made:
                yield made
        except ReviewerError as error:
            if isinstance(error.__cause__, NoKeyOpens):
                raise ReviewerError(
                    f"these sheets do not open the backup of the reviewer {wanted.name}",
                    hint="is it the backup of a reviewer of another name (--name), or of another organisation?",
                ) from error
            raise
