"""The intake policy: may this server receive now, and to whose keys. Asked before every upload.

A verification is remembered by the exact bytes verified; the decision never is. It costs a short read of the store
and of one small file. That file holds the highest manifest version a second time, outside of the store: SQLCipher
detects tampering, but not an old copy in place of the new one. It does not stop an attacker who puts back both; the
version also travels in every envelope, so that the reviewer sees it fall.
"""

import threading
from dataclasses import dataclass
from enum import StrEnum

from crypto.errors import CryptoError, Expired, TooEarly
from crypto.keys.keys import IntakePublicKey
from crypto.manifests.manifest import IntakeWeek, VerifiedManifest, verify_manifest
from crypto.passphrases.mailbox import SiteDerivation
from crypto.primitives.week import Week
from system.atomic_files import write_whole
from system.clock import SYSTEM_CLOCK, Clock
from system.errors import ProgramError
from tipline.instance.folder import SiteFolder
from tipline.instance.identity import Identity
from tipline.store import Store
from tipline.store.errors import StoreBroken

_LONGEST_DIGITS = 10


class ClosedReason(StrEnum):
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
        """The remedy, for staff."""
        return _HINTS[self]


_HINTS = {
    ClosedReason.NO_MANIFEST: "add this server at the reviewer, issue keys there, then: tipline manifest DIR FILE",
    ClosedReason.BAD_MANIFEST: "the store was changed, or it is damaged: stop the server, ask its reviewers,"
    " and restore a backup (docs/operate/restore-on-a-new-machine.md)",
    ClosedReason.ROLLED_BACK: "ask a reviewer by telephone for the version of the newest manifest, then:"
    " tipline manifest DIR FILE --version N",
    ClosedReason.NOT_LISTED: "ask the reviewers whether this server was removed; else issue keys there again,"
    " then: tipline manifest DIR FILE",
    ClosedReason.EXPIRED: "check the date of this machine; if it is right, the reviewers issue keys and the"
    " courier brings the manifest",
    ClosedReason.CLOCK_WRONG: "set the date of this machine (timedatectl); intake opens by itself",
    ClosedReason.NO_KEY_FOR_TODAY: "check the date of this machine; if it is right, the reviewers issue keys for"
    " more weeks and the courier brings the manifest",
    ClosedReason.WEEK_CLOSED: "set the date of this machine (timedatectl); if it is right, it was wrong at an"
    " export: intake opens with next week's keys",
}


class IntakeClosed(ProgramError):
    """Nothing can be accepted; ``reason`` says why."""

    def __init__(self, reason: ClosedReason) -> None:
        super().__init__(f"intake is closed: {reason.value}", hint=reason.hint)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class SealingContext:
    """The week, keys and manifest that one upload is sealed under, from its beginning to its end."""

    week: Week
    keys: tuple[IntakePublicKey, ...]
    manifest_sha256: bytes
    manifest_version: int


class IntakePolicy:
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
            raise IntakeClosed(ClosedReason.NO_MANIFEST)
        with self._lock:
            if self._verified is None or self._verified.sha256 != newest.sha256:
                self._verified = self._verify(newest.sha256)
            return self._verified

    def manifest_to_seal_to(self) -> VerifiedManifest:
        """Return :meth:`manifest` if it is the newest that this machine ever followed.

        A newer one, forgotten since, may have removed a recipient.

        Raises:
            IntakeClosed: as :meth:`manifest`, or the store is older than this machine.
        """
        manifest = self.manifest()
        if self._is_older_than_seen(manifest):
            raise IntakeClosed(ClosedReason.ROLLED_BACK)
        return manifest

    def is_put_back(self) -> bool:
        """Return whether the store was restored or put back, so that a person must adopt a manifest.

        Raises:
            StoreError.
        """
        try:
            return self._is_older_than_seen(self.manifest())
        except IntakeClosed:
            return False

    def intake(self) -> SealingContext:
        """Return the context to seal an upload under.

        Raises:
            IntakeClosed: a condition does not hold.
        """
        manifest = self.manifest_to_seal_to()
        if self._party not in manifest.manifest.servers:
            raise IntakeClosed(ClosedReason.NOT_LISTED)
        entry = self._keys_of_today(manifest)
        if self._store.submissions.is_closed(str(entry.week)):
            raise IntakeClosed(ClosedReason.WEEK_CLOSED)
        return SealingContext(
            week=entry.week,
            keys=entry.keys,
            manifest_sha256=manifest.sha256,
            manifest_version=manifest.version,
        )

    def derivation(self) -> SiteDerivation:
        """Return the derivation from passphrase to mailbox.

        It never changes, so it holds while intake is closed too.

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
            raise IntakeClosed(ClosedReason.NO_MANIFEST)
        try:
            return verify_manifest(kept.raw, kept.signature, root=self._identity.root)
        except CryptoError as error:
            raise IntakeClosed(ClosedReason.BAD_MANIFEST) from error

    def _keys_of_today(self, manifest: VerifiedManifest) -> IntakeWeek:
        today = self._clock.today()
        try:
            manifest.check_day(today)
        except TooEarly as error:
            raise IntakeClosed(ClosedReason.CLOCK_WRONG) from error
        except Expired as error:
            raise IntakeClosed(ClosedReason.EXPIRED) from error
        try:
            return manifest.intake_week(today)
        except Expired as error:
            raise IntakeClosed(ClosedReason.NO_KEY_FOR_TODAY) from error


def read_version(folder: SiteFolder) -> int | None:
    """The highest version seen; None when the file is missing or holds no number.

    Raises:
        StoreBroken: it is there and cannot be read now. That is a trouble of the disk, and no sign of a rollback.
    """
    try:
        kept = folder.manifest_version.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StoreBroken(f"{folder.manifest_version.name} cannot be read: {error.strerror}") from error
    digits = kept.removesuffix(b"\n")
    return int(digits) if digits.isdigit() and len(digits) <= _LONGEST_DIGITS else None


def raise_version(folder: SiteFolder, version: int) -> None:
    """Remember ``version``.

    Raises:
        ProgramError: a higher one is remembered, or the file cannot be written.
    """
    seen = read_version(folder)
    if seen is not None and seen > version:
        raise ProgramError(f"manifest version {seen} was seen before, and {version} is older")
    if seen != version:
        write_whole(folder.manifest_version, f"{version}\n".encode())
