"""A submission in the casebook."""

import datetime as dt
from dataclasses import dataclass, field

from crypto.keys.at_rest import PieceKey
from crypto.passphrases.mailbox import MailboxAddress
from crypto.primitives.week import Week
from crypto.sharing.shared_item import ENVELOPE_BYTES as SHARED_BYTES
from crypto.submissions.submission import Head, Kind
from reviewer.casebook.database import CasebookDatabase, Row
from reviewer.casebook.shared_marks import ENTERED, OLD_CASES_SERVER, ONLY_HERE, TELEPHONE_SERVER

SHOWN_DIGITS = 12
COLUMNS = """number, envelope_sha256, envelope_bytes, server, imported_day, backup, receipt_day, unopenable,
    unopened_file, week, kind, submission_id, day, manifest_sha256, manifest_version, mailbox, content, content_key,
    content_bytes"""


@dataclass(frozen=True, slots=True)
class Envelope:
    """An envelope as a bundle named it, and the server that sent it."""

    sha256: bytes
    length_bytes: int
    server: str


@dataclass(frozen=True, slots=True)
class Submission:
    """One row; the second half is None for an envelope that could not be opened."""

    number: int
    envelope: Envelope
    imported_day: dt.date
    backup: int | None
    receipt_day: dt.date | None
    unopenable: str | None
    unopened_file: str | None
    week: Week | None
    head: Head | None
    mailbox_bytes: bytes | None = field(repr=False)
    content: int | None
    content_key: PieceKey | None = field(repr=False)
    content_bytes: int | None
    call_day: dt.date | None = None

    @property
    def mailbox(self) -> MailboxAddress | None:
        """The mailbox to which a reply is sealed."""
        return MailboxAddress.parse(self.mailbox_bytes) if self.mailbox_bytes else None

    @property
    def may_be_shared(self) -> bool:
        """True if it did not open and has the length of what reviewers tell each other: it may be no tip."""
        return self.unopenable is not None and self.envelope.length_bytes == SHARED_BYTES

    @property
    def kind(self) -> Kind | None:
        return self.head.kind if self.head else None

    @property
    def is_telephone(self) -> bool:
        """True for a report that staff entered from a call: no envelope, no mailbox, no week."""
        return self.envelope.server == TELEPHONE_SERVER

    @property
    def is_old_case(self) -> bool:
        """True for a row of a spreadsheet of old cases."""
        return self.envelope.server == OLD_CASES_SERVER

    @property
    def is_entered(self) -> bool:
        """True for what staff brought, by telephone or in a spreadsheet: no envelope, no mailbox, no week."""
        return self.envelope.server in ENTERED

    @property
    def is_only_here(self) -> bool:
        """True for a tip that no colleague has: staff entered it, or it was handed over to this casebook."""
        return self.envelope.server in ONLY_HERE

    @property
    def day(self) -> dt.date | None:
        """The day on which the server began to take it in, or of the call."""
        return self.head.day if self.head else self.call_day

    @property
    def short_id(self) -> str:
        return self.envelope.sha256.hex()[:SHOWN_DIGITS]


def from_row(row: Row) -> Submission:
    """Make a submission from one row with :data:`COLUMNS`."""
    (number, sha256, length_bytes, server, imported, backup, receipt, unopenable, unopened_file, week, *rest) = row
    kind, submission_id, day, manifest_sha256, version, mailbox, content, content_key, content_bytes = rest
    parsed_week = Week.parse(week) if week else None
    head = None
    if kind is not None and parsed_week is not None:
        head = Head(Kind(kind), submission_id, manifest_sha256, version, parsed_week, dt.date.fromisoformat(day))
    return Submission(
        number=number,
        envelope=Envelope(sha256, length_bytes, server),
        imported_day=dt.date.fromisoformat(imported),
        backup=backup,
        receipt_day=dt.date.fromisoformat(receipt) if receipt else None,
        unopenable=unopenable,
        unopened_file=unopened_file,
        week=parsed_week,
        head=head,
        mailbox_bytes=mailbox,
        content=content,
        content_key=PieceKey(content_key) if content_key else None,
        content_bytes=content_bytes,
        call_day=dt.date.fromisoformat(day) if day and server in ENTERED else None,
    )


def next_number(small: CasebookDatabase) -> int:
    """One more than any number that a submission had; a tip in the bin may come back to its own."""
    tables = ("submissions", "deleted_envelopes", "binned_envelopes")
    highest = [small.row(f"SELECT max(number) FROM {table}") for table in tables]  # noqa: S608
    return 1 + max(row[0] or 0 for row in highest if row)
