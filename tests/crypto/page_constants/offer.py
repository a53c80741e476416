"""Values of ``docs/formats/offer.md``."""

from crypto.keys import keys
from crypto.manifests import offer
from crypto.primitives import week
from tests.crypto.page_constants.bundle import magic
from tests.crypto.page_constants.reading import Said

KEY_AT = len(offer.MAGIC) + 1
SIGNATURE_AT = KEY_AT + offer._KEY_BYTES
HEAD, DOCUMENT = offer._HEAD_BYTES, f"{offer.LONGEST_DOCUMENT_BYTES:,}"
LABEL = offer._LABEL

SAID: Said = (
    f"| 0 | {len(offer.MAGIC)} | magic | {magic(offer.MAGIC)} |",
    f"| {len(offer.MAGIC)} | 1 | version | {offer.VERSION}; a higher one is **newer** |",
    f"| {KEY_AT} | {offer._KEY_BYTES} | signer |",
    f"| {SIGNATURE_AT} | {offer._SIGNATURE_BYTES} | signature |",
    f"`{LABEL[:-1].decode()}` 0x{LABEL[-1]:02X} ‖ document |",
    f"| {HEAD} | | document | to the end of the file, 1 to {DOCUMENT} bytes |",
    f"`{offer.FORMAT}`, {offer.FORMAT_VERSION} |",
    f"| 1 to {offer.MOST_WEEKS} of `week`",
    f"outside {week.FIRST_YEAR} to {week.LAST_YEAR} |",
    f"{2 * offer._KEY_BYTES} hex digits",
    f"| 0 to {offer.MOST_QUARTERS} of `quarter`",
    f"`{keys.HYBRID_PREFIX}1…`",
    f"at most {HEAD} + {DOCUMENT} bytes",
    f"## Limits {HEAD} + {DOCUMENT} bytes, {offer.MOST_WEEKS} weeks, {offer.MOST_QUARTERS} quarters.",
    f"The byte at {len(offer.MAGIC)}, and `format_version` in the document: above {offer.VERSION} each",
)
