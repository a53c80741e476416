"""The recipient file of today and the root's signature, for sources who can run a program.

Both come from the adopted manifest. Its verification has checked the root's signature over these very bytes, so
this server can hand out the organisation's own file or none.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Protocol

from crypto.errors import CryptoError
from crypto.keys import minisign
from crypto.keys.keys import RootVerifyKey
from crypto.manifests.issued_keys import SealedQuarter
from crypto.manifests.manifest import VerifiedManifest
from crypto.manifests.recipient_file import recipient_file
from system.clock import Clock
from tipline.instance.intake_status import IntakeClosed

FILE_NAME = "recipients.txt"
SIGNATURE_NAME = f"{FILE_NAME}.minisig"


class ManifestSource(Protocol):
    """The manifest that this server follows: ``tipline.instance.intake_status.IntakePolicy``."""

    def manifest_to_seal_to(self) -> VerifiedManifest: ...


@dataclass(frozen=True, slots=True)
class RecipientFile:
    """The recipient file of one quarter, with its signature file."""

    entry: SealedQuarter

    @property
    def last_day(self) -> str:
        """Like ``2026-12-31``."""
        return self.entry.quarter.last_day.isoformat()

    @property
    def file(self) -> bytes:
        return recipient_file(self.entry)

    @property
    def signature(self) -> bytes:
        return self.entry.signature_file()


class RecipientFileSource:
    """Looks at the manifest of the moment.

    The file of the next quarter is handed out on the last day of this one already, as it may be used before its
    quarter begins: so the clock may be one that turns late, and no file is over when a source gets it.
    """

    def __init__(self, policy: ManifestSource, root: RootVerifyKey, clock: Clock) -> None:
        self._policy = policy
        self._clock = clock
        self.root_line = minisign.public_key_file(root).decode("ascii").splitlines()[1]
        """The organisation's key as ``minisign -P`` takes it."""

    def current_recipient_file(self) -> RecipientFile | None:
        """Return the recipient file of today, or None if there is none that the root has signed."""
        today = self._clock.today()
        for day in (today + dt.timedelta(days=1), today):
            try:
                entry = self._policy.manifest_to_seal_to().sealed_quarter(day)
            except (IntakeClosed, CryptoError):
                continue
            if entry.signature:
                return RecipientFile(entry)
        return None
