"""Values of ``docs/formats/statements.md``."""

from crypto.bundles import bundle_items, bundle_statement
from tests.crypto.page_constants.reading import Said, power

LIMIT = bundle_items.LONGEST_BYTES // 2**20

SAID: Said = (
    f"at most {LIMIT} MiB. Code",
    f"`hashes`: 1 to {bundle_items.MOST_HASHES:,} different",
    f"`reply_ids`: 1 to {bundle_items.MOST_REPLY_IDS:,} different ids of {bundle_items.REPLY_ID_BYTES} bytes",
    f"`bundle_number`, 1 to {power(bundle_statement.LARGEST_NUMBER)} |",
    f"`format_version` is {bundle_items.FORMAT_VERSION} in each",
    f"{LIMIT} MiB; {bundle_items.MOST_HASHES:,} hashes or ids in an item",
    f"above {bundle_items.FORMAT_VERSION} is **newer**",
)
