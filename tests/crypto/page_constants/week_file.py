"""Values of ``docs/formats/week-file.md``."""

from crypto.beacon import week_file
from crypto.beacon.rotating_id import ID_BYTES, LARGEST_TIME, Meaning
from crypto.primitives import _hybrid
from tests.crypto.page_constants.bundle import magic
from tests.crypto.page_constants.reading import Said

MAGIC, KEY, SIGNATURE = week_file.MAGIC, week_file.KEY_BYTES, week_file.SIGNATURE_BYTES
SENDER_AT = len(MAGIC) + 1
SIGNATURE_AT = SENDER_AT + KEY
LENGTH_AT = SIGNATURE_AT + SIGNATURE
LABEL = week_file.LABEL
DOCUMENT, WINDOWS = f"{week_file.DOCUMENT_BYTES:,}", f"{week_file.MOST_WINDOWS:,}"
BUTTONS, RELAYS, PLACES = week_file.MOST_BUTTONS, week_file.MOST_RELAYS, week_file.MOST_PLACES
EXAMPLE = 100 * len(Meaning) * (8 * 86_400 // 1024 + 1)

SAID: Said = (
    f"| 0 | {len(MAGIC)} | magic | {magic(MAGIC)} |",
    f"| {len(MAGIC)} | 1 | version | {week_file.VERSION} |",
    f"| {SENDER_AT} | {KEY} | sender |",
    f"| {SIGNATURE_AT} | {SIGNATURE} | signature |",
    f"`{LABEL[:-1].decode()}` 0x{LABEL[-1]:02X} ‖ SHA-256 of all that follows |",
    f"| {LENGTH_AT} | {week_file.LENGTH_BYTES} | document_bytes | at most {DOCUMENT} |",
    f"| {week_file.HEAD_BYTES} | | document |",
    f"| | {ID_BYTES} each | ids |",
    f"| `{week_file.FORMAT}`, {week_file.FORMAT_VERSION} |",
    f"| `made` | when it was made, in Unix seconds, from 0 to {LARGEST_TIME:,} |",
    f"how many there are, 1 to {WINDOWS} |",
    f"| `places` | to {PLACES} objects of `number` and `lines`: 1 to {week_file.MOST_LINES} lines of at most",
    f"{week_file.LONGEST_LINE} characters, in the order",
    f"| `relays` | to {RELAYS} objects of `number`, `place` and `key`: {_hybrid.SEED_BYTES} bytes in hex digits |",
    f"| `buttons` | to {BUTTONS} objects",
    f"from 1 to {week_file.LARGEST_NUMBER:,}",
    f"| {week_file.HEAD_BYTES} to {week_file.LONGEST_BYTES:,} bytes, and the magic | malformed |",
    "| version not 0 | malformed |",
    f"| version not above {week_file.VERSION} | **newer** |",
    "windows that begin within 32 bits of seconds | malformed |",
    f"{BUTTONS} buttons, {RELAYS} relays, {PLACES} places, {WINDOWS} windows.",
    f"100 buttons of five meanings and eight days are {EXAMPLE:,} ids.",
    f"The byte at {len(MAGIC)} and",
)
assert len(Meaning) == 5
