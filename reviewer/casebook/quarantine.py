"""Files in quarantine: their digests, where they lie, and every access to them.

A content is in quarantine by its SHA-256, so the same file of another tip is too. What is here is kept when a tip
is deleted.
"""

import datetime as dt
from dataclasses import dataclass, field
from typing import Final

from reviewer.casebook.database import CasebookDatabase
from reviewer.casebook.known_digests import ContentDigests
from reviewer.casebook.submission import Submission
from reviewer.errors import CasebookError

BY_STAFF: Final = "staff"
BY_DIGEST: Final = "known digest"
BY_COLLEAGUE: Final = "colleague "
"""Followed by the name."""

_FEWEST_DIGITS: Final = 4
_NOT_LIFTED: Final = """NOT EXISTS (
    SELECT 1 FROM quarantine_lifts AS l WHERE l.sha256 = c.sha256 AND l.again_day IS NULL)"""


@dataclass(frozen=True, slots=True)
class QuarantinedContent:
    """One content; ``origin`` says who or what found it."""

    digests: ContentDigests
    day: dt.date
    origin: str
    reported_day: dt.date | None


@dataclass(frozen=True, slots=True)
class QuarantinedFile:
    """One place of a content: which tip it came with, through which server, and when."""

    tip: str
    submission: int
    sealed_place: int
    place: int
    server: str
    arrived_day: dt.date | None
    imported_day: dt.date
    destroyed_day: dt.date | None


@dataclass(frozen=True, slots=True)
class QuarantineAccess:
    """One attempt to read a content, refused or permitted."""

    day: dt.date
    tip: str
    act: str
    is_permitted: bool
    reviewer: str


@dataclass(frozen=True, slots=True)
class LiftedQuarantine:
    """A quarantine that a person lifted; ``again_day`` is the day on which it was put there again."""

    sha256: bytes
    day: dt.date
    reason: str = field(repr=False)
    again_day: dt.date | None


class Quarantine:
    """Each method runs in the caller's transaction or in one of its own."""

    def __init__(self, small: CasebookDatabase) -> None:
        self._small = small

    def since(self, sha256: bytes) -> dt.date | None:
        """The day since which a content is in quarantine; None if it is not."""
        row = self._small.row(
            f"SELECT day FROM quarantined_contents AS c WHERE sha256 = ? AND {_NOT_LIFTED}",  # noqa: S608
            (sha256,),
        )
        return dt.date.fromisoformat(row[0]) if row else None

    def add(self, digests: ContentDigests, *, origin: str, today: dt.date) -> bool:
        """Put a content into quarantine, also again after a lift; False if it is there already."""
        day = today.isoformat()
        if self._small.run(
            "UPDATE quarantine_lifts SET again_day = ? WHERE sha256 = ? AND again_day IS NULL",
            (day, digests.sha256),
        ):
            return bool(
                self._small.run(
                    "UPDATE quarantined_contents SET day = ?, origin = ?, reported_day = NULL WHERE sha256 = ?",
                    (day, origin, digests.sha256),
                )
            )
        return bool(
            self._small.run(
                "INSERT OR IGNORE INTO quarantined_contents VALUES (?, ?, ?, ?, ?, ?, NULL)",
                (digests.sha256, digests.sha1, digests.md5, digests.length_bytes, day, origin),
            )
        )

    def add_place(self, sha256: bytes, submission: Submission, *, sealed_place: int, place: int) -> bool:
        """Note that a file of this submission has a content in quarantine; False if it is noted already."""
        day = submission.day.isoformat() if submission.day else None
        return bool(
            self._small.run(
                "INSERT OR IGNORE INTO quarantined_files VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL)",
                (
                    sha256,
                    submission.short_id,
                    submission.number,
                    sealed_place,
                    place,
                    submission.envelope.server,
                    day,
                    submission.imported_day.isoformat(),
                ),
            )
        )

    def all(self) -> list[QuarantinedContent]:
        """All contents, the newest first; without those of which the quarantine was lifted."""
        return self._contents(f"WHERE {_NOT_LIFTED} ORDER BY day DESC, sha256")

    def lift(self, sha256: bytes, *, reason: str, today: dt.date) -> None:
        """Lift the quarantine of a content, until it is put there again. Its places and accesses stay."""
        self._small.run(
            "INSERT INTO quarantine_lifts (sha256, day, reason) VALUES (?, ?, ?)",
            (sha256, today.isoformat(), reason),
        )

    def lifted(self) -> list[LiftedQuarantine]:
        """Every lift, the newest first, also of contents that were put into quarantine again."""
        rows = self._small.rows("SELECT sha256, day, reason, again_day FROM quarantine_lifts ORDER BY number DESC")
        return [
            LiftedQuarantine(sha256, dt.date.fromisoformat(day), reason, _day(again))
            for sha256, day, reason, again in rows
        ]

    def find(self, untrusted_digest: str) -> QuarantinedContent:
        """The content whose SHA-256 begins with these hex digits, four or more.

        Raises:
            CasebookError: none or several do.
        """
        digits = untrusted_digest.strip().lower()
        found = [one for one in self.all() if one.digests.sha256.hex().startswith(digits)]
        if len(digits) < _FEWEST_DIGITS or len(found) != 1:
            raise CasebookError(
                "no file in quarantine, or more than one, has a SHA-256 that begins so",
                hint="tipline-review quarantines list HOME",
            )
        return found[0]

    def files(self, sha256: bytes) -> list[QuarantinedFile]:
        """The places of a content, in the order of import."""
        rows = self._small.rows(
            "SELECT tip, submission, sealed_place, place, server, arrived_day, imported_day, destroyed_day"
            " FROM quarantined_files WHERE sha256 = ? ORDER BY submission, sealed_place, place",
            (sha256,),
        )
        return [
            QuarantinedFile(
                tip, number, sealed, place, server, _day(arrived), dt.date.fromisoformat(imported), _day(gone)
            )
            for tip, number, sealed, place, server, arrived, imported, gone in rows
        ]

    def of_submission(self, number: int) -> set[bytes]:
        """The SHA-256 of all contents in quarantine that lie in this submission."""
        rows = self._small.rows(
            f"SELECT c.sha256 FROM quarantined_files AS c WHERE submission = ? AND {_NOT_LIFTED}",  # noqa: S608
            (number,),
        )
        return {row[0] for row in rows}

    def count(self, sha256: bytes, access: QuarantineAccess) -> None:
        """Count an attempt, or a reading that was permitted."""
        self._small.run(
            "INSERT INTO quarantine_accesses (sha256, day, tip, act, is_permitted, reviewer)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (sha256, access.day.isoformat(), access.tip, access.act, int(access.is_permitted), access.reviewer),
        )

    def accesses(self, sha256: bytes) -> list[QuarantineAccess]:
        """All of them, in their order."""
        rows = self._small.rows(
            "SELECT day, tip, act, is_permitted, reviewer FROM quarantine_accesses"
            " WHERE sha256 = ? ORDER BY number",
            (sha256,),
        )
        return [
            QuarantineAccess(dt.date.fromisoformat(day), tip, act, bool(permitted), reviewer)
            for day, tip, act, permitted, reviewer in rows
        ]

    def count_found_by(self, origin: str, *, since: dt.date) -> int:
        """The number of contents with this origin that came into quarantine on this day or later."""
        row = self._small.row(
            "SELECT count(*) FROM quarantined_contents WHERE origin = ? AND day >= ?", (origin, since.isoformat())
        )
        return int(row[0]) if row else 0

    def mark_reported(self, sha256: bytes, *, today: dt.date) -> None:
        """Note the day of the newest report."""
        self._small.run(
            "UPDATE quarantined_contents SET reported_day = ? WHERE sha256 = ?", (today.isoformat(), sha256)
        )

    def mark_destroyed(self, tip: str, *, sealed_place: int, place: int, today: dt.date) -> None:
        """Note that the bytes of one file are gone."""
        self._small.run(
            "UPDATE quarantined_files SET destroyed_day = ? WHERE tip = ? AND sealed_place = ? AND place = ?",
            (today.isoformat(), tip, sealed_place, place),
        )

    def mark_deleted(self, tip: str, *, place: int | None = None, today: dt.date) -> None:
        """Note that a tip was deleted, or one file of it with all that was sealed inside."""
        self._small.run(
            "UPDATE quarantined_files SET destroyed_day = ?1 WHERE tip = ?2 AND destroyed_day IS NULL"
            " AND (?3 IS NULL OR sealed_place = ?3 OR (sealed_place = -1 AND place = ?3))",
            (today.isoformat(), tip, place),
        )

    def _contents(self, order: str) -> list[QuarantinedContent]:
        rows = self._small.rows(
            "SELECT sha256, sha1, md5, length_bytes, day, origin, reported_day"  # noqa: S608
            f" FROM quarantined_contents AS c {order}"
        )
        return [
            QuarantinedContent(
                ContentDigests(sha256, sha1, md5, length), dt.date.fromisoformat(day), origin, _day(reported)
            )
            for sha256, sha1, md5, length, day, origin, reported in rows
        ]


def _day(stored: str | None) -> dt.date | None:
    return dt.date.fromisoformat(stored) if stored else None
