"""Values of ``docs/formats/hand-over.md``."""

from crypto.hand_over import hand_over_file as case
from crypto.hand_over import key_file, statement
from crypto.keys import fingerprint, keys
from tests.crypto.page_constants.bundle import magic
from tests.crypto.page_constants.reading import Said

KEY_AT = len(case.MAGIC) + 1
SIGNATURE_AT = KEY_AT + case.KEY_BYTES
LENGTH_AT = SIGNATURE_AT + case.SIGNATURE_BYTES
STATEMENT_AT = LENGTH_AT + case.LENGTH_BYTES
LONGEST_MIB = statement.LONGEST_BYTES >> 20
LABEL, TIP_LABEL = case._LABEL, statement._TIP_LABEL
TOLD = ", ".join(f"`{word}`" for word in statement.TOLD[:-1]) + f" or `{statement.TOLD[-1]}`"
FILES = (
    f"`[name, media type, length, SHA-256]`: at most {statement.FILE_NAME_BYTES:,} and {statement.MEDIA_TYPE_BYTES}"
)
TIP_SAID = f"`{TIP_LABEL[:-1].decode()}` 0x{TIP_LABEL[-1]:02X}"
NAME, VALUE = statement.FIELD_NAME_BYTES, f"{statement.FIELD_VALUE_BYTES:,}"
FIELDS = f"to {statement.MOST_FIELDS:,} of `[name, value]`: 1 to {NAME} and at most {VALUE} bytes of UTF-8 |"

SAID: Said = (
    f"at most {key_file.LONGEST_FILE_BYTES:,} bytes.",
    f"`{key_file.FORMAT}`, {key_file.FORMAT_VERSION} |",
    f"1 to {key_file.LONGEST_ORGANISATION} printable characters |",
    f"`{keys.HYBRID_PREFIX}1…`: bundles",
    f"{2 * case.KEY_BYTES} hex digits: signs",
    f"SHA-256(`{fingerprint._HAND_OVER.decode()}` ‖ the bytes of the file)",
    f"| 0 | {len(case.MAGIC)} | magic | {magic(case.MAGIC)} |",
    f"| {len(case.MAGIC)} | 1 | version | {case.VERSION}; a higher one is **newer** |",
    f"| {KEY_AT} | {case.KEY_BYTES} | sender |",
    f"| {SIGNATURE_AT} | {case.SIGNATURE_BYTES} | signature |",
    f"`{LABEL[:-1].decode()}` 0x{LABEL[-1]:02X} ‖ statement |",
    f"| {LENGTH_AT} | {case.LENGTH_BYTES} | statement_bytes | 1 to {LONGEST_MIB} MiB |",
    f"| {STATEMENT_AT} | | statement |",
    f"`{statement.FORMAT}`, {statement.FORMAT_VERSION} |",
    f"| {statement.ID_BYTES} random bytes in hex |",
    f"1 to {statement.MOST_TIPS} tips |",
    f"{TOLD} |",
    FIELDS,
    f"to {statement.MOST_FILES:,} of {FILES} bytes of UTF-8; length to 2^40 |",
    f"| {statement.DIGEST_BYTES} bytes in hex: SHA-256({TIP_SAID} ‖ SHA-256 of its envelope) |",
    f"## Limits A statement has at most {LONGEST_MIB} MiB.",
    f"The byte at {len(case.MAGIC)}, and `format_version` in the statement and in the key file: above {case.VERSION} each",
)
