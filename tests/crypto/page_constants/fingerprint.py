"""Values of ``docs/formats/fingerprint.md``."""

import math

from crypto.keys import fingerprint
from crypto.keys.keys import DutySecretKey
from crypto.primitives import wordlist
from tests.crypto.page_constants.reading import Said

WORDS = wordlist.WORDS
BITS = fingerprint.WORDS * math.log2(WORDS)
DIGITS = "234567"  # of RFC 4648's base32, in which tor writes an address
DUTY_BYTES = len(DutySecretKey(bytes(32)).public_key().to_bytes())
COUNTED = {7: "seven"}

SAID: Said = (
    f"{COUNTED[fingerprint.WORDS]} words. `init`",
    f"SHA-256(`{fingerprint._ROOT.decode()}` ‖ the 32 bytes",
    (
        f"{COUNTED[fingerprint.WORDS]} times: the next word is the one at index n mod {WORDS} of the word list; n becomes n"
        f" div {WORDS} |"
    ),
    "index 0 its first line",
    f"are {BITS:.2f} bits ({fingerprint.WORDS} × log2 {WORDS})",
    f"2^{int(BITS)} key pairs",
    f"cost 2^{round(BITS / 2)},",
    f"a key of 32 bytes, the output {COUNTED[fingerprint.WORDS]} words of {wordlist.SHORTEST_LETTERS} to {wordlist.LONGEST_LETTERS} letters",
    "`tipline/v2/root-words`",
    f"SHA-256(`{fingerprint._ADDRESS.decode()}` ‖ the address in ASCII, 56 lower-case letters",
    f"SHA-256(`{fingerprint._DUTY.decode()}` ‖ the {DUTY_BYTES:,} bytes of its public key)",
    f"a to z and {DIGITS[0]} to {DIGITS[-1]}, and `.onion`",
)
