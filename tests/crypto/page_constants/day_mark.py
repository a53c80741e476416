"""Values of ``docs/formats/day-mark.md``; those of Bluetooth, and the clock of a button, stand as they are."""

from crypto.beacon import day_mark
from crypto.beacon.rotating_id import ID_BYTES
from crypto.primitives import _hybrid, week
from tests.crypto.page_constants.reading import Said

LABEL, MARK = day_mark._LABEL, day_mark.MARK_BYTES
TYPE, LONGEST = f"0x{day_mark.SERVICE_DATA_128:02X}", day_mark.LONGEST_FRAME_BYTES
ID_AT = 2 + MARK

SAID: Said = (
    f"the first {MARK} bytes of",
    f"`{LABEL[:-1].decode()}` 0x{LABEL[-1]:02X} ‖ day",
    f"The mark key has {_hybrid.SEED_BYTES} random bytes",
    f"years {week.FIRST_YEAR} to {week.LAST_YEAR}.",
    "off by 30 minutes",
    f"Exactly these {day_mark.FRAME_BYTES} bytes of the {LONGEST} that there are",
    f"| 0 | 1 | {day_mark._PART_BYTES}: the length of what follows |",
    f"| 1 | 1 | {TYPE}: service data, UUID of {8 * MARK} bits |",
    f"| 2 | {MARK} | the day mark, its last byte first |",
    f"| {ID_AT} | {ID_BYTES} | the id |",
    f"| at most {LONGEST} bytes; whole parts to the end; after a part of length 0 only zeros | malformed |",
    f"| a part of type {TYPE} that begins with one of the marks | **not for us** |",
    f"| {ID_BYTES} bytes behind the mark | malformed |",
    "gives the data of each mark apart, 4 and 5 are left. Relays count what they refuse in 3 to 5.",
    f"{LONGEST} bytes.",
)
assert day_mark.FRAME_BYTES == ID_AT + ID_BYTES
