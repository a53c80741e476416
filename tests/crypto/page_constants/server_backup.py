"""Values of ``docs/formats/server-backup.md``."""

from crypto.primitives import _hybrid
from tests.crypto.page_constants.reading import Said
from tipline.bundles import week_closing
from tipline.operations import backup_file
from tipline.store.copying import ROWS_VERSION, TABLES

MAGIC = len(backup_file.MAGIC)
HEAD, FILES = f"{backup_file.LONGEST_HEAD_BYTES:,}", f"{backup_file.MOST_FILES:,}"
FILE, VALUE = f"{backup_file.LONGEST_FILE_BYTES:,}", f"{backup_file.LONGEST_VALUE_BYTES:,}"
KINDS = {int: "number", str: "text", bytes: "bytes"}
ROWS = tuple(
    f"| {place} `{table}` | {', '.join(f'`{name}` {KINDS[kind]}' for name, kind in columns.items())} |"
    for place, (table, columns) in enumerate(TABLES.items(), start=1)
)

SAID: Said = (
    f"| 0 | {MAGIC} | `{backup_file.MAGIC.decode().strip()}` and a line feed |",
    f"| {MAGIC} | 1 | version, {backup_file.VERSION} |",
    f"| {MAGIC + 1} | {backup_file.LOCKED_BYTES} | the database key",
    f"| {MAGIC + 1 + backup_file.LOCKED_BYTES} | … | one age file",
    f"`tipline/v1/rest/{backup_file.LABEL}`",
    f"| {backup_file._LENGTH.size} | length of the head, big-endian, at most {HEAD} |",
    f"| {len(backup_file.END)} | {backup_file.END[0]}: the end |",
    f"`{backup_file.FORMAT}`), `format_version` ({backup_file.VERSION}), `schema_version` (of the store, {ROWS_VERSION}; 1 was the first)",
    f"at most {FILES} arrays of name and length, at most {FILE} bytes each",
    f"`files` an array of at most {FILES}",
    f"of the database key, without salt, {_hybrid.SEED_BYTES} bytes, with the label",
    "A `schema_version` below 1 is malformed",
    "text (UTF-8)",
    *ROWS,
    f"Kind {backup_file._NULL} is nothing (NULL)",
    f"no column of the schemas 1 and {ROWS_VERSION} may be nothing",
    f"then: {backup_file._WHOLE_NUMBER} a whole number in {backup_file._INTEGER.size} bytes",
    f"{backup_file._TEXT} text (UTF-8), or {backup_file._BYTES} bytes, with a length of {backup_file._LENGTH.size} bytes before it, at most {VALUE} (what SQLite keeps",
    f"A head of {HEAD} bytes, {FILES} files of {FILE} bytes each, values of {VALUE} bytes.",
    f"only after {week_closing.DAYS_FOR_OLD_FILES} counted days",
    f"The byte at {MAGIC},",
)
