"""Copies a store as one run of rows, and makes a new store from it: for backups.

The rows are those of one moment, though a server goes on receiving. What was being received or deleted at that
moment is left out, and so is what this server has signed: a store that was restored begins a new stream of bundles.
So are replies: the words open them for ever, and a copy would bring back what a source has deleted since, or has
given up with its old words. The reviewers' next outbox brings those that still wait. So are receipts: a reviewer's
machine may have died since, and lack what it had receipted then.
"""

import contextlib
import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from tipline.store.errors import StoreError
from tipline.store.store import Store

Value = bytes | str | int | None

_BATCH_BYTES: Final = 16 << 20
PIECES: Final = "pieces"
ROWS_VERSION: Final = 2
"""The schema version in a backup: that of the last schema that changed the columns of these tables."""
TABLES: Final[dict[str, dict[str, type[bytes | str | int]]]] = {
    "settings": {"name": str, "setting": bytes},
    "manifests": {"version": int, "sha256": bytes, "raw": bytes, "signature": bytes},
    "closed_weeks": {"week": str},
    "senders": {"sender": bytes, "stream": bytes},
    "statements_read": {"sender": bytes, "number": int, "sha256": bytes},
    "ended_streams": {"sender": bytes, "stream": bytes},
    PIECES: {"id": int, "submission": bytes, "place": int, "sealed": bytes},
    "submissions": {
        "id": bytes,
        "state": str,
        "week": str,
        "manifest_sha256": bytes,
        "day": str,
        "length": int,
        "sha256": bytes,
    },
    "receipts": {"sha256": bytes, "reviewer": bytes, "day": str},
    "replies": {"id": bytes, "salt": bytes, "tag": bytes, "day": str},
    "reply_envelopes": {"id": bytes, "envelope": bytes},
}
"""The tables in the order of a backup, with their columns, none of which may be NULL.

``pieces`` stand before their submission.
"""


_LEFT_OUT: Final = frozenset({"receipts", "replies", "reply_envelopes"})
"""Read, as older backups have them, but not kept."""


@dataclass(frozen=True, slots=True)
class CopiedRow:
    """A row of one of :data:`TABLES`."""

    table: str
    values: tuple[Value, ...]


def rows_of(store: Store, left_out: list[bytes]) -> Iterator[CopiedRow]:
    """Yield every row, as of the moment of the first. Memory does not grow with the store.

    ``left_out`` gets the ids of submissions that are not whole: deleted since, or damaged.

    Raises:
        StoreError.
    """
    with store._small.snapshot() as small:  # noqa: SLF001 -- of this package
        for table in ("settings", "manifests", "closed_weeks", "senders", "statements_read", "ended_streams"):
            yield from _rows(small, table)
        query = f"SELECT {', '.join(TABLES['submissions'])} FROM submissions WHERE state = 'complete'"  # noqa: S608
        for row in small.execute(query).fetchall():
            # It was deleted since, on all its receipts: it needs no copy.
            pieces = store._bulk.rows("SELECT id FROM pieces WHERE submission = ? ORDER BY place", (row[0],))  # noqa: SLF001
            length = 0
            for (piece_id,) in pieces:
                piece = store._bulk.row(  # noqa: SLF001
                    f"SELECT {', '.join(TABLES[PIECES])} FROM pieces WHERE id = ?",  # noqa: S608
                    (piece_id,),
                )
                if piece is not None:
                    length += len(piece[3])
                    yield CopiedRow(PIECES, piece)
            if length == row[5]:
                yield CopiedRow("submissions", row)
            else:
                left_out.append(row[0])


def fill(store: Store, rows: Iterable[CopiedRow]) -> int:
    """Put rows into a store that was just created.

    Returns:
        The number of submissions.

    Raises:
        StoreError: a row breaks the rules of the schema, or the disk is full.
    """
    submissions = 0
    for table, batch in _batches(rows):
        columns = TABLES[table]
        if any(len(values) != len(columns) for values in batch):
            raise StoreError(f"each row of {table} must have {len(columns)} values")
        if table in _LEFT_OUT:
            continue
        database = store._bulk if table == PIECES else store._small  # noqa: SLF001 -- of this package
        insert = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"  # noqa: S608
        with database.transaction() as connection:
            connection.executemany(insert, batch)
        submissions += len(batch) if table == "submissions" else 0
    store.submissions.sweep_unfinished()
    store.beat()
    return submissions


def _batches(rows: Iterable[CopiedRow]) -> Iterator[tuple[str, list[tuple[Value, ...]]]]:
    """Yield rows of one table after the other, some megabytes at a time.

    Each commit costs the disk four flushes.
    """
    for table, group in itertools.groupby(rows, key=lambda row: row.table):
        batch: list[tuple[Value, ...]] = []
        size = 0
        for row in group:
            batch.append(row.values)
            size += sum(len(value) for value in row.values if isinstance(value, bytes))
            if size >= _BATCH_BYTES:
                yield table, batch
                batch, size = [], 0
        if batch:
            yield table, batch


def _rows(small: Any, table: str) -> Iterator[CopiedRow]:
    cursor = small.execute(f"SELECT {', '.join(TABLES[table])} FROM {table}")  # noqa: S608 -- our own names
    with contextlib.closing(cursor):
        for row in cursor:
            yield CopiedRow(table, tuple(row))
