"""What the operator may know about a site at any time; nothing in it is finer than SECURITY.md promises."""

import datetime as dt
from dataclasses import asdict, dataclass
from typing import Final

from crypto import minisign
from crypto.manifest import VerifiedManifest
from crypto.week import Week
from tipline.arguments import OpenSite
from tipline.database_key import UNPROTECTED_WARNING, is_protected
from tipline.errors import FolderInUse
from tipline.identity import Identity
from tipline.standing import IntakeClosed

_FEW_WEEKS: Final = 4
_LITTLE_ROOM_MIB: Final = 512
_MIB: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class SiteStatus:
    """As ``status --json`` prints it. ``waiting`` is one of ``none``, ``1-9``, ``10-99``, ``100 or more``."""

    server: str
    server_fingerprint: str
    root_id: str
    root_key: str
    organisation: str | None
    intake_open: bool
    intake_closed_because: str | None
    week: str | None
    weeks_left: int
    manifest_version: int | None
    manifest_expires: str | None
    waiting: str
    served: bool
    database_key_protected: bool
    room_mib: int

    @classmethod
    def of(cls, site: OpenSite) -> "SiteStatus":
        """Look now.

        Raises:
            StoreError, TiplineError: the store cannot be read.
        """
        identity = Identity.load(site.store)
        manifest = _manifest(site)
        closed_because = week = None
        try:
            week = str(site.standing.intake().week)
        except IntakeClosed as closed:
            closed_because = closed.because.value
        return cls(
            server=identity.keys.name,
            server_fingerprint=identity.keys.party().fingerprint,
            root_id=minisign.key_id(identity.root)[::-1].hex().upper(),
            root_key=str(identity.root),
            organisation=None if manifest is None else manifest.manifest.organisation,
            intake_open=closed_because is None,
            intake_closed_because=closed_because,
            week=week,
            weeks_left=0 if manifest is None else weeks_left(manifest, site.clock.today()),
            manifest_version=None if manifest is None else manifest.version,
            manifest_expires=None if manifest is None else manifest.manifest.expires.isoformat(),
            waiting=coarse(len(site.store.submissions.waiting())),
            served=_is_served(site),
            database_key_protected=is_protected(site.folder),
            room_mib=site.store.room_bytes() // _MIB,
        )

    def warnings(self) -> list[str]:
        """What the operator should do something about, before it closes intake."""
        found: list[str] = []
        if self.manifest_version is not None and self.weeks_left < _FEW_WEEKS:
            weeks = f"{self.weeks_left} week{'' if self.weeks_left == 1 else 's'}"
            found.append(f"keys last for {weeks}: ask for a new manifest")
        if self.room_mib < _LITTLE_ROOM_MIB:
            found.append("the disk is nearly full: soon nothing can be taken in")
        if not self.database_key_protected:
            found.append(UNPROTECTED_WARNING)
        return found

    def to_json(self) -> dict[str, str | int | bool | None]:
        return asdict(self)


def weeks_left(manifest: VerifiedManifest, today: dt.date) -> int:
    """How many weeks, this one included, still have keys before the manifest's last day."""
    return sum(
        Week.of(today) <= entry.week and entry.week.monday <= manifest.manifest.expires
        for entry in manifest.manifest.intake
    )


def coarse(count: int) -> str:
    """A number of submissions as a class of size."""
    if not count:
        return "none"
    return next((f"{floor}-{floor * 10 - 1}" for floor in (1, 10) if count < floor * 10), "100 or more")


def _manifest(site: OpenSite) -> VerifiedManifest | None:
    try:
        return site.standing.manifest()
    except IntakeClosed:
        return None


def _is_served(site: OpenSite) -> bool:
    try:
        with site.folder.hold_for_serving():
            return False
    except FolderInUse:
        return True
