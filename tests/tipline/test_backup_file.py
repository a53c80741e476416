"""The file of a server's backup: a later schema, and rows whose values are not of their columns."""

import io
from collections.abc import Sequence

import pytest

from crypto.byte_source import ExactSource
from crypto.errors import Malformed, NewerFormat
from tipline import backup_file
from tipline.store.copying import TABLES, CopiedRow, Value
from tipline.store.store import SMALL_VERSION


def test_a_store_of_any_later_schema_is_newer() -> None:
    for schema in (SMALL_VERSION + 1, 1001, 2**40):
        head = backup_file.head_bytes([])[4:].replace(b'version":%d}' % SMALL_VERSION, b'version":%d}' % schema)
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


def read_rows(table: str, values: Sequence[Value]) -> list[CopiedRow]:
    raw = b"".join(backup_file.row_bytes(CopiedRow(table, tuple(values)))) + backup_file.END
    return list(backup_file.rows_in(ExactSource(io.BytesIO(raw))))
