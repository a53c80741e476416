"""Values of ``docs/formats/bundle.md``."""

from crypto.bundles import bundle, bundle_file, bundle_head, bundle_statement, presence
from reviewer.exchange import outbox
from tests.crypto.page_constants.reading import Said, power

KEY, SIGNATURE, LENGTH = bundle_head.KEY_BYTES, bundle_head.SIGNATURE_BYTES, bundle_head.LENGTH_BYTES
MAGIC, VERSION, FIRST = bundle_head.MAGIC, bundle_head.VERSION, bundle_head.VERSION_WITHOUT_MARKS
THERE, DELETED, WITHHELD = presence.Mark.THERE, presence.Mark.DELETED, presence.Mark.WITHHELD
SENDER_AT = len(MAGIC) + 1
SIGNATURE_AT = SENDER_AT + KEY
LENGTH_AT = SIGNATURE_AT + SIGNATURE
MIB = bundle_statement.LONGEST_BYTES // 2**20
ITEMS, ITEM = f"{bundle_statement.MOST_ITEMS:,}", power(bundle_statement.LARGEST_ITEM_BYTES)
PIECE = f"{bundle_file.LONGEST_PIECE_BYTES:,}"
SHARED = bundle_statement.LATER_FORMAT_VERSION
LABEL, PRESENCE_LABEL = bundle_statement._LABEL, presence._LABEL


def magic(raw: bytes) -> str:
    return f"`{raw[:-1].decode()}` 0x{raw[-1]:02X}"


SAID: Said = (
    f"| 0 | {len(MAGIC)} | magic | {magic(MAGIC)} |",
    f"| {len(MAGIC)} | 1 | version | {VERSION}, or {FIRST} as [below]; {VERSION - 1} was never given out:",
    f"{VERSION - 1}, and whatever is above {VERSION}, is **newer** |",
    f"| {SENDER_AT} | {KEY} | sender | Ed25519 public key |",
    f"| {SIGNATURE_AT} | {SIGNATURE} | signature |",
    f"`{LABEL[:-1].decode()}` 0x{LABEL[-1]:02X} ‖ statement |",
    f"| {LENGTH_AT} | {LENGTH} | statement_bytes | at most {MIB} MiB |",
    f"| {LENGTH_AT + LENGTH} | | statement |",
    f"| {bundle_head.SEALING_BYTES} | sealing | the number of this sealing, 1 to {power(bundle_head.LARGEST_SEALING)} |",
    f"| 1 | presence | of the first item: {THERE} there, {DELETED} deleted, {WITHHELD} withheld;",
    f"only where presence is {THERE};",
    f"| {SIGNATURE} | presence signature |",
    f"`{PRESENCE_LABEL[:-1].decode()}` 0x{PRESENCE_LABEL[-1]:02X} ‖ SHA-256 of the statement",
    "number of the item (from 1)",
    f"the sealing that said it, 0 for version {FIRST}.",
    f"not there, in version {FIRST} |",
    f"an earlier sealing, or version {FIRST}.",
    f"### Version {FIRST}",
    f"presence is {THERE} or {DELETED}, and {DELETED} says only",
    f"writers write version {VERSION}.",
    f"seals a bundle again as version {FIRST} makes",
    f"version {VERSION}: the presence signature",
    f"[Canonical JSON], at most {MIB} MiB.",
    f"`{bundle_statement.FORMAT}`, {bundle_statement.FORMAT_VERSION}; {SHARED} where an item is of the type `shared` or `announcement`",
    f"| 1 to {bundle_statement.MOST_RECEIVERS} of `[signature key, since]`",
    "`since` from 1 to `number`",
    f"| `stream` | {bundle_statement.STREAM_BYTES} random bytes |",
    f"| `number` | 1 to {power(bundle_statement.LARGEST_NUMBER)} |",
    "`null` in number 1 and there only",
    f"| to {ITEMS} of `[type, SHA-256, length]`; length 1 to {ITEM} |",
    "counts only after 12:",
    "the last number (0 for none)",
    "e = max(n + 1, s)",
    "begins at n = 0 and",
    "number = e = n + 1,",
    "a backup of number 40, while we stand at 50, signs *other* bundles 41 to 50.",
    f"{bundle_statement.DIGEST_BYTES} bytes a bundle are a small price",
    "s > n + 1;",
    f"| {len(bundle_file.MAGIC)} | magic | {magic(bundle_file.MAGIC)} |",
    f"| 1 | version | {bundle_file.VERSION}; a higher one is newer |",
    f"| {bundle_file._LENGTH_BYTES} | piece_bytes | 1 to {PIECE}:",
    f"{int.from_bytes(bundle_file._END_OF_BUNDLE, 'big')}: this bundle ends",
    f"0x{bundle_file._END_OF_FILE.hex().upper()} instead",
    f"at most {MIB} MiB and {ITEMS} items, an item at most {ITEM} bytes, a piece of a FILE at most {PIECE} bytes",
    f"{bundle._PIECE_BYTES // 1024} KiB of an item",
    f"in multiples of {outbox.REPLIES_MULTIPLE}, dummies",
    f"The byte at {len(MAGIC)} of a bundle: {VERSION - 1}, and above {VERSION}, is **newer**.",
    f"The byte at {len(bundle_file.MAGIC)} of a FILE: above {bundle_file.VERSION} is",
    f"`format_version`: {SHARED - 1}, which was never given out, and above {SHARED} is",
)
