"""Values of ``docs/formats/casebook-backup.md``."""

import sqlcipher3

from crypto.keys.party import SEEDS_BYTES
from crypto.primitives import _hybrid, _sodium
from crypto.recovery import casebook_backup
from lab.second import casebook_files
from reviewer.casebook import contents, database
from tests.crypto.page_constants.reading import Said, power

HEAD, LARGEST = casebook_backup.LONGEST_HEAD_BYTES, power(casebook_backup.LARGEST_FILE_BYTES)
MIB = 1 << 20
KEY, SALT, IV, MAC = casebook_backup._KEY_BYTES, casebook_files.SALT, casebook_files.IV, casebook_files.MAC
SMALL, LARGE = database._SMALL_PAGE_BYTES, database._LARGE_PAGE_BYTES
assert casebook_files.PAGE_BYTES == {database.CASEBOOK_FILE: SMALL, database.CONTENTS_FILE: LARGE}


def _major() -> str:
    connection = sqlcipher3.connect(":memory:")
    try:
        return str(connection.execute("PRAGMA cipher_version").fetchone()[0]).partition(".")[0]
    finally:
        connection.close()


SQLCIPHER = _major()
SAID: Said = (
    f"| {casebook_backup._LENGTH_BYTES} | length of the head, big-endian, at most {HEAD:,} |",
    f"`{casebook_backup.FORMAT}`, {casebook_backup.FORMAT_VERSION} |",
    f"`casebook_key` | {2 * casebook_backup._KEY_BYTES} hex digits",
    f"each length from 0 to {LARGEST} |",
    f"`reviewer_keys` | {2 * SEEDS_BYTES} hex digits",
    f"The head has at most {HEAD:,} bytes, a file {LARGEST}.",
    f"a piece of {casebook_backup._PIECE_BYTES // MIB} MiB.",
    f"above {casebook_backup.FORMAT_VERSION} is **newer**",
    f"`home-unprotected.key`, {_hybrid.SEED_BYTES} bytes, open",
    "`intake-2026-W48`",
    "`sealed-2026-Q4`",
    f"databases of SQLCipher {SQLCIPHER} under the raw key",
    f"all else is as SQLCipher {SQLCIPHER} has it",
    f"x'{2 * KEY} hex digits'",
    "HMAC_SHA256; --",
    f"cipher_page_size = {SMALL}; -- casebook.db; contents.db has {LARGE} ",
    "(3.37 or newer reads them)",  # the first with strict tables
    "Pages count from 1:",
    f"| {SALT} | in page 1 only: the salt of the file",
    f"`{casebook_files.MAGIC[:-1].decode()}` and a zero byte",
    f"| AES-{8 * KEY} in CBC mode",
    f"| {IV} | IV | | {MAC} | HMAC-SHA-256 over",
    "number of the page, 4 bytes, **little-endian**",
    f"PBKDF2-HMAC-SHA-512 of `casebook_key`, 2 rounds, {MAC} bytes",
    "each byte XOR 0x3A",
    f"the last {IV + MAC} bytes of each page",
    f"`content_key`, {KEY} bytes, both nothing",
    "`place`, from 0;",
    "`number`; `envelope_sha256`;",
    "`first_byte`, `length_bytes`, `sha256` |",
    "is not `sha256`.",
    f"cut at every {contents.PIECE_BYTES // MIB} MiB",
    f"ChaCha20-Poly1305 (RFC 8439), the tag of {_sodium.AEAD_TAG_BYTES} bytes behind",
    f"| nonce | {_sodium.AEAD_NONCE_BYTES} bytes: the `place`",
    f"in pieces of {contents.PIECE_BYTES // MIB} MiB",
    f"pages of {database._SMALL_PAGE_BYTES // 1024} KiB, `contents.db` of {database._LARGE_PAGE_BYTES // 1024} KiB.",
)
