"""Bundles for each server, kept signed so that a lost one can be written again."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from crypto.bundles.bundle_statement import Statement
from reviewer.casebook.database import CasebookDatabase
from reviewer.casebook.settings import CasebookSettings

_SEALING_SETTING = "sealing"


@dataclass(frozen=True, slots=True)
class OutgoingBundle:
    """A signed statement and the payloads of its items in order; None for items that have ended."""

    server: str
    number: int
    statement: bytes = field(repr=False)
    signature: bytes = field(repr=False)
    payloads: tuple[bytes | None, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Carried:
    """How far a server was sent replies and manifests: the last reply number, the last version."""

    replies_through: int
    manifests_through: int


class OutgoingBundles:
    """The outgoing stream of each server, numbered from 1."""

    def __init__(self, small: CasebookDatabase) -> None:
        self._small = small
        self._settings = CasebookSettings(small)

    def next_sealing(self) -> int:
        """A sealing number that this home never used; a restored home begins new streams."""
        number = int(self._settings.get(_SEALING_SETTING) or 0) + 1
        self._settings.set(_SEALING_SETTING, str(number))
        return number

    def last_statement(self, server: str) -> Statement | None:
        """The statement that the next bundle of this stream follows; None before the first."""
        row = self._small.row(
            "SELECT statement FROM bundles_out WHERE server = ? ORDER BY number DESC LIMIT 1", (server,)
        )
        return Statement.parse(row[0]) if row else None

    def carried(self, server: str) -> Carried:
        row = self._small.row(
            "SELECT replies_through, manifests_through FROM streams_out WHERE server = ?", (server,)
        )
        return Carried(*row) if row else Carried(0, 0)

    def add(
        self,
        server: str,
        statement: Statement,
        *,
        signature: bytes,
        payloads: Sequence[bytes],
        carried: Carried,
        today: dt.date,
    ) -> None:
        """Add the next bundle of a server's stream, and what the server was sent with it."""
        self._small.run(
            "INSERT INTO streams_out VALUES (?, ?, ?) ON CONFLICT (server) DO UPDATE SET"
            " replies_through = excluded.replies_through, manifests_through = excluded.manifests_through",
            (server, carried.replies_through, carried.manifests_through),
        )
        self._small.run(
            "INSERT INTO bundles_out (server, number, statement, signature, day) VALUES (?, ?, ?, ?, ?)",
            (server, statement.number, statement.to_bytes(), signature, today.isoformat()),
        )
        for place, payload in enumerate(payloads):
            self._small.run(
                "INSERT INTO bundle_items_out VALUES (?, ?, ?, ?)", (server, statement.number, place, payload)
            )

    def not_written(self, server: str) -> list[OutgoingBundle]:
        """Bundles from the first one on that no FILE was completed with."""
        row = self._small.row("SELECT min(number) FROM bundles_out WHERE server = ? AND is_written = 0", (server,))
        return self.since(server, row[0]) if row and row[0] is not None else []

    def since(self, server: str, number: int) -> list[OutgoingBundle]:
        """All bundles from ``number`` on, written or not."""
        rows = self._small.rows(
            "SELECT number, statement, signature FROM bundles_out WHERE server = ? AND number >= ? ORDER BY number",
            (server, number),
        )
        return [
            OutgoingBundle(server, found, statement, signature, self._payloads(server, found, statement))
            for found, statement, signature in rows
        ]

    def mark_written(self, bundles: Sequence[OutgoingBundle]) -> None:
        for bundle in bundles:
            self._small.run(
                "UPDATE bundles_out SET is_written = 1 WHERE server = ? AND number = ?",
                (bundle.server, bundle.number),
            )

    def end_stream(self, server: str) -> None:
        """Begin a new stream with the next bundle; it carries everything that is still useful.

        Delivery receipts and withdrawals of the old stream may never have arrived, or the server may have been
        restored.
        """
        self._small.run("DELETE FROM streams_out WHERE server = ?", (server,))
        for table in ("submissions", "deleted_envelopes", "binned_envelopes", "shared_items"):
            self._small.run(f"UPDATE {table} SET receipt_day = NULL WHERE server = ?", (server,))  # noqa: S608
        self._small.run("UPDATE replies SET withdrawn_day = NULL WHERE deleted_day IS NOT NULL")

    def drop_payloads(self, *, before: dt.date) -> None:
        """Delete the payloads of old bundles, which have ended on the servers. The chain keeps the statements."""
        self._small.run(
            "DELETE FROM bundle_items_out WHERE EXISTS (SELECT 1 FROM bundles_out AS bundle"
            " WHERE bundle.server = bundle_items_out.server AND bundle.number = bundle_items_out.number"
            " AND bundle.day < ?)",
            (before.isoformat(),),
        )

    def _payloads(self, server: str, number: int, statement: bytes) -> tuple[bytes | None, ...]:
        kept: dict[int, bytes] = dict(
            self._small.rows(
                "SELECT place, payload FROM bundle_items_out WHERE server = ? AND number = ?", (server, number)
            )
        )
        return tuple(kept.get(place) for place in range(len(Statement.parse(statement).items)))
