"""Values of ``docs/formats/announcement.md``."""

from crypto.bundles import announcement, bundle_statement
from tests.crypto.page_constants.bundle import magic
from tests.crypto.page_constants.reading import Said

KEY, SIGNATURE, LABEL = announcement.KEY_BYTES, announcement.SIGNATURE_BYTES, announcement.LABEL
DOCUMENT, NAMES = f"{announcement.DOCUMENT_BYTES:,}", announcement.MOST_PARTS

SAID: Said = (
    f"| 0 | {len(announcement.MAGIC)} | magic | {magic(announcement.MAGIC)} |",
    f"| {len(announcement.MAGIC)} | 1 | version | {announcement.VERSION} |",
    f"| {announcement.PARTY_AT} | {KEY} | party |",
    f"| {announcement.SIGNATURE_AT} | {SIGNATURE} | signature |",
    f"`{LABEL[:-1].decode()}` 0x{LABEL[-1]:02X} ‖ document |",
    f"| {announcement.HEAD_BYTES} | | document |",
    f"at most {DOCUMENT} bytes |",
    f"| `{announcement.FORMAT}`, {announcement.FORMAT_VERSION} |",
    "the root key of the organisation, 64 hex digits |",
    f"| `reads` | 1 to {NAMES} names of parts, sorted, none twice; a name has 1 to {announcement.LONGEST_NAME} of",
    "`0`–`9` and `-`",
    f"| {announcement.HEAD_BYTES + 1} to {announcement.LONGEST_BYTES:,} bytes, and the magic | malformed |",
    "| the version: not 0 | malformed |",
    f"| the version: not above {announcement.VERSION} | **newer** |",
    f"{DOCUMENT} bytes of document, {NAMES} names.",
    f"The byte at {len(announcement.MAGIC)} and `format_version`: above {announcement.FORMAT_VERSION} each",
    f"an announcement has format version {bundle_statement.LATER_FORMAT_VERSION}.",
)
