"""Values of ``docs/formats/bundle.md``."""

from crypto import bundle, bundle_file, statement
from reviewer import outbox
from tests.crypto.page_constants.reading import Said, power

KEY, SIGNATURE, LENGTH = bundle._KEY_BYTES, bundle._SIGNATURE_BYTES, bundle._LENGTH_BYTES
SENDER_AT = len(bundle.MAGIC) + 1
SIGNATURE_AT = SENDER_AT + KEY
LENGTH_AT = SIGNATURE_AT + SIGNATURE
MIB = statement.LONGEST_BYTES // 2**20
ITEMS, ITEM = f"{statement.MOST_ITEMS:,}", power(statement.LARGEST_ITEM_BYTES)
PIECE = f"{bundle_file.LONGEST_PIECE_BYTES:,}"
LABEL = statement._LABEL


def magic(raw: bytes) -> str:
    return f"`{raw[:-1].decode()}` 0x{raw[-1]:02X}"


SAID: Said = (
    f"| 0 | {len(bundle.MAGIC)} | magic | {magic(bundle.MAGIC)} |",
    f"| {len(bundle.MAGIC)} | 1 | version | {bundle.VERSION}; a higher one is **newer** |",
    f"| {SENDER_AT} | {KEY} | sender | Ed25519 public key |",
    f"| {SIGNATURE_AT} | {SIGNATURE} | signature |",
    f"`{LABEL[:-1].decode()}` 0x{LABEL[-1]:02X} ‖ statement |",
    f"| {LENGTH_AT} | {LENGTH} | statement_bytes | at most {MIB} MiB |",
    f"| {LENGTH_AT + LENGTH} | | statement |",
    f"| 1 | presence | of the first item: {bundle._PRESENT[0]} there, {bundle._ABSENT[0]} deleted;",
    f"only where presence is {bundle._PRESENT[0]};",
    f"[Canonical JSON], at most {MIB} MiB.",
    f"`{statement.FORMAT}`, {statement.FORMAT_VERSION} |",
    f"| 1 to {statement.MOST_RECEIVERS} of `[signature key, since]`",
    "`since` from 1 to `number`",
    f"| `stream` | {statement.STREAM_BYTES} random bytes |",
    f"| `number` | 1 to {power(statement.LARGEST_NUMBER)} |",
    "`null` in number 1 and there only",
    f"| to {ITEMS} of `[type, SHA-256, length]`; length 1 to {ITEM} |",
    "counts only after 11:",
    "the last number (0 for none)",
    "e = max(n + 1, s)",
    "begins at n = 0 and",
    "number = e = n + 1,",
    "a backup of number 40, while we stand at 50, signs *other* bundles 41 to 50.",
    f"{statement.DIGEST_BYTES} bytes a bundle are a small price",
    "s > n + 1;",
    f"| {len(bundle_file.MAGIC)} | magic | {magic(bundle_file.MAGIC)} |",
    f"| 1 | version | {bundle_file.VERSION}; a higher one is newer |",
    f"| {bundle_file._LENGTH_BYTES} | piece_bytes | 1 to {PIECE}:",
    f"{int.from_bytes(bundle_file._END_OF_BUNDLE, 'big')}: this bundle ends",
    f"0x{bundle_file._END_OF_FILE.hex().upper()} instead",
    f"at most {MIB} MiB and {ITEMS} items, an item at most {ITEM} bytes, a piece of a FILE at most {PIECE} bytes",
    f"{bundle._PIECE_BYTES // 1024} KiB of an item",
    f"in multiples of {outbox.REPLIES_MULTIPLE}, dummies",
    (
        f"The bytes at {len(bundle.MAGIC)} of bundle and FILE, and the statement's `format_version`: above"
        f" {bundle.VERSION} each"
    ),
)
