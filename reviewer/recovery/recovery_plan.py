"""The plan of a recovery from sheets, and its result."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from crypto.keys.keys import RootVerifyKey
from crypto.manifests.manifest import SignedManifest, VerifiedManifest
from reviewer.home.home import require_new_home
from reviewer.keys.manifest_update import read_chain, verify_chain
from reviewer.keys.reviewer_roster import HomeSummary
from reviewer.media.backup_medium import backup_medium_of, require_medium
from reviewer.media.new_media import require_no_backup_key
from reviewer.media.root_medium import PUBLIC_FILE
from system.errors import ProgramError


@dataclass(frozen=True, slots=True)
class RecoveryPlan:
    """The targets and sources of a recovery. Restore cases afterwards, and import keys of weeks."""

    home: Path | None
    """Folder of the reviewer whose keys follow from the sheets; None: only the key on the sheets is wanted."""

    media: tuple[Path, ...]
    """Folders for the root key; one that holds it already, unharmed, is kept. Empty for a reviewer who joined."""

    name: str
    """The reviewer's, from which its casebook-backup key follows; a manifest that lists it knows it better."""

    manifests: tuple[Path, ...]
    """Manifests, with their signatures and chains beside them."""

    nothing_issued: bool
    root_key: RootVerifyKey | None = None
    """For a reviewer who joined: its sheets do not hold it."""

    backup_medium: Path | None = None
    """For a reviewer who joined: where its key for backups goes, if not beside the home."""

    def require_possible(self, *, today: dt.date) -> None:
        """Return if the recovery looks possible, before a person types a hundred words.

        Raises:
            ProgramError: a file is missing or no use, the place of the home is taken, or a key for backups lies
                where the root key should go.
        """
        for medium in self.media:
            if not (medium / PUBLIC_FILE).exists():  # else it may be the one that holds it already
                require_no_backup_key(medium)
        if self.home is not None:
            require_new_home(self.home)
        if not self.media:
            require_medium(self.place_of_backup_key())
        for path in self.manifests:
            read_chain(path)
        if self.home is not None and not self.media:
            self.whose_run(today)

    def place_of_backup_key(self) -> Path:
        """The folder for the key for backups of a reviewer who joined.

        Raises:
            ProgramError: neither it nor a home was named, or it lies in the home.
        """
        if self.home is not None:
            return backup_medium_of(self.home, self.backup_medium)
        if self.backup_medium is None:
            raise ProgramError(
                "no place was named for what the sheets give back",
                hint="for sheets of the root key: --root FOLDER; for those of a reviewer who joined:"
                " --backup-medium FOLDER, or HOME with --root-key FILE and --manifest FILE",
            )
        return self.backup_medium

    def whose_run(self, today: dt.date) -> tuple[RootVerifyKey, list[VerifiedManifest]]:
        """The organisation of a reviewer who joined, and the manifest chain that it adopts.

        Raises:
            ProgramError: the root key or a manifest was not given, or they do not fit.
        """
        if self.root_key is None or not self.manifests:
            raise ProgramError(
                "sheets alone do not say whose organisation it is, and who reviews",
                hint="for sheets of the root key: --root FOLDER; for those of a reviewer who joined:"
                " --root-key FILE and --manifest FILE, the newest one",
            )
        return self.root_key, verify_chain(self.given(), root=self.root_key, before=None, today=today)

    def given(self) -> list[SignedManifest]:
        """All given manifests."""
        return [one for path in self.manifests for one in read_chain(path)]


@dataclass(frozen=True, slots=True)
class RecoveryResult:
    """The result.

    ``known`` is the summary of the new home, and ``reviewer`` its name; both are empty if no home was made.
    ``no_home`` says why a requested home was not made. ``version`` is that of the newest manifest, or 0.
    ``backup_key_file`` is a name on the root media, or the path of a joined reviewer's key.
    """

    root_key: RootVerifyKey | None
    backup_key_file: str
    version: int
    known: HomeSummary | None = None
    reviewer: str = ""
    no_home: str = ""
