"""The file of a server's backup: a later schema, and rows whose values are not of their columns."""

import hashlib
import io
from collections.abc import Sequence
from typing import Any

import pytest

from crypto.age.envelope import open_envelope
from crypto.errors import Malformed, NewerFormat
from crypto.passphrases.locked_key import unlock_key
from crypto.primitives.byte_source import ExactSource
from tests.crypto.vector_outcome import outcome_of
from tests.vectors.book import VectorBook, bytes_of
from tipline.operations import backup_file
from tipline.store.copying import ROWS_VERSION, TABLES, CopiedRow, Value

VECTORS = list(VectorBook("server_backup"))


def test_a_store_of_any_later_schema_is_newer() -> None:
    for schema in (ROWS_VERSION + 1, 1001, 2**40):
        head = backup_file.head_bytes([])[4:].replace(b'version":%d}' % ROWS_VERSION, b'version":%d}' % schema)
        with pytest.raises(NewerFormat, match=f"schema version {schema}"):
            backup_file.read_head(ExactSource(io.BytesIO(len(head).to_bytes(4, "big") + head)))


@pytest.mark.parametrize("table", TABLES)
def test_a_column_takes_neither_nothing_nor_another_kind(table: str) -> None:
    sound: list[Value] = [{int: 1, str: "a", bytes: b"a"}[kind] for kind in TABLES[table].values()]
    assert read_rows(table, sound) == [CopiedRow(table, tuple(sound))]
    for at, value in enumerate(sound):
        for other in (None, 1, "a", b"a"):
            if type(other) is not type(value):
                with pytest.raises(Malformed, match="value of a backup"):
                    read_rows(table, [*sound[:at], other, *sound[at + 1 :]])


def test_there_are_vectors() -> None:
    assert len(VECTORS) >= 25


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_a_vector_has_the_outcome_that_it_names(vector: dict[str, Any]) -> None:
    def read() -> None:
        backup = io.BytesIO(bytes_of(vector["backup"]))
        key = backup_file.backup_key(unlock_key(backup_file.read_front(backup), vector["passphrase"]))
        source = ExactSource(open_envelope(backup, keys=[key], slots=1))
        files = [(name, source.exactly(length, what="file")) for name, length in backup_file.read_head(source)]
        told = [[name, len(raw), hashlib.sha256(raw).hexdigest()] for name, raw in files]
        rows = [
            [
                1 + list(TABLES).index(row.table),
                [one.hex() if isinstance(one, bytes) else one for one in row.values],
            ]
            for row in backup_file.rows_in(source)
        ]
        assert (told, rows) == (vector["files"], vector["rows"])

    assert outcome_of(read) == vector["outcome"]


def read_rows(table: str, values: Sequence[Value]) -> list[CopiedRow]:
    raw = b"".join(backup_file.row_bytes(CopiedRow(table, tuple(values)))) + backup_file.END
    return list(backup_file.rows_in(ExactSource(io.BytesIO(raw))))
