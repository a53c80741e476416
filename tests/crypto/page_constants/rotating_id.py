"""Values of ``docs/formats/rotating-id.md``; those of Eddystone's blocks stand as they are."""

from crypto.beacon import rotating_id
from crypto.beacon.rotating_id import Meaning
from crypto.primitives import _hybrid
from tests.crypto.page_constants.reading import Said

KEY, WINDOW = rotating_id.KEY_BYTES, f"{rotating_id.WINDOW_SECONDS:,}"
SALT_AT = rotating_id._SALT_AT
HELP = ", ".join(f"`{meaning.value}`" for meaning in Meaning if meaning.is_help)

SAID: Said = (
    f"every {WINDOW} seconds",
    "vectors that Radius Networks publishes",
    f"a seed of {_hybrid.SEED_BYTES} random bytes",
    f"info `{rotating_id._LABEL}` ‖ meaning), {KEY} bytes",
    f"| {HELP} | at a press for help;",
    "AES-128 of single blocks",
    "32 bits of Unix seconds",
    f"| block | bytes 0 to {SALT_AT - 1} | byte {SALT_AT} | bytes {SALT_AT + 1} to {_hybrid.AES_BLOCK_BYTES - 1} |",
    f"| 0x{rotating_id._SALT:02X} | two zeros, then the upper {rotating_id._EPOCH_BITS} bits of the time |",
    f"the first {rotating_id.ID_BYTES} bytes of the second result",
    f"K = {rotating_id.EXPONENT}, so a window has {WINDOW} seconds",
    "| the time has 32 bits | malformed |",
    f"| K from 0 to {rotating_id.LARGEST_EXPONENT} | malformed |",
    f"| the key has {KEY} bytes | malformed |",
    "A time has 32 bits: the last window begins in the year 2106.",
)
assert rotating_id.LARGEST_TIME == 2**32 - 1
