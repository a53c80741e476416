"""Values of ``docs/formats/envelope.md``; what was measured once, and versions of others, stand as they are."""

from pathlib import Path

from crypto.age import age_armor, age_header, age_stream, envelope
from crypto.bundles import bundle
from crypto.keys import keys
from crypto.primitives import _hybrid
from crypto.primitives._sodium import AEAD_TAG_BYTES
from crypto.submissions import submission
from reviewer.cases import age_file
from tests.crypto.page_constants.reading import Said

TAG, CHUNK = AEAD_TAG_BYTES, age_stream.CHUNK_BYTES
KEY = age_header.FILE_KEY_BYTES
TYPE = envelope.STANZA_TYPE.decode()


def letters(length: int) -> int:
    """Of base64 without padding."""
    return -(-length * 4 // 3)


VERSION_LINE = len(age_header._VERSION_LINE)
ARGUMENT_LINE = len(f"-> {TYPE} ") + letters(_hybrid.ENCAPSULATION_BYTES) + 1
BODY_LINE = letters(KEY + TAG) + 1
MAC_LINE = len("--- ") + letters(32) + 1
SLOT = ARGUMENT_LINE + BODY_LINE
LATTICE = _hybrid.ENCAPSULATION_BYTES - 32
INFO = _hybrid._INFO.decode()
COMBINED = rb"\.//^" + b"\\"
MIB = 1 << 20
PLACE = age_file.WaitingPlace()

OPENER = (Path(__file__).parents[3] / "lab" / "second" / "short_opener.py").read_text(encoding="utf-8")

SAID: Said = (
    f"has {len(OPENER.splitlines())} lines and",
    f"| version line | {VERSION_LINE} | `{age_header._VERSION_LINE.decode().strip()}` LF |",
    (
        f"| {ARGUMENT_LINE} | `-> {TYPE} ` + base64 of the {_hybrid.ENCAPSULATION_BYTES}-byte encapsulation"
        f" ({letters(_hybrid.ENCAPSULATION_BYTES)} letters) + LF |"
    ),
    f"| {BODY_LINE} | base64 of {KEY + TAG} bytes ({letters(KEY + TAG)} letters) + LF |",
    f"| {MAC_LINE} | `--- ` + base64 of 32 bytes ({letters(32)} letters) + LF |",
    "one byte 0x0A",
    f"With one slot {VERSION_LINE + SLOT + MAC_LINE:,} bytes, with four {VERSION_LINE + 4 * SLOT + MAC_LINE:,}.",
    f"File key: {KEY} random bytes",
    "HPKE (RFC 9180)",
    f"info `{INFO}`",
    f"0x{0x647A:04X}, 0x{1:04X} and 0x{3:04X}",
    f"ciphertext ({LATTICE:,} bytes) ‖ X25519 point (32)",
    f"six bytes {COMBINED.hex(' ').upper()})",
    (
        f"comes from a {_hybrid.SEED_BYTES}-byte seed: SHAKE-256(seed, {_hybrid._MLKEM_SEED_BYTES + 32} bytes) ="
        f" {_hybrid._MLKEM_SEED_BYTES} bytes ML-KEM seed (`d` ‖ `z` of FIPS 203), 32 bytes X25519 secret"
    ),
    f"The public key is {_hybrid._MLKEM_PUBLIC_BYTES} bytes ML-KEM, {_hybrid._POINT_BYTES} bytes X25519",
    f"as `{keys.HYBRID_SECRET_PREFIX.upper()}1…` and `{keys.HYBRID_PREFIX}1…`",
    "is not below 3329 (FIPS 203, 7.2)",
    f"longer than {age_header.LIMIT_BYTES:,} bytes;",
    "arguments of bytes 0x21 to 0x7E, each",
    f"whose lines are not {age_header._COLUMNS} letters each",
    f"whose argument is not {_hybrid.ENCAPSULATION_BYTES:,} bytes",
    f"or whose body is not {KEY + TAG} bytes",
    f"a MAC that is not {age_header._MAC_BYTES} bytes",
    "another word (bytes 0x21 to 0x7E)",
    f"has exactly {submission.SLOTS}, a bundle exactly {bundle.SLOTS}, a reply exactly 1,",
    f"| nonce | {age_stream.NONCE_BYTES} | random",
    f"| {CHUNK + TAG:,} | ChaCha20-Poly1305 of {CHUNK:,} plain bytes |",
    f"| {1 + TAG} to {CHUNK + TAG:,} ({TAG} when the whole payload is empty) |",
    "info `payload`), 32 bytes.",
    (
        f"an {age_stream._COUNTER_BYTES}-byte big-endian counter from 0 and one byte: {age_stream._LAST[0]} for the last"
        f" chunk, {age_stream._MORE[0]} for all others"
    ),
    f"at most {age_header.LIMIT_BYTES:,} bytes; the counter",
    f"one chunk of {CHUNK // 1024} KiB",
    "given out before 5.",
    "(RFC 7468,",
    (f"| blanks | 0 to {age_armor.MOST_BLANKS:,} |", 2),
    f"| {len(age_armor.BEGIN)} + end | `{age_armor.BEGIN.decode()}` |",
    f"| {age_armor.LINE_LETTERS} + end | base64, standard alphabet |",
    f"| 4 to {age_armor.LINE_LETTERS} + end | base64 of the rest",
    f"| {len(age_armor.END)} | `{age_armor.END.decode()}` |",
    f"shorter than {age_armor.LINE_LETTERS} letters",
    "Exit code 0: all",
    "Exit code 1: refused",
    "the exit code is 1.",
    "Every refusal had exit code 1",
    f"up to {PLACE.in_memory_bytes // MIB} MiB in memory",
    f"as long as {PLACE.spare_bytes // MIB} MiB stay free",
    # Of others, on the day that is given.
    "(`age` 1.3 or newer, `age-encryption`",
    "Its authors ask for Node 20; with",
    "the Node 18 of Debian 12 (tried with 18.19.0)",
    "of Debian (1.1.1 or 1.2.1)",
    "From 1.3 on",
    ("on 25 November 2026", 2),
    "All 143 vectors of C2SP/CCTV (npm `cctv-age` 0.2.0,",
    "| hybrid | success (5) |",
    "| hybrid | no match (5) |",
    "| hybrid | header failure (9) |",
    "| header (32), armour (22), payload (19) or HMAC (1) failure |",
    "| success (19), no match (4) |",
    "| all (25) |",
    "| header failure (2) |",
    (
        "112 end as the vector says; the other 31 have their fault inside a slot (7 hybrid ones, see above; 24 in X25519"
        " and scrypt slots,"
    ),
    "Of the 33 in armour exactly the 22 with",
)
