"""A place code as it was typed, after docs/formats/place-code.md."""

import unicodedata

from lab.second.refused import Refused, malformed

LONGEST = 40
DASHES = range(0x2010, 0x2015)
MARKS = (0x061C, *range(0x200C, 0x2010), *range(0x2066, 0x206A))
BETWEEN = {*" \u00a0-.·", *map(chr, (*DASHES, *MARKS))}
ROWS = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)


def read_place_code(typed: str) -> str:
    """The six digits in ASCII."""
    if len(typed) > LONGEST:
        raise malformed()
    digits = [unicodedata.decimal(letter, -1) for letter in typed if letter not in BETWEEN]
    if -1 in digits or len(digits) != 6:
        raise malformed()
    state = 0
    for digit in digits:
        state = ROWS[state][digit]
    if state:
        raise Refused("likely typo")
    return "".join(map(str, digits))
