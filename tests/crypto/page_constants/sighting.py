"""Values of ``docs/formats/sighting.md``."""

from itertools import accumulate

from crypto.beacon import relay_post, sighting
from crypto.beacon.rotating_id import ID_BYTES
from crypto.primitives import _hybrid
from tests.crypto.page_constants.bundle import magic
from tests.crypto.page_constants.reading import Said

SIZES = (8, 1, 1, 2, 2, 1, sighting.RUN_BYTES, 4, 4, 4, 2, 1, 4, 4, 2, 1)
AT = (0, *accumulate(SIZES))
assert AT[-1] == sighting.HEAD.size
ROW = (ID_BYTES, 4, 4, 2, 1, 1)
ROW_AT = (0, *accumulate(ROW))
assert ROW_AT[-1] == sighting.ENTRY.size
FLOODED, COPY = sighting.FLOODED, sighting.WITH_COPY
MAC, MAC_AT, IDS = sighting.MAC_BYTES, sighting._MAC_AT, sighting.MOST_IDS
SIGHTING, POST = f"{sighting.SIGHTING_BYTES:,}", f"{relay_post.POST_BYTES:,}"
INSIDE, B = f"{relay_post.INSIDE_BYTES:,}", f"{relay_post.COPY_BYTES:,}"
LABEL = sighting.LABEL

SAID: Said = (
    f"in {SIGHTING} bytes, and the post of {POST} bytes",
    f"| {AT[0]} | {SIZES[0]} | magic | {magic(sighting.MAGIC)} |",
    f"| {AT[1]} | {SIZES[1]} | version | {sighting.VERSION} |",
    f"| {AT[2]} | {SIZES[2]} | flags | {FLOODED}: more ids were heard than have room;",
    f"{COPY}: a copy B stands in the post; {FLOODED | COPY}: both |",
    f"| {AT[3]} | {SIZES[3]} | relay | its number, from 1 |",
    f"| {AT[4]} | {SIZES[4]} | week_year |",
    f"| {AT[5]} | {SIZES[5]} | week_number |",
    f"| {AT[6]} | {SIZES[6]} | run |",
    f"| {AT[7]} | {SIZES[7]} | number | counts the posts of the run, from 1 |",
    f"| {AT[8]} | {SIZES[8]} | sent |",
    f"| {AT[9]} | {SIZES[9]} | frames |",
    f"| {AT[10]} | {SIZES[10]} | refused |",
    f"| {AT[11]} | {SIZES[11]} | kind | {sighting.NOWHERE} no place, {sighting.FIXED} fixed,",
    f"{sighting.MEASURED} measured |",
    f"| {AT[12]} | {SIZES[12]} | latitude | signed, in ten-millionths of a degree; 0 where not measured |",
    f"| {AT[13]} | {SIZES[13]} | longitude |",
    f"| {AT[14]} | {SIZES[14]} | accuracy | in metres; 0 where not measured |",
    f"| {AT[15]} | {SIZES[15]} | ids | how many follow, to {IDS} |",
    f"| {AT[16]} | {sighting.ENTRY.size} each | ids |",
    f"| zeros | to {MAC_AT} |",
    f"| {MAC_AT} | {MAC} | MAC | HMAC-SHA-256 over `{LABEL[:-1].decode()}` 0x{LABEL[-1]:02X} ‖",
    f"bytes 0 to {MAC_AT - 1} |",
    f"| {ROW_AT[0]} | {ROW[0]} | the [rotating id]",
    f"| {ROW_AT[1]} | {ROW[1]} | first heard,",
    f"| {ROW_AT[2]} | {ROW[2]} | last heard |",
    f"| {ROW_AT[3]} | {ROW[3]} | how often, from 1 |",
    f"| {ROW_AT[4]} | {ROW[4]} | the best strength",
    f"| {ROW_AT[5]} | {ROW[5]} | 0 |",
    f"info `{sighting._WEEK_LABEL}` ‖ week), {_hybrid.SEED_BYTES} bytes",
    "A measured place beyond 90 or 180 degrees",
    f"inside is the sighting | {B} |",
    f"inside are {INSIDE} bytes: sighting ‖ B, or nothing ‖ zeros | {POST} |",
    f"Flag {COPY} says that B is there",
    f"1 to {relay_post.MOST_COPIES:,} copies of {relay_post.COPY_BYTES:,} bytes",
    f"| the post has {POST} bytes | malformed |",
    f"| {INSIDE} bytes inside | malformed |",
    f"| {SIGHTING} bytes and the magic | malformed |",
    "| version not 0 | malformed |",
    f"| version not above {sighting.VERSION} | **newer** |",
    f"| flags to {FLOODED | COPY}, kinds to {sighting.MEASURED};",
    "| id by id: last byte 0, not zero,",
    "| number and relay from 1; no id twice | malformed |",
    "From 4 to 12 it is the order for a sighting alone.",
    f"{IDS} ids.",
    f"flag {FLOODED} is set",
    f"The byte at {AT[1]}.",
)
