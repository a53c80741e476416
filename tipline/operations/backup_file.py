"""The file of a server's backup, byte by byte: ``docs/formats/server-backup.md``."""

import struct
from collections.abc import Iterator, Sequence
from typing import Final

from crypto.errors import Malformed, NewerFormat
from crypto.keys.at_rest import RestKey
from crypto.keys.keys import HybridSecretKey
from crypto.primitives import canonical_json
from crypto.primitives.byte_source import ByteSource, ExactSource
from crypto.primitives.canonical_json import Fields
from tipline.store.copying import ROWS_VERSION, TABLES, CopiedRow, Value

MAGIC: Final = b"tipline server backup\n"
VERSION: Final = 1
FORMAT: Final = "tipline-server-backup"
LABEL: Final = "server-backup"
MOST_FILES: Final = 1000
LONGEST_FILE_BYTES: Final = 16 << 20
LONGEST_HEAD_BYTES: Final = 256 << 10
LONGEST_VALUE_BYTES: Final = (
    1_000_000_000  # the most that SQLite keeps in one value: whatever is backed up comes back
)
LOCKED_BYTES: Final = 120
_LENGTH: Final = struct.Struct(">I")
_INTEGER: Final = struct.Struct(">q")
_NULL, _WHOLE_NUMBER, _TEXT, _BYTES = range(4)
END: Final = b"\0"
_TABLE_NAMES: Final = tuple(TABLES)
NOT_IN_A_BACKUP: Final = frozenset(
    {"ballast", "database.key", "manifest-version", "serve.lock", "import.lock", "run", "store"}
    | {f"{name}{ending}" for name in ("tipline.db", "bulk.db") for ending in ("", "-wal", "-shm", "-journal")}
)
"""Names in the folder that are no files of a backup: it holds their content as rows, or it must not."""


def row_bytes(row: CopiedRow) -> Iterator[bytes]:
    """Encode one row, in pieces."""
    yield bytes([1 + _TABLE_NAMES.index(row.table)])
    for value in row.values:
        match value:
            case None:
                yield bytes([_NULL])
            case int():
                yield bytes([_WHOLE_NUMBER]) + _INTEGER.pack(value)
            case str():
                raw = value.encode()
                yield bytes([_TEXT]) + _LENGTH.pack(len(raw)) + raw
            case bytes():
                yield bytes([_BYTES]) + _LENGTH.pack(len(value))
                yield value


def read_front(backup: ByteSource) -> bytes:
    """The locked database key; what follows in ``backup`` is the envelope.

    Raises:
        Malformed, NewerFormat: not a backup, or a later one.
    """
    front = backup.read(len(MAGIC) + 1)
    if front[:-1] != MAGIC:
        raise Malformed("backup must begin with its magic")
    if front[-1] > VERSION:
        raise NewerFormat(f"backup is of a newer version than {VERSION}")
    if front[-1] < VERSION:
        raise Malformed(f"version of a backup must be {VERSION}")
    return backup.read(LOCKED_BYTES)


def backup_key(database_key: bytes) -> HybridSecretKey:
    """Return the key that backups are sealed to; only the database key opens them."""
    return HybridSecretKey(RestKey(database_key).derive(LABEL).seed())


def front_bytes(locked_key: bytes) -> bytes:
    """Encode the part before the envelope."""
    return MAGIC + bytes([VERSION]) + locked_key


def head_bytes(files: Sequence[tuple[str, int]]) -> bytes:
    """The first bytes in the envelope."""
    head = canonical_json.to_bytes(
        {
            "files": [[name, length] for name, length in files],
            "format": FORMAT,
            "format_version": VERSION,
            "schema_version": ROWS_VERSION,
        }
    )
    return _LENGTH.pack(len(head)) + head


def read_head(source: ExactSource) -> list[tuple[str, int]]:
    """Names and lengths of the files that follow.

    Raises:
        Malformed, NewerFormat.
    """
    (length,) = _LENGTH.unpack(source.exactly(_LENGTH.size, what="backup"))
    if length > LONGEST_HEAD_BYTES:
        raise Malformed(f"head of a backup must have at most {LONGEST_HEAD_BYTES} bytes")
    fields = Fields.of_document(
        source.exactly(length, what="backup"), format_name=FORMAT, version=VERSION, limit_bytes=LONGEST_HEAD_BYTES
    )
    listed = fields.array("files", most=MOST_FILES)
    schema = fields.number("schema_version", least=1)
    fields.close()
    if schema > ROWS_VERSION:
        raise NewerFormat(f"backup holds a store of schema version {schema}, and {ROWS_VERSION} is known here")
    files: list[tuple[str, int]] = []
    for entry in listed:
        match entry:
            case [str(untrusted_name), int(length)] if type(length) is int and 0 <= length <= LONGEST_FILE_BYTES:
                files.append((_checked_name(untrusted_name), length))
            case _:
                raise Malformed("files of a backup must be listed by name and length")
    if len({name for name, _length in files}) != len(files):
        raise Malformed("files of a backup must have different names")
    return files


def _checked_name(untrusted_name: str) -> str:
    """A path below the folder, of what a backup may hold."""
    parts = untrusted_name.split("/")
    if not all(part and part[0] != "." and part.isprintable() for part in parts) or parts[0] in NOT_IN_A_BACKUP:
        raise Malformed("file of a backup must lie in the folder, and be none of the store's")
    return untrusted_name


def rows_in(source: ExactSource) -> Iterator[CopiedRow]:
    """Yield all rows to the end of the backup.

    Raises:
        Malformed: cut, changed or added to.
    """
    while place := source.exactly(1, what="backup")[0]:
        if place > len(_TABLE_NAMES):
            raise Malformed("row of a backup must be of a known table")
        table = _TABLE_NAMES[place - 1]
        yield CopiedRow(table, tuple(_read_value(source, kind) for kind in TABLES[table].values()))
    if source.up_to(1):
        raise Malformed("nothing must follow the end of a backup")


def _read_value(source: ExactSource, expected: type[bytes | str | int]) -> Value:
    value = _read_any_value(source)
    if not isinstance(value, expected):
        raise Malformed("value of a backup must be of the kind that its column has")
    return value


def _read_any_value(source: ExactSource) -> Value:
    kind = source.exactly(1, what="backup")[0]
    if kind == _NULL:
        return None
    if kind == _WHOLE_NUMBER:
        return int(_INTEGER.unpack(source.exactly(_INTEGER.size, what="backup"))[0])
    if kind not in {_TEXT, _BYTES}:
        raise Malformed("value of a backup must be of a known kind")
    (length,) = _LENGTH.unpack(source.exactly(_LENGTH.size, what="backup"))
    if length > LONGEST_VALUE_BYTES:
        raise Malformed(f"value of a backup must have at most {LONGEST_VALUE_BYTES} bytes")
    raw = source.exactly(length, what="backup")
    if kind == _BYTES:
        return raw
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        raise Malformed("text of a backup must be UTF-8") from error
