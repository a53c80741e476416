"""Values of ``docs/formats/casebook-backup.md``."""

from crypto import _hybrid, casebook_backup
from crypto.party import SEEDS_BYTES
from reviewer.casebook import contents, database
from tests.crypto.page_constants.reading import Said, power

HEAD, LARGEST = casebook_backup.LONGEST_HEAD_BYTES, power(casebook_backup.LARGEST_FILE_BYTES)
MIB = 1 << 20

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
    f"in pieces of {contents.PIECE_BYTES // MIB} MiB",
    f"pages of {database._SMALL_PAGE_BYTES // 1024} KiB, `contents.db` of {database._LARGE_PAGE_BYTES // 1024} KiB.",
)
