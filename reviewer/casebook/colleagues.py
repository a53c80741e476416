"""Colleagues: the newest item of each, what each of them holds, and receipts for items."""

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from crypto.sharing.shared_item import HeardOf, SharedItem
from reviewer.casebook.database import CasebookDatabase

FROM_A_LAPTOP = ""
"""In place of the name of a server."""


@dataclass(frozen=True, slots=True)
class LastHeard:
    """The newest item of a colleague: the day by that colleague's clock, and the day on which it was read."""

    day: dt.date
    heard_day: dt.date


class Colleagues:
    """The items of other homes, and what these hold; our own items are here as well."""

    def __init__(self, small: CasebookDatabase) -> None:
        self._small = small

    def is_known(self, server: str, envelope_sha256: bytes) -> bool:
        """True if this item was read from this server before."""
        found = self._small.row(
            "SELECT 1 FROM shared_items WHERE server = ? AND envelope_sha256 = ?", (server, envelope_sha256)
        )
        return found is not None

    def came_back(self, server: str, envelope_sha256: bytes) -> bool:
        """Note that an item that was written or read here came from this server too; False if it is not known."""
        return (
            self._small.run(
                "INSERT OR IGNORE INTO shared_items"
                " SELECT ?, envelope_sha256, author, run, number, document_sha256, NULL FROM shared_items"
                " WHERE envelope_sha256 = ? LIMIT 1",
                (server, envelope_sha256),
            )
            > 0
        )

    def note(self, item: SharedItem, *, server: str, envelope_sha256: bytes, today: dt.date) -> None:
        """Note that an item was read; the newest one of a colleague says what that colleague holds."""
        author = item.sender.to_bytes()
        if self._is_newer(item):
            self._small.run("DELETE FROM colleagues_heard WHERE colleague = ?", (author,))
            self._small.run(
                "INSERT INTO colleagues VALUES (?, ?, ?, ?, ?) ON CONFLICT (author)"
                " DO UPDATE SET run = excluded.run, number = excluded.number,"
                " day = excluded.day, heard_day = excluded.heard_day",
                (author, item.run, item.number, item.day.isoformat(), today.isoformat()),
            )
            for one in item.heard:
                self._small.run(
                    "INSERT INTO colleagues_heard VALUES (?, ?, ?, ?, ?)",
                    (author, one.author, one.run, one.through, one.highest),
                )
        self._small.run(
            "INSERT OR IGNORE INTO shared_items VALUES (?, ?, ?, ?, ?, ?, NULL)",
            (server, envelope_sha256, author, item.run, item.number, hashlib.sha256(item.to_bytes()).digest()),
        )

    def _is_newer(self, item: SharedItem) -> bool:
        """True if the item was written after the newest known one, as far as its sender can be believed."""
        author = item.sender.to_bytes()
        newest = self._small.row("SELECT run, number FROM colleagues WHERE author = ?", (author,))
        if newest is None:
            return True
        if newest[0] == item.run:
            return bool(newest[1] < item.number)
        seen = self._small.row("SELECT 1 FROM shared_items WHERE author = ? AND run = ?", (author, item.run))
        return seen is None  # an earlier run, replayed or late, says nothing of today

    def last_heard(self, author: bytes) -> LastHeard | None:
        """The newest item of a colleague; None if nothing ever came."""
        row = self._small.row("SELECT day, heard_day FROM colleagues WHERE author = ?", (author,))
        return LastHeard(dt.date.fromisoformat(row[0]), dt.date.fromisoformat(row[1])) if row else None

    def heard_by(self, colleague: bytes) -> dict[tuple[bytes, bytes], HeardOf]:
        """The operations that a colleague held in its newest item, by author and run."""
        rows = self._small.rows(
            "SELECT author, run, through, highest FROM colleagues_heard WHERE colleague = ?", (colleague,)
        )
        return {(row[0], row[1]): HeardOf(*row) for row in rows}

    def forks(self) -> list[tuple[bytes, int]]:
        """Authors and numbers under which two different items were signed."""
        return [
            (row[0], row[1])
            for row in self._small.rows(
                "SELECT author, number FROM shared_items GROUP BY author, run, number"
                " HAVING count(DISTINCT document_sha256) > 1 ORDER BY author, number"
            )
        ]

    def receipts_due(self, server: str) -> list[bytes]:
        """Digests of items of a server without a delivery receipt.

        They wait for no backup: what a home lost with its casebook its colleagues send again.
        """
        rows = self._small.rows(
            "SELECT envelope_sha256 FROM shared_items WHERE server = ? AND receipt_day IS NULL"
            " ORDER BY envelope_sha256",
            (server,),
        )
        return [row[0] for row in rows]

    def mark_receipted(self, server: str, digests: Sequence[bytes], *, today: dt.date) -> None:
        for digest in digests:
            self._small.run(
                "UPDATE shared_items SET receipt_day = ? WHERE server = ? AND envelope_sha256 = ?",
                (today.isoformat(), server, digest),
            )
