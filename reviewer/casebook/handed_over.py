"""Tips that another organisation handed over, as submissions without a mailbox.

Each belongs to a row of ``servers`` that stands for all of them. No bundle comes from it: it counts as removed, its
name is none that a server can have, and its key is 32 bytes of ones.
"""

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass

from crypto.primitives.week import Week
from crypto.submissions.submission import Kind
from reviewer.casebook.arrival import ArrivingSubmission
from reviewer.casebook.database import CasebookFiles
from reviewer.casebook.inbox_rows import InboxRows
from reviewer.casebook.search_index import SearchIndex
from reviewer.casebook.shared_marks import HANDED_OVER_SERVER
from reviewer.casebook.text_languages import TextLanguages
from reviewer.casebook.text_sketches import TextSketches

_LABEL = b"tipline/v1/handed-over-tip\x00"
_ID_BYTES = 16
_NO_MANIFEST = bytes(32)


@dataclass(frozen=True, slots=True)
class HandedOver:
    """Sender and day of import of a tip; ``told_others``: what its source was told, as the sender says."""

    sender: str
    day: dt.date
    told_others: str


class HandedOverTips:
    """Bundles of other organisations by the digest of their statement, and the tips that came in them."""

    def __init__(self, files: CasebookFiles) -> None:
        self._files = files
        self._small = files.small

    def imported_day(self, statement_sha256: bytes) -> dt.date | None:
        """The day on which this bundle was imported, or None."""
        row = self._small.row("SELECT day FROM hand_overs_in WHERE sha256 = ?", (statement_sha256,))
        return dt.date.fromisoformat(row[0]) if row else None

    def begin(self, statement_sha256: bytes, came: HandedOver) -> None:
        """Record the bundle; in the caller's transaction."""
        self._small.run(
            "INSERT INTO hand_overs_in VALUES (?, ?, ?, ?)",
            (statement_sha256, came.sender, came.day.isoformat(), came.told_others),
        )
        self._small.run(
            "INSERT OR IGNORE INTO servers (name, party, verify_key, added_day, removed_day)"
            " VALUES (?, x'', ?, ?3, ?3)",
            (HANDED_OVER_SERVER, b"\xff" * 32, came.day.isoformat()),
        )

    @staticmethod
    def digest_of(sender: bytes, tip_id: bytes) -> bytes:
        """In place of the envelope's digest: it follows from the sender's key and its id for the tip."""
        return hashlib.sha256(_LABEL + sender + tip_id).digest()

    def keep(
        self,
        arrival: ArrivingSubmission,
        *,
        digest: bytes,
        statement_sha256: bytes,
        arrived: dt.date,
        content_bytes: int,
        today: dt.date,
    ) -> int:
        """Keep a verified tip, in the caller's transaction; the number of its submission."""
        arrival.content.finish()
        has_files = arrival.content.length_bytes > 0
        values: dict[str, object] = {
            "envelope_sha256": digest,
            "envelope_bytes": 0,
            "server": HANDED_OVER_SERVER,
            "imported_day": today.isoformat(),
            "week": str(Week.of(arrived)),
            "kind": int(Kind.SUBMISSION),
            "submission_id": secrets.token_bytes(_ID_BYTES),
            "day": arrived.isoformat(),
            "manifest_sha256": _NO_MANIFEST,
            "manifest_version": 1,
            "content": arrival.content.number if has_files else None,
            "content_key": arrival.content.key.seed() if has_files else None,
            "content_bytes": content_bytes,
        }
        names, places = ", ".join(values), ", ".join("?" * len(values))
        self._small.run(f"INSERT INTO submissions ({names}) VALUES ({places})", list(values.values()))  # noqa: S608
        row = self._small.row("SELECT last_insert_rowid()")
        number = int(row[0]) if row else 0
        for one in arrival.fields:
            self._small.run("INSERT INTO fields VALUES (?, ?, ?, ?)", (number, one.place, one.name, one.value))
        for file in arrival.files:
            self._small.run(
                "INSERT INTO files VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    *(number, file.place, file.name, file.media_type),
                    *(file.first_byte, file.length_bytes, file.sha256),
                ),
            )
        self._small.run("INSERT INTO handed_over_tips VALUES (?, ?)", (digest, statement_sha256))
        SearchIndex(self._small).put(number)
        TextLanguages(self._small).put(number)
        TextSketches(self._small).put(number)
        inbox = InboxRows(self._small)
        inbox.put_new(number)
        inbox.set_read(number, is_read=False)
        return number

    def of(self, envelope_sha256: bytes) -> HandedOver | None:
        """How a tip came here; None for one of our own servers."""
        row = self._small.row(
            "SELECT sender, day, told_others FROM handed_over_tips"
            " JOIN hand_overs_in ON hand_overs_in.sha256 = hand_over WHERE envelope_sha256 = ?",
            (envelope_sha256,),
        )
        return HandedOver(row[0], dt.date.fromisoformat(row[1]), row[2]) if row else None
