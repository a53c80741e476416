"""The plan of a recovery: its sources and targets; and its result."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from crypto.keys.keys import RootVerifyKey
from crypto.manifests.manifest import SignedManifest, VerifiedManifest
from reviewer.errors import HomeError
from reviewer.home.home import require_new_home
from reviewer.keys.manifest_update import read_run, verified_run
from reviewer.media.backup_medium import backup_medium_of, require_medium
from reviewer.media.new_media import require_no_backup_key
from reviewer.media.root_medium import PUBLIC_FILE
from reviewer.recovery.backup import Restored
from reviewer.twin.open_twin import OpenTwin
from system.errors import ProgramError


@dataclass(frozen=True, slots=True)
class RecoveryPlan:
    """The targets and sources of a recovery."""

    home: Path
    media: tuple[Path, ...]
    """Where the root key goes; one that holds it already, unharmed, is kept. Empty for a reviewer who joined."""

    backup: Path | None
    name: str
    """The reviewer's, from which its casebook-backup key follows; a manifest that lists it knows it better."""

    manifests: tuple[Path, ...]
    """Manifests from elsewhere, with their signatures and chains beside them: the backup may be older."""

    nothing_issued: bool
    organisation: str = ""
    """What it is called, where no manifest says that."""

    root_key: RootVerifyKey | None = None
    """For a reviewer who joined and has no backup: its sheets do not hold it."""

    twin: OpenTwin | None = None
    backup_medium: Path | None = None
    """For a reviewer who joined: where its key for backups goes, if not beside the home."""

    def require_possible(self, *, today: dt.date) -> None:
        """Return if the recovery looks possible, before a person types a hundred words.

        Raises:
            ProgramError: a file is missing or useless, the place of the home is taken, or another backup key lies
                where the root key should go.
        """
        for medium in self.media:
            if not (medium / PUBLIC_FILE).exists():  # else it may be the one that holds it already
                require_no_backup_key(medium)
        if self.backup is not None or not self.media:
            require_new_home(self.home)
        if not self.media:
            require_medium(backup_medium_of(self.home, self.backup_medium))
        if self.backup is not None and not self.backup.is_file():
            raise ProgramError(f"{self.backup} is not there", hint="give the newest casebook backup to --backup")
        for path in self.manifests:
            read_run(path)
        if self.backup is None and not self.media:
            self.whose_run(today)

    def whose_run(self, today: dt.date) -> tuple[RootVerifyKey, list[VerifiedManifest]]:
        """The organisation of a reviewer who joined and has no backup, and the manifests that it goes by.

        Raises:
            ProgramError: the root key or a manifest was not given, or they do not fit.
        """
        if self.root_key is None or not self.manifests:
            raise ProgramError(
                "sheets alone do not say whose organisation it is, and who reviews",
                hint="for sheets of the root key: --root FOLDER; for those of a reviewer who joined: --backup FILE,"
                " or --root-key FILE and --manifest FILE, the newest one",
            )
        return self.root_key, verified_run(self.given(), root=self.root_key, before=None, today=today)

    def given(self) -> list[SignedManifest]:
        """All manifests from elsewhere."""
        return [one for path in self.manifests for one in read_run(path)]

    @property
    def taken(self) -> str:
        """Why no home can be made in its place; empty where it can."""
        try:
            require_new_home(self.home)
        except HomeError as error:
            return str(error)
        return ""


@dataclass(frozen=True, slots=True)
class RecoveryResult:
    """The result. ``restored`` is None if no home was made, and ``no_home`` says why.

    ``reviewer`` is the one whose keys follow from the sheets, if there was no backup. ``version`` is that of the
    newest manifest, or 0. ``not_taken`` says why a joined reviewer does not adopt manifests from elsewhere.
    ``backup_key_file`` is a name on the root media, or the path of a joined reviewer's key.
    """

    root_key: RootVerifyKey | None
    backup_key_file: str
    restored: Restored | None
    version: int
    not_taken: tuple[str, ...] = ()
    reviewer: str = ""
    no_home: str = ""
