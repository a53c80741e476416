"""Values of ``docs/formats/canonical-json.md``."""

from crypto.keys import keys
from crypto.primitives import bech32, canonical_json, week
from tests.crypto.page_constants.reading import Said, power
from tests.crypto.primitives import test_canonical_json

LARGEST = power(canonical_json.LARGEST_NUMBER)
LETTERS = len(bech32.encode(keys.HYBRID_PREFIX, bytes(1216)))

SAID: Said = (
    r"and U+0000 to U+001F are escaped",
    r"the rest as `\u00xx`",
    f"from −({LARGEST}) to {LARGEST}.",
    f"In the vectors of this page {test_canonical_json.LIMIT_BYTES:,} bytes.",
    f"at most {canonical_json.DEEPEST} deep",
    "below 1 or no number",
    "version in 5 as **newer**",
    "| text | 1 to the limit",
    "(ISO 8601)",
    f"years {week.FIRST_YEAR} to {week.LAST_YEAR} |",
    f"`{keys.HYBRID_PREFIX}1…` in lower case, {LETTERS:,} letters",
    "of Z only U+0020 is",
    "those of Python 3.11 are Unicode 14.",
    f"Nesting: {canonical_json.DEEPEST}. Whole numbers: {LARGEST} either way",
)
