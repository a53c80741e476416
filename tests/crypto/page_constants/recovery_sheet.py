"""Values of ``docs/formats/recovery-sheet.md``; those of SLIP-39 itself as its reference code has them."""

import hashlib

from shamir_mnemonic import cipher, constants, rs1024, shamir

from crypto.primitives import _slip39
from crypto.recovery import backup_key, recovery_sheet
from reviewer.recovery import sheet_entry
from tests.crypto.page_constants.reading import Said

SECRET = recovery_sheet._SECRET_BYTES
SEED = recovery_sheet._SEED_BYTES
BITS = constants.RADIX_BITS
WORDS = recovery_sheet.WORDS_A_SHEET
CHECKSUM = constants.CHECKSUM_LENGTH_WORDS * BITS
DIGEST = constants.DIGEST_LENGTH_BYTES
LETTERS = recovery_sheet._LETTERS_THAT_TELL
PADDING = WORDS * BITS - constants.METADATA_LENGTH_WORDS * BITS - 8 * SECRET
LIST = hashlib.sha256("".join(f"{word}\n" for word in _slip39.WORDS).encode("ascii")).hexdigest()
GENERATOR = rs1024._polymod.__code__.co_consts
CONSTANTS = " ".join(f"{one:x}" for one in next(one for one in GENERATOR if isinstance(one, tuple)))
ROUNDS = constants.BASE_ITERATION_COUNT // constants.ROUND_COUNT
KINDS = recovery_sheet.SecretKind

SAID: Said = (
    f"What is split, {SECRET} bytes:",
    f"| 0 | 1 | version, {recovery_sheet._VERSION} |",
    f"| 1 | 1 | kind: {KINDS.ROOT.value} root, {KINDS.CASEBOOK_BACKUP.value} casebook backup |",
    f"| 2 | {SEED} | kind {KINDS.ROOT.value}: the",
    f"Kind {KINDS.CASEBOOK_BACKUP.value}: the seed",
    f"a sheet has {WORDS} words",
    f"| ROOT | sheets of kind {KINDS.ROOT.value} |",
    f"no salt, {SEED} bytes, with the label `{backup_key._LABEL}NAME`",
    f"no salt, {SEED} bytes each, with the label `{backup_key._SIGNING_LABEL}` for the one",
    f"and `{backup_key._TRANSPORT_LABEL}` for the other |",
    f"| sheets of kind {KINDS.CASEBOOK_BACKUP.value}, which",
    "the iteration exponent 0 and",
    f"A word stands for {BITS} bits",
    f"| {constants.ID_LENGTH_BITS} | set number",
    f"| {constants.EXTENDABLE_FLAG_LENGTH_BITS} | extendable, 1 |",
    f"| {constants.ITERATION_EXP_LENGTH_BITS} | iteration exponent, 0 |",
    "| 4 | group index, 0 |",
    "| 4 | group threshold less one, 0 |",
    "| 4 | group count less one, 0 |",
    "| 4 | number of the sheet, from 0 (printed from 1) |",
    "| 4 | k less one |",
    f"| {PADDING} | padding, 0 |",
    f"| {8 * SECRET} | value of the share |",
    f"| {CHECKSUM} | checksum |",
    (
        f"{len(_slip39.WORDS):,} words of {min(map(len, _slip39.WORDS))} to {max(map(len, _slip39.WORDS))} letters that"
        f" differ in their first {LETTERS}."
    ),
    f"`{LIST}`",
    f"(RS1024): a number of {CHECKSUM} bits begins as 1.",
    (
        f"each symbol v of {BITS} bits let b be its upper {BITS} bits; it becomes its lower {CHECKSUM - BITS} bits times"
        f" {1 << BITS:,}"
    ),
    "number i (from 0, lowest",
    f"`{CONSTANTS}`",
    f"`{_slip39._CUSTOMIZATION.decode()}`, one each",
    "at the end it is 1.",
    "polynomials over GF(256) (x^8 + x^4 + x^3 + x + 1)",
    "the number of the sheet from 0. At",
    f"At x = {constants.SECRET_INDEX} stands the sealed secret, at x = {constants.DIGEST_INDEX} a digest",
    f"its last {SECRET - DIGEST} bytes are random, its first {DIGEST} are the first {DIGEST} of",
    f"over the value at {constants.SECRET_INDEX}, keyed by those {SECRET - DIGEST}.",
    f"halves of {SECRET // 2} bytes. For i = {', '.join(map(str, reversed(range(constants.ROUND_COUNT))))}: (L, R)",
    f"F is PBKDF2-HMAC-SHA-256 with the one byte i as password, R as salt, {ROUNDS:,} iterations and {SECRET // 2} bytes.",
    f"{recovery_sheet.FEWEST_NEEDED} ≤ k ≤ n ≤ {recovery_sheet.MOST_SHEETS}. A text",
    f"one sheet has at most {recovery_sheet.LONGEST_TEXT:,} characters",
    f"a file of sheets {sheet_entry._LONGEST_FILE_BYTES:,} bytes",
    f"exponent above 0 is refused unread: 15 would ask for {constants.BASE_ITERATION_COUNT << 15:,} iterations",
    f"| at most {recovery_sheet.LONGEST_TEXT:,} characters, before anything is folded | malformed |",
    f"cut after its letter {LETTERS} or later",
    f"| {WORDS} words | likely typo |",
    "k not 1 | malformed |",
    f"all of its 2^{8 * SECRET} values but one in 2^{8 * DIGEST}, which the digest tells apart: 2^{8 * (SECRET - DIGEST)}",
    "k − 2 sheets and fewer",
    "k − 1 sheets leave",
    "A4, which fits",
    f"above {recovery_sheet._VERSION} is **newer**",
    ("SLIP-39", 7),
)

assert shamir.MAX_SHARE_COUNT == recovery_sheet.MOST_SHEETS
assert cipher.ROUND_COUNT == constants.ROUND_COUNT
