"""Values of ``docs/formats/shared.md``."""

from crypto.bundles import bundle_statement
from crypto.sharing import carried_item, operation, shared_file, shared_item, text_place
from crypto.sharing.text_place import SharedPlace
from reviewer.casebook import (
    consents,
    entity_proposals,
    findings,
    link_operations,
    operation_counters,
    proposals,
    shared_cases,
    shared_marks,
)
from reviewer.linking import tip_reading
from reviewer.sharing import consent_appliers, link_appliers
from tests.crypto.page_constants.bundle import magic
from tests.crypto.page_constants.reading import Said, power

MAGIC, KEY, SIGNATURE = shared_item.MAGIC, shared_item.KEY_BYTES, operation.SIGNATURE_BYTES
KIND_AT = len(MAGIC) + 1
SENDER_AT = len(shared_item.BEGINNING)
SIGNATURE_AT = SENDER_AT + KEY
LENGTH_AT = SIGNATURE_AT + SIGNATURE
INSIDE, ENVELOPE = f"{shared_item.INSIDE_BYTES:,}", f"{shared_item.ENVELOPE_BYTES:,}"
DOCUMENT, PLACE = f"{shared_item.DOCUMENT_BYTES:,}", power(operation.LARGEST_PLACE)
OPERATIONS, ERASED, HEARD = (
    f"{shared_item.MOST_OPERATIONS:,}",
    f"{shared_item.MOST_ERASED:,}",
    shared_item.MOST_HEARD,
)
OPERATION = f"{operation.LONGEST_BYTES:,}"
PAYLOAD = f"{carried_item.PAYLOAD_BYTES:,}"
NAME = operation.LONGEST_NAME
TEXTS = operation.MOST_TEXTS
SEEN = TEXTS * shared_marks._IDS_OF_A_TEXT
COUNTER = power(operation.LARGEST_NUMBER)


def label(raw: bytes) -> str:
    return f"`{raw[:-1].decode()}` 0x{raw[-1]:02X}"


SAID: Said = (
    f"It has {ENVELOPE} bytes, the length of a",
    f"padded to {shared_item.INSIDE_BYTES // 1024} KiB",
    f"Inside are {INSIDE} bytes",
    f"| 0 | {len(MAGIC)} | magic | {magic(MAGIC)} |",
    f"| {len(MAGIC)} | 1 | version | {shared_item.VERSION}, that of a container; a higher one is **newer** |",
    f"| {KIND_AT} | 1 | kind | {shared_item.KIND}; in version {shared_item.VERSION} another one is **newer** |",
    f"| {SENDER_AT} | {KEY} | sender |",
    f"| {SIGNATURE_AT} | {SIGNATURE} | signature |",
    f"{label(shared_item.LABEL)} ‖ document |",
    f"| {LENGTH_AT} | {shared_item.LENGTH_BYTES} | document_bytes | at most {DOCUMENT} |",
    f"| {shared_item.HEAD_BYTES} | | document | canonical JSON |",
    "A container of version 1 begins otherwise",
    "knows version 1 only",
    f"at most {DOCUMENT} bytes.",
    f"`{shared_item.FORMAT}`, {shared_item.FORMAT_VERSION} |",
    f"| `run` | {operation.RUN_BYTES} random bytes",
    f"| `number` | 1 to {PLACE}: counts the items",
    f"| to {HEARD} of `[author, run, through, highest]`",
    "`highest` is at least `through` + 2 |",
    f"| to {ERASED} of `[run, number, SHA-256]`",
    f"| to {OPERATIONS} of `[operation, signature]`",
    f"{label(operation.LABEL)} ‖ operation",
    f"At most {OPERATION} bytes.",
    f"{operation.RUN_BYTES} bytes in hex digits, 1 to {PLACE} without gaps |",
    f"| counter | 1 to {COUNTER}:",
    f"| kind | 1 to {NAME} of `a`–`z`",
    f"at most {operation.MOST_PARTS} parts:",
    f"at most {operation.MOST_TEXTS} texts |",
    f"| replaces | to {operation.MOST_REPLACED} SHA-256 of other operations",
    "of the tip's container, counted from 0 |",
    "| `quarantine` | `sha256` |",
    f"`proposal` is {proposals.UUID_BYTES} random bytes in hex digits",
    f"with at most {proposals._REASON_LETTERS} letters |",
    f"is its id, {shared_cases.CASE_ID_BYTES} random bytes in hex digits",
    f"first {shared_marks._SHOWN_DIGITS} hex digits of each of its newest tips, at most {SEEN:,},",
    f"of one text and at most {shared_marks._IDS_OF_A_TEXT} in a text",
    f"the SHA-256 of the newest `answer` of others to this mailbox that the author knew, at most {TEXTS}:",
    f"by the first {link_operations._ID_BYTES} bytes of SHA-256({label(link_operations._ID_LABEL)} ‖ author",
    f"from 0 by the counters that the reader holds in steps of at most {operation_counters.LARGEST_STEP:,}",
    "written as `2026-Q3`",
    f"kept under a run of {operation.RUN_BYTES} zero bytes",
    f"SHA-256({label(shared_marks._OWNER_LABEL)} ‖ thread",
    f"week_number (1) ‖ manifest_sha256 ({carried_item.MANIFEST_SHA256_BYTES}) ‖ envelope | {PAYLOAD} |",
    "week_year (2) ‖",
    f"| `submission`: the envelope | {ENVELOPE} |",
    f"| 0 | {len(shared_file.MAGIC)} | magic | {magic(shared_file.MAGIC)} |",
    f"| {len(shared_file.MAGIC)} | 1 | version | {shared_file.VERSION}; a higher one is **newer** |",
    f"| {len(shared_file.MAGIC) + 1} | {ENVELOPE} each | envelopes | 1 to {shared_file.MOST_ITEMS},",
    f"magic; version and kind; {INSIDE} bytes;",
    f"{INSIDE} bytes inside, {OPERATIONS} operations, {ERASED} erased, {HEARD} heard.",
    f"An operation has at most {OPERATION} bytes",
    f"The bytes at {len(MAGIC)} and {KIND_AT} inside, the byte at {len(shared_file.MAGIC)} of a file",
    f"| `{SharedPlace('field', None, 0, 12, 15)}` |",
    "of the text of field 0, 15 letters from letter 12 on",
    "count from 0 in Unicode code points",
    f"numbers are below {power(text_place.LARGEST + 1)} |",
    f"| `{SharedPlace('file', None, 2, 0, 7)}` |",
    "the same of the name of file 2",
    f"| `{SharedPlace('inside-field', 1, 0, 12, 15)}`, `{SharedPlace('inside-file', 1, 0, 0, 7)}` |",
    "the sealed file that is file 1",
    "what file 2 shows, as a whole",
    f"| `{SharedPlace('picture', None, 2, 0, 1)}`, `{SharedPlace('inside-picture', 1, 0, 0, 1)}` |",
    f"| `{SharedPlace('picture', None, 2, tip_reading.POSITION_AT, 1)}`, `{SharedPlace('inside-picture', 1, 0, tip_reading.POSITION_AT, 1)}` | where file 2 says",
    f"`consent` and `referral` are {consents.CONSENT_ID_BYTES} random bytes",
    f"in the words of staff, at most {link_appliers.NAME_LETTERS} letters",
    f"`receiver` at most {consent_appliers.RECEIVER_LETTERS}, `purpose` at most {link_appliers.REASON_LETTERS}.",
    f"`undo` are {link_operations._ID_BYTES} random bytes in hex digits",
    "A short name such as E-12",
    f"`kind` is 1 to {NAME} of `a`–`z` and hyphens",
    f"`reader` is the version of the readers that found it, {findings.BY_HAND} where a person did",
    f"`passages` are at most {entity_proposals.MOST_PASSAGES} texts",
    f"has format version {bundle_statement.LATER_FORMAT_VERSION}",
)
