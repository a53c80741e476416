"""The known servers, and the position in each one's stream of bundles."""

import datetime as dt
from dataclasses import replace

from crypto.bundles.announcement import Announcement
from crypto.bundles.bundle_items import WeekClosed
from crypto.bundles.stream_position import StreamPosition
from crypto.keys.keys import PartyVerifyKey
from crypto.keys.party import Party
from crypto.primitives.week import Week
from reviewer.casebook.database import CasebookDatabase
from reviewer.errors import CasebookError


class Servers:
    """Known servers by name; nothing here checks a signature."""

    def __init__(self, small: CasebookDatabase) -> None:
        self._small = small

    def add(self, party: Party, *, today: dt.date) -> None:
        """Remember a server; one that was removed comes back as it was.

        Raises:
            CasebookError: another one has this name, or this key.
        """
        if self._small.run(
            "UPDATE servers SET removed_day = NULL WHERE party = ? AND removed_day IS NOT NULL", (party.to_bytes(),)
        ):
            return
        taken = self._small.row(
            "SELECT name FROM servers WHERE name = ? OR verify_key = ?", (party.name, party.verify_key.to_bytes())
        )
        if taken is not None:
            raise CasebookError(
                f"a server named {taken[0]} is known already",
                hint="each server needs a name of its own; it is chosen when the server is set up",
            )
        self._small.run(
            "INSERT INTO servers (name, party, verify_key, added_day) VALUES (?, ?, ?, ?)",
            (party.name, party.to_bytes(), party.verify_key.to_bytes(), today.isoformat()),
        )

    def remove(self, name: str, *, today: dt.date) -> None:
        """Take in nothing more of a server, and leave it out of the next manifest. What came from it stays.

        Raises:
            CasebookError: no such server, or it was removed before.
        """
        if not self._small.run(
            "UPDATE servers SET removed_day = ? WHERE name = ? AND removed_day IS NULL", (today.isoformat(), name)
        ):
            raise CasebookError("no server of this name is known here", hint="tipline-review servers list HOME")

    def all(self) -> list[Party]:
        """The known servers, by name, without removed ones."""
        rows = self._small.rows("SELECT party FROM servers WHERE removed_day IS NULL ORDER BY name")
        return [Party.parse(row[0]) for row in rows]

    def removed(self) -> list[tuple[Party, dt.date, dt.date]]:
        """The removed servers, with the days on which they were added and removed."""
        rows = self._small.rows(
            "SELECT party, added_day, removed_day FROM servers"
            " WHERE removed_day IS NOT NULL AND length(party) > 0 ORDER BY name"
        )
        return [
            (Party.parse(party), dt.date.fromisoformat(added), dt.date.fromisoformat(removed))
            for party, added, removed in rows
        ]

    def last_bundle(self, server: str) -> int:
        """Number of the last imported bundle of the server's present stream; 0 for none."""
        row = self._small.row(
            "SELECT coalesce(max(number), 0) FROM bundles_in JOIN streams_in USING (server, stream)"
            " WHERE server = ?",
            (server,),
        )
        return int(row[0]) if row else 0

    def stream(self, server: str) -> bytes | None:
        """The server's present stream; None before its first bundle."""
        row = self._small.row("SELECT stream FROM streams_in WHERE server = ?", (server,))
        return bytes(row[0]) if row else None

    def progress(self) -> dict[PartyVerifyKey, StreamPosition]:
        """The stream position of each server, and of each ended stream that is still read.

        A server that has sent nothing yet is not in it.
        """
        places: dict[PartyVerifyKey, StreamPosition] = {}
        for name, raw_key, stream in self._small.rows(
            "SELECT name, verify_key, stream FROM servers JOIN streams_in ON server = name"
        ):
            ended = self._small.rows(
                "SELECT DISTINCT stream FROM bundles_in WHERE server = ? AND stream <> ?", (name, stream)
            )
            places[PartyVerifyKey(raw_key)] = replace(
                self._place(stream), read_on={row[0]: self._place(row[0]) for row in ended}
            )
        return places

    def _place(self, stream: bytes) -> StreamPosition:
        digests: dict[int, bytes] = dict(
            self._small.rows("SELECT number, sha256 FROM bundles_in WHERE stream = ?", (stream,))
        )
        last = max(digests, default=0)
        return StreamPosition(stream, last, digests.pop(last, None), digests)

    def advance(self, server: str, place: StreamPosition) -> None:
        """Record an imported bundle of this server's stream, or of one that ended."""
        self._small.run("INSERT OR IGNORE INTO streams_in VALUES (?, ?)", (server, place.stream))
        self._small.run(
            "INSERT INTO bundles_in VALUES (?, ?, ?, ?)", (server, place.stream, place.number, place.last_sha256)
        )

    def confirm_stream(self, server: str, stream: bytes) -> None:
        """Accept bundles of the server in ``stream``; its earlier stream has ended.

        Of an ended stream only late submissions are still imported.
        """
        self._small.run(
            "INSERT INTO streams_in VALUES (?, ?) ON CONFLICT (server) DO UPDATE SET stream = excluded.stream",
            (server, stream),
        )

    def manifest_version(self, server: str) -> int:
        """The highest manifest version that this server's envelopes said it has seen; 0 when none did."""
        row = self._small.row("SELECT manifest_version FROM servers WHERE name = ?", (server,))
        return int(row[0]) if row else 0

    def note_manifest_version(self, server: str, version: int) -> None:
        self._small.run(
            "UPDATE servers SET manifest_version = max(manifest_version, ?) WHERE name = ?", (version, server)
        )

    def note_announcement(self, announced: Announcement, *, today: dt.date) -> None:
        """Keep the parts that a server or reviewer reads, in place of an earlier announcement."""
        self._small.run(
            "INSERT OR REPLACE INTO announcements VALUES (?, ?, ?)",
            (announced.party.to_bytes(), " ".join(announced.reads), today.isoformat()),
        )

    def parts_read_by(self, party: PartyVerifyKey) -> frozenset[str]:
        """The parts that a server or reviewer has announced; empty before its first announcement."""
        row = self._small.row("SELECT reads FROM announcements WHERE party = ?", (party.to_bytes(),))
        return frozenset(row[0].split()) if row else frozenset()

    def note_week_closed(self, server: str, closed: WeekClosed, *, stream: bytes) -> bool:
        """Keep a signed "week closed" from a bundle of ``stream``; True if it is the first in that stream.

        A repetition changes nothing.
        """
        changed = self._small.run(
            "INSERT INTO weeks_closed VALUES (?, ?, ?, ?) ON CONFLICT (server, week) DO UPDATE"
            " SET stream = excluded.stream, bundle_number = excluded.bundle_number WHERE stream <> excluded.stream",
            (server, str(closed.week), stream, closed.bundle_number),
        )
        return changed > 0

    def weeks_closed_in(self, stream: bytes, bundle_number: int) -> list[WeekClosed]:
        """The weeks closed by one bundle, if its stream is the server's present one."""
        rows = self._small.rows(
            "SELECT week FROM weeks_closed WHERE stream = ? AND bundle_number = ?", (stream, bundle_number)
        )
        return [WeekClosed(Week.parse(row[0]), bundle_number) for row in rows]

    def week_closed(self, server: str, week: Week) -> WeekClosed | None:
        """The server's "week closed" in its present stream.

        A restored server may not know a word that it gave before, and then it accepts tips for that week again.
        """
        row = self._small.row(
            "SELECT bundle_number FROM weeks_closed JOIN streams_in USING (server, stream)"
            " WHERE server = ? AND week = ?",
            (server, str(week)),
        )
        return WeekClosed(week, row[0]) if row else None

    def missing_for(self, server: str, week: Week) -> list[int]:
        """Numbers of missing bundles, up to the one that closed the week."""
        row = self._small.row(
            "SELECT stream, bundle_number FROM weeks_closed WHERE server = ? AND week = ?", (server, str(week))
        )
        if row is None:
            return []
        last = self._small.row("SELECT coalesce(max(number), 0) FROM bundles_in WHERE stream = ?", (row[0],))
        # Bundles are taken in one after another, so what is missing is what comes after the last one.
        return list(range((last[0] if last else 0) + 1, row[1] + 1))
