"""Values of ``docs/formats/locked_key.md``."""

from crypto.passphrases import locked_key
from crypto.primitives import _sodium
from tests.crypto.page_constants.reading import Said

MAGIC = len(locked_key._MAGIC)
LENGTH = len(locked_key.lock_key(bytes(32), "x"))
SALT_AT = MAGIC + locked_key._HEADER.size
NONCE_AT = SALT_AT + locked_key._SALT_BYTES
SEALED_AT = NONCE_AT + _sodium.SECRETBOX_NONCE_BYTES
KIB, PASSES, LANES = locked_key._MEMORY_KIB_RANGE, locked_key._PASSES_RANGE, locked_key._LANES_RANGE
TAG = _sodium.AEAD_TAG_BYTES

SAID: Said = (
    f"A random {locked_key.KEY_BYTES}-byte key",
    f"| 0 | {MAGIC} | `{locked_key._MAGIC.decode().strip()}` and a line feed |",
    f"| {MAGIC} | 1 | version, {locked_key._VERSION} |",
    f"| {MAGIC + 1} | 4 | Argon2id memory in KiB, big-endian |",
    f"| {MAGIC + 5} | 4 | Argon2id passes |",
    f"| {MAGIC + 9} | 4 | Argon2id lanes |",
    f"| {SALT_AT} | {locked_key._SALT_BYTES} | salt, random |",
    f"| {NONCE_AT} | {_sodium.SECRETBOX_NONCE_BYTES} | nonce, random |",
    (
        f"| {SEALED_AT} | {LENGTH - SEALED_AT} | XSalsa20-Poly1305 of the key ({TAG}-byte tag, then"
        f" {locked_key.KEY_BYTES} bytes) |"
    ),
    f"{LENGTH} bytes in all",
    f"Argon2id (RFC 9106, version 0x13, {locked_key.KEY_BYTES} bytes)",
    f"Written: {locked_key._MEMORY_KIB:,} KiB, {locked_key._PASSES} passes, {locked_key._LANES} lane.",
    (
        f"Memory {KIB[0]:,} to {KIB[-1]:,} KiB, passes {PASSES[0]} to {PASSES[-1]}, lanes {LANES[0]} to {LANES[-1]};"
        f" a passphrase of 1 to {locked_key.LONGEST_PASSPHRASE:,} characters"
    ),
    "version not 0 |",
    f"version not above {locked_key._VERSION} |",
    f"the length, {LENGTH} bytes |",
    f"asks for {(2**32 - 1) * 1024 / 2**40:.0f} TiB of memory",
    f"The byte at {MAGIC}.",
)
