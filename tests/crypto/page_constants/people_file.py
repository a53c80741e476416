"""Values of ``docs/formats/people-file.md``."""

from crypto.keys.keys import HybridSecretKey
from crypto.passphrases import people_file, people_roster
from crypto.primitives import _hybrid, _sodium
from tests.crypto.page_constants.reading import Said

MAGIC = len(people_file._MAGIC)
HEADER = people_file._HEADER.size
PLACES, NAME = people_roster.PLACES, people_roster.NAME_BYTES
LOCKS, WRAPS, ROSTER = people_file._LOCKS_AT, people_file._WRAPS_AT, people_file._ROSTER_AT
LOCK, WRAP, WRAPPED = people_file._LOCK_BYTES, people_file._WRAP_BYTES, people_file._WRAPPED_BYTES
SALT, FILE = people_file._SALT_BYTES, people_file.FILE_BYTES
INSIDE, ROW, FORMER = people_roster._LENGTH_BYTES, people_roster._ROW_BYTES, people_roster._FORMER_BYTES
NONCE, TAG, SEED = _sodium.SECRETBOX_NONCE_BYTES, _sodium.AEAD_TAG_BYTES, _hybrid.SEED_BYTES
READER, MEMBER = (int(role) for role in people_roster.Role)
PUBLIC = len(HybridSecretKey(bytes(32)).public_key().to_bytes())

SAID: Said = (
    f"| 0 | {MAGIC} | `{people_file._MAGIC.decode().strip()}` and a line feed |",
    f"| {MAGIC} | 1 | version, {people_file._VERSION} |",
    f"| {MAGIC + 1} | 4 | Argon2id memory in KiB, big-endian |",
    f"| {MAGIC + 5} | 4 | Argon2id passes |",
    f"| {MAGIC + 9} | 4 | Argon2id lanes |",
    f"| {MAGIC + HEADER} | {SALT} | salt, random |",
    f"| {LOCKS} | {WRAPS - LOCKS} | locks: {PLACES} of {LOCK} bytes |",
    f"| {WRAPS} | {ROSTER - WRAPS} | wraps: {PLACES} of {WRAP} bytes |",
    f"| {ROSTER} | {FILE - ROSTER} | the sealed roster |",
    "`people.keys`",
    f"{FILE:,} bytes in all",
    f"There are {PLACES} places",
    "counted from 0",
    f"{NONCE} bytes of nonce, {TAG} of tag, {SEED} of seed",
    f"{LOCK} random bytes",
    f"{_hybrid.ENCAPSULATION_BYTES} bytes of encapsulation, then {WRAP - _hybrid.ENCAPSULATION_BYTES} bytes",
    f"Inside are {WRAPPED} bytes",
    f"| 0 | 1 | role: {READER} a reader, {MEMBER} a member |",
    f"| 1 | {SEED} | of a reader the home key, of a member its own key |",
    f"| {1 + SEED} | {SEED} | of a reader zeros, of a member the key of the members' store |",
    (f"| {1 + 2 * SEED} | {1 + NAME} | name: its length in bytes, 1 to {NAME}, then UTF-8, then zeros |"),
    f"a wrap of {WRAPPED} zeros",
    f"of {INSIDE:,} bytes, {NONCE} bytes of nonce and {TAG} of tag in front",
    f"`tipline/v1/rest/{people_roster._LABEL}`",
    "| 0 | 1 | 1 while keys are being replaced, else 0 |",
    (
        f"| 1 | {FORMER} | then the former home key and the former keys `casebook` and `beginnings` of the"
        " [keyring]; else zeros |"
    ),
    f"| {1 + FORMER} | {PLACES * ROW} | {PLACES} rows of {ROW} bytes, by place |",
    f"the role (1 byte, 0 without a person), the name ({1 + NAME} bytes) and the public key ({PUBLIC} bytes)",
    f"| home key | {SEED} random bytes |",
    "info `tipline/v1/rest/member n`",
    "info `tipline/v1/rest/store of members`",
    f"info `tipline/v1/rest/{people_roster._LABEL}`",
    "`casebook` and `beginnings`",
    "| magic; version not 0 |",
    f"version not above {people_file._VERSION} |",
    f"| the length, {FILE:,} bytes |",
    f"any of {PLACES} is",
    f"The byte at {MAGIC}.",
)
