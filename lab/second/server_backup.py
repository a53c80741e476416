"""All that a server's folder holds in one sealed file, after docs/formats/server-backup.md."""

from dataclasses import dataclass

from lab.second import locked_key, values
from lab.second.canonical_json import read_document
from lab.second.envelope import open_envelope
from lab.second.flow import Flow
from lab.second.hkdf import hkdf
from lab.second.hybrid import HybridKey
from lab.second.refused import malformed, newer

MAGIC = b"tipline server backup\n"
LOCKED = slice(23, 143)
LABEL = b"tipline/v1/rest/server-backup"
HEAD_LIMIT = 262_144
FIELDS = ("files", "schema_version")
SCHEMA = 2
MOST_FILES, FILE_LIMIT = 1000, 16_777_216
VALUE_LIMIT = 1_000_000_000
END, NUMBER, TEXT, BYTES = range(4)
"""The kinds of values but for the first: there 0, which is nothing, may stand in no column."""
COLUMNS = {
    1: (TEXT, BYTES),
    2: (NUMBER, BYTES, BYTES, BYTES),
    3: (TEXT,),
    4: (BYTES, BYTES),
    5: (BYTES, NUMBER, BYTES),
    6: (BYTES, BYTES),
    7: (NUMBER, BYTES, NUMBER, BYTES),
    8: (BYTES, TEXT, TEXT, BYTES, TEXT, NUMBER, BYTES),
    9: (BYTES, BYTES, TEXT),
    10: (BYTES, BYTES, BYTES, TEXT),
    11: (BYTES, BYTES),
}
"""The kinds of the columns of each table."""
OF_THE_STORE = {"ballast", "database.key", "import.lock", "manifest-version", "run", "serve.lock", "store"} | {
    name + end for name in ("tipline.db", "bulk.db") for end in ("", "-wal", "-shm", "-journal")
}
"""Names with which no path of a file in a backup begins."""

Row = tuple[int, tuple[object, ...]]


@dataclass
class Backup:
    schema_version: int
    files: dict[str, bytes]
    rows: list[Row]


def read_name(value: object) -> str:
    """A path below the folder, no part of which is hidden, and none of the store's own."""
    if not isinstance(value, str):
        raise malformed()
    parts = value.split("/")
    if any(not part or part.startswith(".") or not part.isprintable() for part in parts):
        raise malformed()
    if parts[0] in OF_THE_STORE:
        raise malformed()
    return value


def read_lengths(value: list[object]) -> dict[str, int]:
    """The length of each file, in their order."""
    found: dict[str, int] = {}
    for entry in value:
        name, length = values.listed(entry, 2, 2)
        if read_name(name) in found:
            raise malformed()
        found[str(name)] = values.whole(length, 0, FILE_LIMIT)
    return found


def read_schema(value: object) -> int:
    if type(value) is not int or value < 1:
        raise malformed()
    if value > SCHEMA:
        raise newer()
    return value


def read_value(flow: Flow, expected: int) -> object:
    """One value, of the kind that its column has."""
    if flow.take(1)[0] != expected:
        raise malformed()
    if expected == NUMBER:
        return int.from_bytes(flow.take(8), "big", signed=True)
    length = flow.number(4)
    if length > VALUE_LIMIT:
        raise malformed()
    raw = flow.take(length)
    if expected == BYTES:
        return raw
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        raise malformed() from None


def read_rows(flow: Flow) -> list[Row]:
    """All rows up to the end, which is the last byte."""
    found: list[Row] = []
    while (table := flow.take(1)[0]) != END:
        if table not in COLUMNS:
            raise malformed()
        found.append((table, tuple(read_value(flow, kind) for kind in COLUMNS[table])))
    flow.end()
    return found


def read_backup(raw: bytes, *, passphrase: str) -> Backup:
    if raw[:22] != MAGIC or len(raw) < 23 or raw[22] == 0:
        raise malformed()
    if raw[22] > 1:
        raise newer()
    return read_sealed(raw[LOCKED.stop :], database_key=locked_key.open_key(raw[LOCKED], passphrase))


def read_sealed(envelope: bytes, *, database_key: bytes) -> Backup:
    """Read the part behind the locked key."""
    flow = open_envelope(envelope, keys=[HybridKey(hkdf(database_key, LABEL))], slots=1)
    head_bytes = flow.number(4)
    if head_bytes > HEAD_LIMIT:
        raise malformed()
    head = read_document(flow.take(head_bytes), limit=HEAD_LIMIT, name="tipline-server-backup", fields=FIELDS)
    listed = values.listed(head["files"], 0, MOST_FILES)
    schema_version = read_schema(head["schema_version"])
    lengths = read_lengths(listed)
    files = {name: flow.take(length) for name, length in lengths.items()}
    return Backup(schema_version, files, read_rows(flow))
