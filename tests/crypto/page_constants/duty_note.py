"""Values of ``docs/formats/duty-note.md``."""

from itertools import accumulate

from crypto.beacon import duty_note
from crypto.primitives import _hybrid, canonical_json
from tests.crypto.page_constants.bundle import magic
from tests.crypto.page_constants.reading import Said, power

SIZES = (8, 1, 1, 2, 1, 8, 4, 1)
AT = (0, *accumulate(SIZES))
assert AT[-1] == duty_note.HEAD.size
ROW = (2, 1, 1, 4, 4)
ROW_AT = (0, *accumulate(ROW))
assert ROW_AT[-1] == duty_note.ENTRY.size
FIRST, SECOND = duty_note.MACHINES
NOTE, INSIDE = f"{duty_note.NOTE_BYTES:,}", f"{duty_note.INSIDE_BYTES:,}"
MAC, MAC_AT, MOST = duty_note.MAC_BYTES, duty_note._MAC_AT, duty_note.MOST_ACKNOWLEDGED
LABEL = duty_note.LABEL
HELP = [meaning.value for meaning in duty_note._HELP]

SAID: Said = (
    f"to the two duty keys: {NOTE} bytes. Inside are {INSIDE} bytes:",
    f"| {AT[0]} | {SIZES[0]} | magic | {magic(duty_note.MAGIC)} |",
    f"| {AT[1]} | {SIZES[1]} | version | {duty_note.VERSION} |",
    f"| {AT[2]} | {SIZES[2]} | machine | {FIRST} or {SECOND} |",
    f"| {AT[3]} | {SIZES[3]} | week_year |",
    f"| {AT[4]} | {SIZES[4]} | week_number |",
    f"| {AT[5]} | {SIZES[5]} | number | 1 to {power(canonical_json.LARGEST_NUMBER)}, rising",
    f"| {AT[6]} | {SIZES[6]} | sent |",
    f"| {AT[7]} | {SIZES[7]} | presses | how many follow, to {MOST},",
    f"| {AT[8]} | {duty_note.ENTRY.size} each | presses |",
    f"| zeros | to {MAC_AT} |",
    f"| {MAC_AT} | {MAC} | MAC | HMAC-SHA-256 over `{LABEL[:-1].decode()}` 0x{LABEL[-1]:02X} ‖ bytes 0 to {MAC_AT - 1} |",
    f"| {ROW_AT[0]} | {ROW[0]} | number of the button, from 1 |",
    f"| {ROW_AT[1]} | {ROW[1]} | 1, 2 or 3: `{HELP[0]}`, `{HELP[1]}`, `{HELP[2]}` |",
    f"| {ROW_AT[2]} | {ROW[2]} | *late only*: {int(True)} for a press that came too late to ring there, and was ticked off; else {int(False)} |",
    f"| {ROW_AT[3]} | {ROW[3]} | the window",
    f"| {ROW_AT[4]} | {ROW[4]} | when it was acknowledged",
    f"info `{duty_note.KEY_LABEL.decode()}`), {_hybrid.SEED_BYTES} bytes.",
    f"| the note has {NOTE} bytes | malformed |",
    f"| {INSIDE} bytes inside, and the magic | malformed |",
    "| version not 0 | malformed |",
    f"| version not above {duty_note.VERSION} | **newer** |",
    f"{MOST} presses.",
    f"The byte at {AT[1]}.",
)
