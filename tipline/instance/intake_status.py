"""Whether this server may receive right now, and to whose keys: asked before every upload.

A verification is remembered by the exact bytes verified; the decision never is. All it costs is a short look into
the store and at one small file.
"""

import threading
from dataclasses import dataclass
from enum import StrEnum

from crypto.errors import CryptoError, Expired, TooEarly
from crypto.keys.keys import IntakePublicKey
from crypto.manifests.manifest import IntakeWeek, VerifiedManifest, verify_manifest
from crypto.passphrases.mailbox import SiteDerivation
from crypto.primitives.week import Week
from system.clock import SYSTEM_CLOCK, Clock
from system.errors import ProgramError
from tipline.instance.folder import SiteFolder
from tipline.instance.identity import Identity
from tipline.instance.rollback_guard import read_version
from tipline.store import Store
from tipline.store.errors import StoreBroken


class ClosedBecause(StrEnum):
    """Why nothing is accepted; the value is what ``status`` prints."""

    NO_MANIFEST = "no manifest was adopted yet"
    BAD_MANIFEST = "the manifest in the store is not signed by the pinned root key"
    ROLLED_BACK = (
        "this server was restored from a backup, or its store was put back, and no manifest was adopted since"
    )
    NOT_LISTED = "the manifest does not list this server"
    EXPIRED = "the manifest is past its last day"
    CLOCK_WRONG = "the manifest was issued in the future: the clock is wrong"
    NO_KEY_FOR_TODAY = "the manifest has no intake keys for today"
    WEEK_CLOSED = "this server has signed that the week of today's keys is closed: the clock is wrong"

    @property
    def hint(self) -> str:
        """What staff can do about it."""
        return _HINTS[self]


_HINTS = {
    ClosedBecause.NO_MANIFEST: "add this server at the reviewer, issue keys there, then: tipline manifest DIR FILE",
    ClosedBecause.BAD_MANIFEST: "somebody changed the store, or it is damaged: stop the server, ask its reviewers,"
    " and restore a backup (docs/operate/restore-on-a-new-machine.md)",
    ClosedBecause.ROLLED_BACK: "ask a reviewer by telephone for the version of the newest manifest, then:"
    " tipline manifest DIR FILE --version N",
    ClosedBecause.NOT_LISTED: "ask the reviewers whether this server was removed; else issue keys there again,"
    " then: tipline manifest DIR FILE",
    ClosedBecause.EXPIRED: "check the date of this machine; if it is right, the reviewers issue keys and the"
    " courier brings the manifest",
    ClosedBecause.CLOCK_WRONG: "set the date of this machine (timedatectl); intake opens by itself",
    ClosedBecause.NO_KEY_FOR_TODAY: "check the date of this machine; if it is right, the reviewers issue keys for"
    " more weeks and the courier brings the manifest",
    ClosedBecause.WEEK_CLOSED: "set the date of this machine (timedatectl); if it is right, it was wrong at an"
    " export: intake opens with next week's keys",
}


class IntakeClosed(ProgramError):
    """Nothing can be accepted; ``because`` says why."""

    def __init__(self, because: ClosedBecause) -> None:
        super().__init__(f"intake is closed: {because.value}", hint=because.hint)
        self.because = because


@dataclass(frozen=True, slots=True)
class OpenIntake:
    """What one upload is sealed under, from its beginning to its end."""

    week: Week
    keys: tuple[IntakePublicKey, ...]
    manifest_sha256: bytes
    manifest_version: int


class Standing:
    """Answers from the store as it is now; other processes may have changed it since the last question."""

    def __init__(self, store: Store, folder: SiteFolder, clock: Clock = SYSTEM_CLOCK) -> None:
        self._store = store
        self._folder = folder
        self._clock = clock
        self._identity = Identity.load(store)
        self._party = self._identity.keys.party()  # once, as each page asks and it costs a third of one
        self._verified: VerifiedManifest | None = None
        self._lock = threading.Lock()

    def manifest(self) -> VerifiedManifest:
        """The newest one that was adopted, with a good signature. Whether it is good today is not asked here.

        Raises:
            IntakeClosed: there is none, or it is not the organisation's.
        """
        newest = self._store.manifests.newest_name()
        if newest is None:
            raise IntakeClosed(ClosedBecause.NO_MANIFEST)
        with self._lock:
            if self._verified is None or self._verified.sha256 != newest.sha256:
                self._verified = self._verify(newest.sha256)
            return self._verified

    def manifest_to_seal_to(self) -> VerifiedManifest:
        """:meth:`manifest`, where it is the newest that this machine ever went by: one that was forgotten since may
        have removed a recipient.

        Raises:
            IntakeClosed: as :meth:`manifest`, or the store is of an earlier day than this machine.
        """
        manifest = self.manifest()
        if self._is_older_than_seen(manifest):
            raise IntakeClosed(ClosedBecause.ROLLED_BACK)
        return manifest

    def is_put_back(self) -> bool:
        """Whether the store is of an earlier day, restored or put back, so that a person must adopt a manifest.

        Raises:
            StoreError.
        """
        try:
            return self._is_older_than_seen(self.manifest())
        except IntakeClosed:
            return False

    def intake(self) -> OpenIntake:
        """What to seal to now.

        Raises:
            IntakeClosed: something does not hold.
        """
        manifest = self.manifest_to_seal_to()
        if self._party not in manifest.manifest.servers:
            raise IntakeClosed(ClosedBecause.NOT_LISTED)
        entry = self._keys_of_today(manifest)
        if self._store.submissions.is_closed(str(entry.week)):
            raise IntakeClosed(ClosedBecause.WEEK_CLOSED)
        return OpenIntake(
            week=entry.week,
            keys=entry.keys,
            manifest_sha256=manifest.sha256,
            manifest_version=manifest.version,
        )

    def derivation(self) -> SiteDerivation:
        """From passphrase to mailbox; it never changes, so it holds while intake is closed too.

        Raises:
            IntakeClosed: no manifest was adopted yet.
        """
        return self.manifest().manifest.derivation

    def _is_older_than_seen(self, manifest: VerifiedManifest) -> bool:
        try:
            seen = read_version(self._folder)
        except StoreBroken as trouble:
            self._store.events.note_trouble(trouble)
            raise
        return seen is None or seen > manifest.version

    def _verify(self, sha256: bytes) -> VerifiedManifest:
        kept = self._store.manifests.by_sha256(sha256)
        if kept is None:
            raise IntakeClosed(ClosedBecause.NO_MANIFEST)
        try:
            return verify_manifest(kept.raw, kept.signature, root=self._identity.root)
        except CryptoError as error:
            raise IntakeClosed(ClosedBecause.BAD_MANIFEST) from error

    def _keys_of_today(self, manifest: VerifiedManifest) -> IntakeWeek:
        today = self._clock.today()
        try:
            manifest.check_day(today)
        except TooEarly as error:
            raise IntakeClosed(ClosedBecause.CLOCK_WRONG) from error
        except Expired as error:
            raise IntakeClosed(ClosedBecause.EXPIRED) from error
        try:
            return manifest.intake_week(today)
        except Expired as error:
            raise IntakeClosed(ClosedBecause.NO_KEY_FOR_TODAY) from error
