"""Items that a bundle lists but did not contain, and how long they are awaited.

What a server has signed as deleted is not awaited. All else is, until its bytes come or staff give it up: what was
withheld as a disk is damaged, and what is missing without a signature, since a fellow reviewer who carries could
have left it out.
"""

import datetime as dt
from dataclasses import dataclass

from crypto.bundles.bundle import AbsentItem, ItemType, Statement
from crypto.primitives.week import Week
from reviewer.casebook.database import CasebookDatabase
from reviewer.languages.staff_language import said

_AWAITED = """mark <> 'deleted' AND given_up_day IS NULL
    AND (type <> 'submission' OR NOT EXISTS
        (SELECT 1 FROM known_envelopes AS known WHERE known.envelope_sha256 = absent_items.sha256))"""
_COLUMNS = "server, stream, bundle, item, type, sha256, length_bytes, day"


@dataclass(frozen=True, slots=True)
class AwaitedItem:
    """``item`` is its place in the bundle, from 1; ``day`` is the day since which it is missing."""

    server: str
    stream: bytes
    bundle: int
    item: int
    type: ItemType
    sha256: bytes
    length_bytes: int
    day: dt.date

    @property
    def name(self) -> str:
        """The name used to give it up: stream, bundle and item."""
        return f"{self.stream.hex()}:{self.bundle}:{self.item}"

    def __str__(self) -> str:
        return said(
            "item %(item)s of bundle %(bundle)s of server %(server)s (%(type)s, missing since %(day)s, stream"
            " %(stream)s)",
            item=self.item,
            bundle=self.bundle,
            server=self.server,
            type=self.type,
            day=self.day.isoformat(),
            stream=self.stream.hex(),
        )


class AwaitedItems:
    """Rows of absent items; each method is part of the caller's change, or a change of its own."""

    def __init__(self, small: CasebookDatabase) -> None:
        self._small = small

    def note(self, server: str, statement: Statement, absent: AbsentItem, *, sealing: int, today: dt.date) -> bool:
        """Keep the mark that ``sealing`` gives a missing item (0: not signed); True if the mark is new.

        A mark of a higher or the same sealing is kept.
        """
        before = self._small.row(
            "SELECT mark, sealing FROM absent_items WHERE stream = ? AND bundle = ? AND item = ?",
            (statement.stream, statement.number, absent.number),
        )
        mark = absent.mark.name.lower()
        if before is None:
            entry = absent.entry
            self._small.run(
                "INSERT INTO absent_items VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)",
                (
                    *(server, statement.stream, statement.number, absent.number),
                    *(entry.type.value, entry.sha256, entry.length, mark, sealing, today.isoformat()),
                ),
            )
            return True
        if sealing <= before[1]:
            return False
        self._small.run(
            "UPDATE absent_items SET mark = ?, sealing = ? WHERE stream = ? AND bundle = ? AND item = ?",
            (mark, sealing, statement.stream, statement.number, absent.number),
        )
        return bool(before[0] != mark)

    def came(self, statement: Statement, sha256: bytes) -> None:
        """Its bytes are here now."""
        self._small.run(
            "DELETE FROM absent_items WHERE stream = ? AND bundle = ? AND sha256 = ?",
            (statement.stream, statement.number, sha256),
        )

    def end_stream(self, server: str, *, but: bytes) -> None:
        """Forget marks of this server's earlier streams, and its closed weeks: a new stream has begun.

        Items of the earlier streams are no longer awaited.
        """
        self._small.run(
            "DELETE FROM absent_items WHERE server = ? AND stream <> ? AND type <> 'submission'", (server, but)
        )

    def all(self) -> list[AwaitedItem]:
        """The awaited items, by server and in order."""
        rows = self._small.rows(
            f"SELECT {_COLUMNS} FROM absent_items WHERE {_AWAITED} ORDER BY server, stream, bundle, item"  # noqa: S608
        )
        return [
            AwaitedItem(
                server=row[0],
                stream=row[1],
                bundle=row[2],
                item=row[3],
                type=ItemType(row[4]),
                sha256=row[5],
                length_bytes=row[6],
                day=dt.date.fromisoformat(row[7]),
            )
            for row in rows
        ]

    def any_of(self, statement: Statement) -> bool:
        """True if an item of this bundle is awaited."""
        found = self._small.row(
            f"SELECT 1 FROM absent_items WHERE stream = ? AND bundle = ? AND {_AWAITED}",  # noqa: S608
            (statement.stream, statement.number),
        )
        return found is not None

    def may_be_of(self, week: Week) -> list[AwaitedItem]:
        """Awaited submissions that may be sealed to keys of ``week``.

        Left out are those for which the server has signed, in an earlier bundle of the same stream, that the week
        is closed.
        """
        return [
            one
            for one in self.all()
            if one.type is ItemType.SUBMISSION
            and self._small.row(
                "SELECT 1 FROM weeks_closed WHERE week = ? AND stream = ? AND bundle_number < ?",
                (str(week), one.stream, one.bundle),
            )
            is None
        ]

    def holds_receipts(self, server: str) -> bool:
        """True if an item other than a submission is awaited in the server's present stream.

        A server with receipts for all submissions of a bundle counts the bundle as done and does not send it again.
        """
        found = self._small.row(
            "SELECT 1 FROM absent_items JOIN streams_in USING (server, stream)"  # noqa: S608
            f" WHERE server = ? AND type <> 'submission' AND {_AWAITED}",
            (server,),
        )
        return found is not None

    def give_up(self, item: AwaitedItem, *, today: dt.date) -> None:
        """Stop awaiting the item. It is still imported if it comes."""
        self._small.run(
            "UPDATE absent_items SET given_up_day = ? WHERE stream = ? AND bundle = ? AND item = ?",
            (today.isoformat(), item.stream, item.bundle, item.item),
        )
