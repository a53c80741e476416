"""Values of ``docs/formats/statements.md``."""

from crypto import statement, statements
from tests.crypto.page_constants.reading import Said, power

LIMIT = statements.LONGEST_BYTES // 2**20

SAID: Said = (
    f"at most {LIMIT} MiB. Code",
    f"`hashes`: 1 to {statements.MOST_HASHES:,} different",
    f"`reply_ids`: 1 to {statements.MOST_REPLY_IDS:,} different ids of {statements.REPLY_ID_BYTES} bytes",
    f"`bundle_number`, 1 to {power(statement.LARGEST_NUMBER)} |",
    f"`format_version` is {statements.FORMAT_VERSION} in each",
    f"{LIMIT} MiB; {statements.MOST_HASHES:,} hashes or ids in an item",
    f"above {statements.FORMAT_VERSION} is **newer**",
)
