"""Values of ``docs/formats/keyring.md``."""

from crypto.keys import key_file
from crypto.keys.at_rest import RestKey
from crypto.keys.party import SEEDS_BYTES
from crypto.primitives import _hybrid, _sodium
from reviewer.home.keyring import FURTHER
from tests.crypto.page_constants.reading import Said

SEED, NONCE, TAG = _hybrid.SEED_BYTES, _sodium.SECRETBOX_NONCE_BYTES, _sodium.AEAD_TAG_BYTES
FILE, BOTH = (len(RestKey(bytes(32)).seal(bytes(length), label="key/x")) for length in (SEED, SEEDS_BYTES))

SAID: Said = (
    f"| 0 | {NONCE} | nonce, random |",
    f"| {NONCE} | {TAG} | Poly1305 tag |",
    f"| {NONCE + TAG} | | the secret, XSalsa20: {SEED} bytes, of `reviewer` {SEEDS_BYTES} |",
    f"signature key ({SEED} bytes) ‖ seed of the transport key ({SEEDS_BYTES - SEED} bytes)",
    f"| `intake-2026-W48-{FURTHER[0]}`, `sealed-2026-Q4-{FURTHER[0]}`, … to `-{FURTHER[-1]}` |",
    f"perhaps `-` and a digit from {FURTHER[0]} to {FURTHER[-1]}.",
    f"{key_file._PARTY_BYTES} bytes where the name is `{key_file.PARTY_KEYS}`, else {key_file._SECRET_BYTES}.",
    f"| home key | {SEED} random bytes",
    f"info `tipline/v1/rest/keyring`), {SEED} bytes",
    f"info `tipline/v1/rest/key/` ‖ NAME), {SEED} bytes",
    f"Files are {FILE} bytes long, `reviewer.key` {BOTH}.",
    "`twin.id`: 32 hex digits",
    "(`tipline/v2/…`)",
    "`intake-2026-W48`",
    "`sealed-2026-Q4`",
)
