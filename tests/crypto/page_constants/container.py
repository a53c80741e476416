"""Values of ``docs/formats/container.md``."""

from itertools import accumulate

from crypto.age import age_header, age_stream
from crypto.manifests import issued_keys
from crypto.passphrases import mailbox
from crypto.primitives import _hybrid, week
from crypto.primitives._sodium import AEAD_TAG_BYTES
from crypto.sharing import shared_item
from crypto.submissions import container_head, size_classes, submission
from tests.crypto.page_constants.reading import Said, power
from tipline.intake import sealed_upload

KIB, MIB = 1024, 1 << 20
HEAD_FIELDS = (8, 1, 1, 16, 32, 4, 2, 1, 2, 1, 1)
AT = (0, *accumulate(HEAD_FIELDS))
assert AT[-1] == container_head.HEAD_BYTES
YEARS = f"{week.FIRST_YEAR} to {week.LAST_YEAR}"
NAME, VALUE = container_head.FIELD_NAME_BYTES, f"{container_head.FIELD_VALUE_BYTES:,}"
DATA = f"{container_head.DATA_BYTES:,}"
FIELDS, FILES = f"{container_head.MOST_FIELDS:,}", f"{container_head.MOST_FILES:,}"
FILE_NAME, TYPE = f"{container_head.FILE_NAME_BYTES:,}", container_head.MEDIA_TYPE_BYTES
ADDRESS = container_head.MAILBOX_BYTES
KINDS = container_head.Kind
HEADER = submission.SMALLEST_BYTES - age_stream.NONCE_BYTES - size_classes.STEP_BYTES - AEAD_TAG_BYTES
STEPS = [size_classes.padded_length(1)]
while STEPS[-1] < 2 * MIB:
    STEPS.append(size_classes.padded_length(STEPS[-1] + 1))
FIRST = [step // KIB for step in STEPS if step < MIB]
EIGHTH = STEPS[STEPS.index(MIB) + 1] - MIB
NEXT_EIGHTH = size_classes.padded_length(2 * MIB + 1) - 2 * MIB
LARGEST_TEXT = STEPS[0] - container_head.HEAD_BYTES - 10 - container_head.TOTALS.size - 1 - ADDRESS

SAID: Said = (
    f"Version {shared_item.VERSION} has one kind",
    f"| {AT[0]} | {HEAD_FIELDS[0]} | magic | `{container_head.MAGIC[:-1].decode()}` 0x{container_head.MAGIC[-1]:02X} |",
    f"| {AT[1]} | {HEAD_FIELDS[1]} | version | {container_head.VERSION} |",
    (
        f"| {AT[2]} | {HEAD_FIELDS[2]} | kind | {KINDS.SUBMISSION} submission, {KINDS.ACT} act, {KINDS.REPLY} reply,"
        f" {KINDS.SEALED} sealed by its source |"
    ),
    f"| {AT[3]} | {container_head.ID_BYTES} | id |",
    f"| {AT[4]} | {container_head.DIGEST_BYTES} | manifest_sha256 |",
    (
        f"| {AT[5]} | {HEAD_FIELDS[5]} | manifest_version | the highest version that the server had seen, 1 to"
        f" {power(2**32 - 1)} |"
    ),
    f"| {AT[6]} | {HEAD_FIELDS[6]} | week_year | ISO year of the intake keys, {YEARS} |",
    f"| {AT[7]} | {HEAD_FIELDS[7]} | week_number |",
    f"| {AT[8]} | {HEAD_FIELDS[8]} | day_year | UTC day on which it was begun, {YEARS} |",
    f"| {AT[9]} | {HEAD_FIELDS[9]} | day_month | 1 to 12 |",
    f"| {AT[10]} | {HEAD_FIELDS[10]} | day_day |",
    f"{container_head.HEAD_BYTES} bytes. In the kinds",
    f"A version above {container_head.VERSION} is **newer**; every",
    (
        f"| `F` 0x{container_head.FIELD[0]:02X} | form field | name_bytes (1; from 1 to {NAME}), value_bytes (4; to"
        f" {VALUE})"
    ),
    f"| `B` 0x{container_head.FILE_BEGIN[0]:02X} | file begin | name_bytes (2; to {FILE_NAME}), type_bytes (1)",
    f"| `D` 0x{container_head.DATA[0]:02X} | data | data_bytes (4; from 1 to {DATA})",
    f"| `E` 0x{container_head.FILE_END[0]:02X} | file end | length (8), SHA-256 (32)",
    (
        f"| `Z` 0x{container_head.END[0]:02X} | end | fields (4), files (4), content_bytes (8), has_mailbox (1; 0 or 1),"
        f" and if 1 the mailbox id ({mailbox.MAILBOX_ID_BYTES}) and the source public key ({_hybrid.PUBLIC_KEY_BYTES})"
    ),
    f"has exactly {DATA} bytes",
    f"- At most {FIELDS} fields and {FILES} files.",
    f"its id in {2 * container_head.ID_BYTES} hex digits",
    f"in {2 * ADDRESS:,} hex digits",
    (
        f"Steps: {FIRST[0]}, {FIRST[1]}, {FIRST[2]}, {FIRST[3]} KiB, 1 MiB, then eight steps for each doubling (1 MiB +"
        f" {EIGHTH // KIB} KiB, 1 MiB + {2 * EIGHTH // KIB} KiB, …, 2 MiB, 2 MiB + {NEXT_EIGHTH // KIB} KiB, …)."
    ),
    f"Below 1 MiB up to 100 % are added, above at most {100 * EIGHTH / MIB} %.",
    f"multiples of {size_classes.STEP_BYTES // KIB} KiB",
    (
        f"is {submission.SMALLEST_BYTES:,} bytes: {HEADER:,} of header, {age_stream.NONCE_BYTES} of nonce,"
        f" {size_classes.STEP_BYTES + AEAD_TAG_BYTES:,} of the one chunk"
    ),
    f"up to about {LARGEST_TEXT // KIB} KB has this length",
    "BCP 47 tag",
    "`age-encryption.org/v1`",
    f"at most {sealed_upload.HEADER_BYTES:,} bytes, 1 to {issued_keys.KEYS} stanzas",
    f"begins with the whole magic; a version above {container_head.VERSION} is **newer**",
    f"lengths of a submission: {submission.SMALLEST_BYTES:,} bytes",
    (
        f"At most {FIELDS} fields and {FILES} files. A field's name has 1 to {NAME} bytes and its value at most {VALUE}, a"
        f" file's name at most {FILE_NAME}, its type at most {TYPE}."
    ),
    "the 8 bytes in which a length is written",
    f"one data frame of {container_head.DATA_BYTES // KIB} KiB",
    f"The byte at {AT[1]}. A version above {container_head.VERSION} is **newer** before",
)
assert container_head.TOTALS.size == 4 + 4 + 8 + 1
assert age_header.FILE_KEY_BYTES == AEAD_TAG_BYTES
