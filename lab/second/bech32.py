"""Bech32 (BIP 173) without its limit of length, as age prints keys, and the one use of it: public hybrid keys."""

from lab.second.hybrid import check_public_key
from lab.second.refused import malformed

LETTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
BITS = {letter: f"{place:05b}" for place, letter in enumerate(LETTERS)}
GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
FOLDED = [0] * 32
"""By the five bits that are shifted out at the top: the value that they put in again."""
for top in range(32):
    for bit in range(5):
        if top >> bit & 1:
            FOLDED[top] ^= GENERATOR[bit]


def checksum(values: list[int]) -> int:
    state = 1
    for value in values:
        state = (state & 0x1FFFFFF) << 5 ^ value ^ FOLDED[state >> 25]
    return state


def decode(text: str, prefix: str) -> bytes:
    """The bytes behind `prefix` and a 1, in lower case. Bits left over are zero."""
    if not text.startswith(prefix + "1"):
        raise malformed()
    letters = text[len(prefix) + 1 :]
    if not set(letters) <= set(LETTERS) or len(letters) < 6:
        raise malformed()
    expanded = [ord(letter) >> 5 for letter in prefix] + [0] + [ord(letter) & 31 for letter in prefix]
    if checksum(expanded + [LETTERS.index(letter) for letter in letters]) != 1:
        raise malformed()
    bits = "".join(BITS[letter] for letter in letters[:-6])
    spare = len(bits) % 8
    if spare > 4 or "1" in bits[len(bits) - spare :]:
        raise malformed()
    return bytes(int(bits[at : at + 8], 2) for at in range(0, len(bits) - spare, 8))


def encode(prefix: str, raw: bytes) -> str:
    """The letters of `raw`, five bits each from the left, zeros in what is left over; then six of the sum."""
    bits = "".join(f"{byte:08b}" for byte in raw)
    values = [int(bits[at : at + 5].ljust(5, "0"), 2) for at in range(0, len(bits), 5)]
    expanded = [ord(letter) >> 5 for letter in prefix] + [0] + [ord(letter) & 31 for letter in prefix]
    tail = checksum(expanded + values + [0] * 6) ^ 1
    values += [tail >> 5 * (5 - place) & 31 for place in range(6)]
    return prefix + "1" + "".join(LETTERS[value] for value in values)


def read_public_key(text: object) -> bytes:
    """The 1,216 bytes of an `age1pq1…`."""
    if not isinstance(text, str) or len(text) != 1959:
        raise malformed()
    return check_public_key(decode(text, "age1pq"))
