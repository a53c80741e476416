"""Statements that this server has signed for its reviewers, and their receipts."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from tipline.store.database import Database
from tipline.store.submissions import SELECT_STORED, StoredSubmission

_SEALING: Final = "sealing"


@dataclass(frozen=True, slots=True)
class SignedStatement:
    """A statement, signed; what it lists is kept elsewhere, or deleted since."""

    number: int
    statement: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class FreshStatement:
    """A statement to be kept, with what it is the first to list."""

    signed: SignedStatement
    submissions: Sequence[bytes]
    closed_weeks: Sequence[str]


Sign = Callable[[SignedStatement | None, Sequence[StoredSubmission], Sequence[str]], Sequence[FreshStatement]]
"""Signs from the last statement, the unlisted submissions (in random order), and the weeks to close."""


class Outgoing:
    """The stream to the reviewers."""

    def __init__(self, small: Database) -> None:
        self._small = small

    def sign_fresh(self, sign: Sign, *, past_weeks: Sequence[str]) -> None:
        """List what no statement lists yet.

        ``sign`` is called inside of the transaction: no submission begins or completes before its result is kept,
        so a week that is closed here is closed. Of ``past_weeks`` those are offered for closing that this stream
        has not closed, and of which nothing is being received.
        """
        with self._small.transaction() as small:
            last = small.execute(
                "SELECT number, statement, signature FROM statements ORDER BY number DESC LIMIT 1"
            ).fetchone()
            fresh = [
                StoredSubmission.of(row)
                for row in small.execute(f"{SELECT_STORED} WHERE state = 'complete' AND bundle IS NULL").fetchall()
            ]
            secrets.SystemRandom().shuffle(fresh)
            taken = small.execute(
                "SELECT week FROM closed_weeks WHERE bundle IS NOT NULL"
                " UNION SELECT week FROM submissions WHERE state = 'receiving'"
            )
            not_now = {row[0] for row in taken.fetchall()}
            closable = [week for week in past_weeks if week not in not_now]
            for each in sign(None if last is None else SignedStatement(*last), fresh, closable):
                number = each.signed.number
                small.execute(
                    "INSERT INTO statements (number, statement, signature) VALUES (?, ?, ?)",
                    (number, each.signed.statement, each.signed.signature),
                )
                small.executemany(
                    "UPDATE submissions SET bundle = ? WHERE id = ?",
                    [(number, each_id) for each_id in each.submissions],
                )
                small.executemany(
                    "INSERT INTO closed_weeks (week, bundle) VALUES (?, ?)"
                    " ON CONFLICT (week) DO UPDATE SET bundle = excluded.bundle",
                    [(week, number) for week in each.closed_weeks],
                )

    def next_sealing(self) -> int:
        """Return a number that this store never gave before, once it is kept.

        A restored store goes on from the number in its backup, in a new stream.
        """
        with self._small.transaction() as small:
            kept = small.execute("SELECT setting FROM settings WHERE name = ?", (_SEALING,)).fetchone()
            number = 1 if kept is None else int(kept[0]) + 1
            small.execute(
                "INSERT INTO settings (name, setting) VALUES (?, ?)"
                " ON CONFLICT (name) DO UPDATE SET setting = excluded.setting",
                (_SEALING, str(number).encode("ascii")),
            )
        return number

    def numbers(self) -> list[int]:
        """Return the numbers of all statements, in order."""
        return [row[0] for row in self._small.rows("SELECT number FROM statements ORDER BY number")]

    def statement(self, number: int) -> SignedStatement:
        """Return one of :meth:`numbers`."""
        row = self._small.row("SELECT number, statement, signature FROM statements WHERE number = ?", (number,))
        if row is None:
            raise LookupError("no statement has this number")
        return SignedStatement(*row)

    def newest(self) -> SignedStatement | None:
        """The last statement; None where nothing was signed yet, or since a restore."""
        numbers = self.numbers()
        return self.statement(numbers[-1]) if numbers else None

    def bundle_of(self, sha256: bytes) -> int | None:
        """The statement that lists a submission which is still here; None before one does."""
        row = self._small.row("SELECT bundle FROM submissions WHERE sha256 = ? AND state = 'complete'", (sha256,))
        return None if row is None else row[0]

    def closed_weeks(self, number: int) -> list[str]:
        """Weeks that this statement closed."""
        return [row[0] for row in self._small.rows("SELECT week FROM closed_weeks WHERE bundle = ?", (number,))]

    def is_receipted(self, number: int, reviewer: bytes) -> bool:
        """Return whether a reviewer needs the bundle no more.

        So it is if all that is still there of it is receipted, or nothing is there and something after it is
        receipted.
        """
        left = self._small.rows(
            "SELECT r.reviewer IS NOT NULL FROM submissions s"
            " LEFT JOIN receipts r ON r.sha256 = s.sha256 AND r.reviewer = ?"
            " AND r.reviewer NOT IN (SELECT reviewer FROM unaccepted)"
            " WHERE s.bundle = ? AND s.state = 'complete'",
            (reviewer, number),
        )
        if left:
            return all(row[0] for row in left)
        reached = self._small.row("SELECT number FROM reached WHERE reviewer = ?", (reviewer,))
        return reached is not None and reached[0] >= number

    def receipts(self) -> list[tuple[StoredSubmission, dict[bytes, int]]]:
        """Return receipted submissions, with the count of days at each reviewer's receipt.

        Reviewers whom staff have to accept first are left out.
        """
        found: dict[bytes, dict[bytes, int]] = {}
        query = (
            "SELECT sha256, reviewer, counted FROM receipts WHERE reviewer NOT IN (SELECT reviewer FROM unaccepted)"
        )
        for sha256, reviewer, counted in self._small.rows(query):
            found.setdefault(sha256, {})[reviewer] = counted
        stored = [StoredSubmission.of(row) for row in self._small.rows(f"{SELECT_STORED} WHERE state = 'complete'")]
        return [(each, found[each.sha256]) for each in stored if each.sha256 in found]
