"""The servers that this reviewer takes bundles from, and how far each one's stream was read."""

import datetime as dt
from dataclasses import dataclass

from crypto.party import Party
from crypto.week import Week
from reviewer.casebook.database import Database
from reviewer.errors import CasebookError


@dataclass(frozen=True, slots=True)
class Place:
    """The last bundle of a stream that was taken in, or sent."""

    stream: bytes
    number: int
    last_sha256: bytes


class Servers:
    """Known servers by name; nothing here checks a signature."""

    def __init__(self, small: Database) -> None:
        self._small = small

    def add(self, party: Party, *, today: dt.date) -> None:
        """Remember a server.

        Raises:
            CasebookError: another one has this name, or this key.
        """
        taken = self._small.row(
            "SELECT name FROM servers WHERE name = ? OR verify_key = ?", (party.name, party.verify_key.to_bytes())
        )
        if taken is not None:
            raise CasebookError(
                f"a server named {taken[0]} is known already",
                hint="each server needs a name of its own; it is chosen when the server is set up",
            )
        self._small.run(
            "INSERT INTO servers VALUES (?, ?, ?, ?)",
            (party.name, party.to_bytes(), party.verify_key.to_bytes(), today.isoformat()),
        )

    def all(self) -> list[Party]:
        return [Party.parse(row[0]) for row in self._small.rows("SELECT party FROM servers ORDER BY name")]

    def place_in(self, server: str) -> Place | None:
        """How far its bundles were taken in; None before the first."""
        row = self._small.row("SELECT stream, number, last_sha256 FROM streams_in WHERE server = ?", (server,))
        return Place(*row) if row else None

    def advance_in(self, server: str, place: Place) -> None:
        self._small.run(
            "INSERT INTO streams_in (server, stream, number, last_sha256) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (server) DO UPDATE SET stream = excluded.stream, number = excluded.number,"
            " last_sha256 = excluded.last_sha256",
            (server, place.stream, place.number, place.last_sha256),
        )

    def manifest_version(self, server: str) -> int:
        """The highest manifest version that this server's envelopes said it has seen; 0 when none did."""
        row = self._small.row("SELECT manifest_version FROM streams_in WHERE server = ?", (server,))
        return int(row[0]) if row else 0

    def note_manifest_version(self, server: str, version: int) -> None:
        self._small.run(
            "UPDATE streams_in SET manifest_version = max(manifest_version, ?) WHERE server = ?", (version, server)
        )

    def note_week_closed(self, server: str, week: Week, bundle_number: int) -> None:
        """What the server signed; said twice, the first number stays."""
        self._small.run("INSERT OR IGNORE INTO weeks_closed VALUES (?, ?, ?)", (server, str(week), bundle_number))

    def week_closed_at(self, server: str, week: Week) -> int | None:
        """The number of the bundle with which the server closed the week."""
        row = self._small.row(
            "SELECT bundle_number FROM weeks_closed WHERE server = ? AND week = ?", (server, str(week))
        )
        return int(row[0]) if row else None
