"""Values of ``docs/formats/party.md``."""

from crypto.keys import keys, party
from tests.crypto.page_constants.reading import Said

FORMAT = f"`{party.FORMAT}`, {party.FORMAT_VERSION} |"

SAID: Said = (
    f"at most {party.LONGEST_FILE_BYTES:,} bytes. Code",
    f"| `format`, `format_version` | {FORMAT}",
    f"| `name` | 1 to {party.LONGEST_NAME} of `a`–`z`, `0`–`9`, `-`",
    f"Ed25519 public key, {2 * 32} hex digits",
    f"`{keys.HYBRID_PREFIX}1…`",
    "the first 32 hex digits of the SHA-256",
    f"{party.LONGEST_FILE_BYTES:,} bytes; a name has 1 to {party.LONGEST_NAME} letters",
    f"above {party.FORMAT_VERSION} is **newer**",
)
