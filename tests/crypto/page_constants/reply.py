"""Values of ``docs/formats/reply.md``."""

from crypto.age import age_stream
from crypto.passphrases import mailbox
from crypto.primitives._sodium import AEAD_TAG_BYTES
from crypto.submissions import reply
from crypto.submissions.container_head import ID_BYTES
from crypto.submissions.size_classes import padded_length
from reviewer.casebook import replies
from tests.crypto.page_constants.reading import Said
from tipline.bundles.retention import REPLY_DAYS

HEADER_BYTES = reply.ENVELOPE_BYTES - age_stream.NONCE_BYTES - age_stream.CHUNK_BYTES - AEAD_TAG_BYTES
SALT_AT, TAG_AT = ID_BYTES, ID_BYTES + mailbox.REPLY_SALT_BYTES

SAID: Said = (
    f"| 0 | {ID_BYTES} | reply_id |",
    f"| {SALT_AT} | {mailbox.REPLY_SALT_BYTES} | salt |",
    (
        f"| {TAG_AT} | {mailbox.REPLY_TAG_BYTES} | tag | BLAKE2b-256 over the salt, keyed by the"
        f" {mailbox.MAILBOX_ID_BYTES}-byte mailbox id |"
    ),
    (
        f"| {TAG_AT + mailbox.REPLY_TAG_BYTES} | {reply.ENVELOPE_BYTES:,} | envelope | {HEADER_BYTES:,} of header,"
        f" {age_stream.NONCE_BYTES} of nonce, {age_stream.CHUNK_BYTES + AEAD_TAG_BYTES:,} of one chunk |"
    ),
    f"{reply.ROW_BYTES:,} bytes, always",
    f"a container of {padded_length(1):,} bytes",
    f"| `number` | 1 to {reply.HIGHEST_NUMBER:,} in ASCII digits",
    f"| `text` | at most {reply.TEXT_BYTES:,} bytes of UTF-8",
    f"has not {reply.ENVELOPE_BYTES:,} bytes",
    "counts them, from 1.",
    f"at least {replies._NUMBERS_LEFT_OUT:,} above",
    "reply with the number 1 and an empty text",
    (
        f"A row has {reply.ROW_BYTES:,} bytes, a text at most {reply.TEXT_BYTES:,}, a number at most"
        f" {reply.HIGHEST_NUMBER:,}."
    ),
    f"keep a row for {REPLY_DAYS} days",
    "shown before 5.",
)
