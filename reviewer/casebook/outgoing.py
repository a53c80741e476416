"""Bundles that went out to each server: kept signed, so that one that got lost can be written again."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from reviewer.casebook.database import Database
from reviewer.casebook.servers import Place

KEPT_DAYS = 60


@dataclass(frozen=True, slots=True)
class OutgoingBundle:
    """One signed statement and the payloads of its items, in the order of the statement."""

    server: str
    number: int
    statement: bytes = field(repr=False)
    signature: bytes = field(repr=False)
    payloads: tuple[bytes, ...] = field(repr=False)


class Outgoing:
    """One stream a server, numbered from 1."""

    def __init__(self, small: Database) -> None:
        self._small = small

    def place(self, server: str) -> tuple[bytes, int, bytes | None] | None:
        """Stream, last number and its digest; None before the first bundle."""
        row = self._small.row("SELECT stream, number, last_sha256 FROM streams_out WHERE server = ?", (server,))
        return (row[0], int(row[1]), row[2]) if row else None

    def add(
        self,
        server: str,
        place: Place,
        *,
        statement: bytes,
        signature: bytes,
        payloads: Sequence[bytes],
        today: dt.date,
    ) -> None:
        """The next bundle of a server's stream."""
        self._small.run(
            "INSERT INTO streams_out VALUES (?, ?, ?, ?)"
            " ON CONFLICT (server) DO UPDATE SET number = excluded.number, last_sha256 = excluded.last_sha256",
            (server, place.stream, place.number, place.last_sha256),
        )
        self._small.run(
            "INSERT INTO bundles_out VALUES (?, ?, ?, ?, ?)",
            (server, place.number, statement, signature, today.isoformat()),
        )
        for item, payload in enumerate(payloads):
            self._small.run(
                "INSERT INTO bundle_items_out VALUES (?, ?, ?, ?)", (server, place.number, item, payload)
            )

    def since(self, server: str, number: int) -> list[OutgoingBundle]:
        """All that are still kept, from ``number`` on."""
        rows = self._small.rows(
            "SELECT number, statement, signature FROM bundles_out WHERE server = ? AND number >= ? ORDER BY number",
            (server, number),
        )
        return [OutgoingBundle(server, row[0], row[1], row[2], self._payloads(server, row[0])) for row in rows]

    def drop_old(self, *, today: dt.date) -> None:
        """Forget bundles whose replies have ended on the servers anyway."""
        last = (today - dt.timedelta(days=KEPT_DAYS)).isoformat()
        self._small.run("DELETE FROM bundles_out WHERE day < ?", (last,))

    def _payloads(self, server: str, number: int) -> tuple[bytes, ...]:
        rows = self._small.rows(
            "SELECT payload FROM bundle_items_out WHERE server = ? AND number = ? ORDER BY place", (server, number)
        )
        return tuple(row[0] for row in rows)
