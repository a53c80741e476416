"""Values of ``docs/formats/identity-file.md``."""

from crypto.keys import identity_file, keys
from crypto.primitives import _hybrid, bech32
from tests.crypto.page_constants.reading import Said

SECRET = keys.HYBRID_SECRET_PREFIX.upper()
LETTERS = len(bech32.encode(keys.HYBRID_SECRET_PREFIX, bytes(_hybrid.SEED_BYTES)))

SAID: Said = (
    (
        f"| `{SECRET}1` and more | a hybrid key: {LETTERS} letters, bech32 (BIP 173, without its limit of 90 letters) of"
        f" the {_hybrid.SEED_BYTES}-byte seed"
    ),
    f"| `{identity_file._CLASSICAL_PREFIX.upper()}`, alone or with more |",
    f"{identity_file.LONGEST_BYTES:,} bytes and {identity_file.MOST_KEYS} keys",
    f"that are zero, {_hybrid.SEED_BYTES} bytes.",
)
