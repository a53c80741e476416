"""Values of ``docs/formats/passphrase.md``."""

import hashlib
from pathlib import Path

from crypto.passphrases import passphrase
from crypto.primitives import wordlist
from tests.crypto.page_constants.reading import Said

WORDS, RANDOM = wordlist.WORDS, passphrase.RANDOM_WORDS
LIST = (Path(wordlist.__file__).parent / "eff_long_7772.txt").read_bytes()

SAID: Said = (
    "(Joseph Bonneau, 2016; CC BY 3.0 US)",
    f"`{hashlib.sha256(LIST).hexdigest()}`",
    f"its line, from 1 to {WORDS}.",
    f"{len(wordlist.NEVER_DRAWN)} of these words that wound or frighten",
    (
        f"words 1 to {RANDOM} | random, each uniform over the {len(wordlist.DRAWN_PLACES):,} words that may be drawn:"
        f" {passphrase.drawn_bits():.2f} bits"
    ),
    (
        f"word {passphrase.ALL_WORDS} | place = (SHA-256(`{passphrase._LABEL_CHECK.decode()}` ‖ seven places, 2 bytes"
        f" each, big-endian) as a big-endian number mod {WORDS}) + 1"
    ),
    f"four digits, `0001` to `{WORDS}`",
    f"the seven places, 2 bytes each, big-endian: {2 * RANDOM} bytes",
    f"one typing mistake in {WORDS:,};",
    f"More than {passphrase.LONGEST_TEXT} characters",
    f"eight places from 1 to {WORDS}",
    f"{passphrase.LONGEST_TEXT} characters as typed",
    (
        f"where there are {passphrase.ALL_WORDS * (1 + passphrase.DIGITS_A_GROUP)} digits, and every fifth from the first"
        f" on is the number of its row, 1 to {passphrase.ALL_WORDS},"
    ),
)
