"""The result of importing one FILE of bundles."""

from dataclasses import dataclass, field

from crypto.primitives.week import Week
from reviewer.errors import BundleRefused, each_once
from reviewer.opening.version_watch import VersionDrop
from reviewer.sharing.reading import ReadItem
from system.errors import ProgramError


@dataclass
class ImportReport:
    """The result of importing one FILE."""

    bundles: int = 0
    repeated: int = 0
    for_others: int = 0
    opened: list[str] = field(default_factory=list)
    unopenable: list[str] = field(default_factory=list)
    without_slot: list[str] = field(default_factory=list)
    """Envelopes in which no slot is for this reviewer."""
    still_sealed: list[str] = field(default_factory=list)
    """Submissions with a file that its source sealed, and that no key here opens."""
    quarantined: int = 0
    """Files that came, or were opened, now and are in quarantine."""
    operations: int = 0
    """Of colleagues, and new here."""
    heard_from: set[str] = field(default_factory=set)
    """Names of colleagues of whom an item was read."""
    from_no_reviewer: int = 0
    """Items whose sender is no reviewer of the newest manifest."""
    known: int = 0
    deleted_unread: int = 0
    weeks_closed: list[Week] = field(default_factory=list)
    fallen: list[VersionDrop] = field(default_factory=list)
    refusals: list[BundleRefused] = field(default_factory=list)
    broken_off: ProgramError | None = None
    """Why the rest of the FILE was not read; what is told was taken in before."""
    opened_now: list[str] = field(default_factory=list)
    """Came before, and did not open then."""
    still_wait: list[BundleRefused] = field(default_factory=list)
    """Why others of those do not open yet, as they name a manifest that is not here."""
    not_tried: list[ProgramError] = field(default_factory=list)
    """Why others of those could not be tried."""
    lost: list[str] = field(default_factory=list)
    """Of those, what is gone from this disk or changed: it must come again."""

    def troubles(self) -> list[ProgramError]:
        """Problems for staff, each once: refused bundles, and earlier envelopes that could not be tried."""
        return each_once([*([self.broken_off] if self.broken_off else []), *self.refusals, *self.not_tried])

    def note_shared(self, read: ReadItem) -> None:
        """Count what an item of a colleague, or our own, brought."""
        self.operations += read.new_operations
        if read.is_own:
            return
        if read.sender is None:
            self.from_no_reviewer += 1
        else:
            self.heard_from.add(read.sender)

    def add(self, other: "ImportReport") -> None:
        self.opened += other.opened
        self.unopenable += other.unopenable
        self.without_slot += other.without_slot
        self.still_sealed += other.still_sealed
        self.quarantined += other.quarantined
        self.operations += other.operations
        self.heard_from |= other.heard_from
        self.from_no_reviewer += other.from_no_reviewer
        self.known += other.known
        self.deleted_unread += other.deleted_unread
        self.weeks_closed += other.weeks_closed
        self.fallen += other.fallen
