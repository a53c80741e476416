"""Values of ``docs/formats/recipient-file.md``."""

from crypto.keys import keys
from crypto.manifests import recipient_file
from crypto.primitives import week
from tests.crypto.page_constants.reading import Said

SAID: Said = (
    "that age 1.3 and newer",
    f"`{keys.HYBRID_PREFIX}1…`",
    f"{recipient_file.FILE_BYTES:,} bytes in all",
    f"of the years {week.FIRST_YEAR} to {week.LAST_YEAR}",
    "`recipients-2026-Q4.txt`",
    "destroyed 60 days later",
    f"## Limits {recipient_file.FILE_BYTES:,} bytes, four keys, five lines",
)
