"""Values of ``docs/formats/relay-file.md``."""

from crypto.beacon import relay_file
from crypto.beacon.day_mark import MARK_BYTES
from crypto.beacon.rotating_id import LARGEST_TIME
from crypto.beacon.sighting import LARGEST_RELAY
from crypto.primitives import _hybrid
from crypto.primitives.week import FIRST_YEAR, LAST_YEAR
from tests.crypto.page_constants.bundle import magic
from tests.crypto.page_constants.reading import Said

MAGIC, KEY, SIGNATURE = relay_file.MAGIC, relay_file.KEY_BYTES, relay_file.SIGNATURE_BYTES
SENDER_AT = len(MAGIC) + 1
SIGNATURE_AT = SENDER_AT + KEY
LABEL = relay_file.LABEL
DOCUMENT = f"{relay_file.DOCUMENT_BYTES:,}"
assert relay_file.SLOTS == 1

SAID: Said = (
    f"| 0 | {len(MAGIC)} | magic | {magic(MAGIC)} |",
    f"| {len(MAGIC)} | 1 | version | {relay_file.VERSION} |",
    f"| {SENDER_AT} | {KEY} | sender |",
    f"| {SIGNATURE_AT} | {SIGNATURE} | signature |",
    f"`{LABEL[:-1].decode()}` 0x{LABEL[-1]:02X} ‖ SHA-256 of the document |",
    f"| {relay_file.HEAD_BYTES} | | document |",
    f"at most {DOCUMENT} bytes |",
    f"| `{relay_file.FORMAT}`, {relay_file.FORMAT_VERSION} |",
    f"from 1 to {LARGEST_RELAY:,} |",
    f"| `secret` | {_hybrid.SEED_BYTES} bytes in hex digits",
    f"| `marks` | 1 to {relay_file.MOST_MARKS}",
    f"| `made` | when it was made, in Unix seconds, from 0 to {LARGEST_TIME:,} |",
    f"of {MARK_BYTES} bytes in hex digits, one for each day",
    f"| {relay_file.HEAD_BYTES} to {relay_file.LONGEST_BYTES:,} bytes, and the magic | malformed |",
    "| version not 0 | malformed |",
    f"| version not above {relay_file.VERSION} | **newer** |",
    f"days in the years {FIRST_YEAR} to {LAST_YEAR} | malformed |",
    f"{relay_file.MOST_MARKS} marks, {DOCUMENT} bytes of document.",
    f"The byte at {len(MAGIC)} and",
)
