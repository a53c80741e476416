"""Values of ``docs/formats/place-code.md``; what people type stands as it is."""

from crypto.questions import place_code
from tests.crypto.page_constants.reading import Said

WORDS = {5: "five", 6: "six"}
ROWS = [f"| {row} | {' | '.join(digits)} |" for row, digits in enumerate(place_code.TABLE)]
MOST = place_code.LONGEST_TYPED

SAID: Said = (
    "(*Total anti-symmetrische Quasigruppen*, Marburg 2004). Begin with 0.",
    "Over all six digits the result is 0.",
    f"| so far | {' | '.join('0123456789')} |",
    *ROWS,
    "(U+002D, U+2010 to U+2014), dots, and the invisible marks U+061C, U+200C to U+200F and U+2066 to U+2069",
    f"| at most {MOST} letters | malformed |",
    "| over all of them the result is 0 | likely typo |",
    f"{MOST} letters. There are {10**place_code.NUMBER_DIGITS:,} codes.",
)
assert (WORDS[place_code.NUMBER_DIGITS], WORDS[place_code.CODE_DIGITS]) == ("five", "six")
